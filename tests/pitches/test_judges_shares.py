"""Sharing pitches among judges: nobody judges their own, and no other sharing would be more even."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from blender_event.pitches.shares import Juror, Work, by_theme, evenly, may_judge

pytestmark = pytest.mark.once

NUMBERS = some.integers(1, 4)
FEW = some.frozensets(NUMBERS, max_size=2)
THEMES = some.frozensets(some.sampled_from(["privacy", "trust"]), max_size=2)


@some.composite
def juries(draw, most=4):
    pitches = list(range(1, draw(some.integers(0, most)) + 1))
    judges = list(range(11, 11 + draw(some.integers(0, 4))))
    jurors = [Juror(one, draw(THEMES), draw(FEW), draw(FEW)) for one in judges]
    holders = some.frozensets(some.sampled_from(judges), max_size=2) if judges else some.just(frozenset())
    works = [Work(one, draw(THEMES), draw(holders), draw(holders)) for one in pitches]
    return works, jurors, draw(some.integers(1, 3)), {one: draw(some.integers(0, 3)) for one in judges}


def loads_of(pairs, load):
    return {judge: load[judge] + sum(given == judge for _pitch, given in pairs) for judge in load}


def roughness(loads):
    return sum(number * number for number in loads.values())


def every_sharing(works, jurors, each):
    """All ways to share that keep the rules: the same organisation only where others are too few."""
    ways = []
    for work in works:
        fitting = [one for one in jurors if one.id not in work.has and may_judge(one, work)]
        far = [one.id for one in fitting if work.id not in one.near]
        near = [one.id for one in fitting if work.id in one.near]
        number = max(each - len(work.has), 0)
        if len(far) >= number:
            ways.append([[(work.id, one) for one in some_] for some_ in itertools.combinations(far, number)])
        else:
            rest = min(number - len(far), len(near))
            ways.append([[(work.id, one) for one in (*far, *some_)] for some_ in itertools.combinations(near, rest)])
    for choice in itertools.product(*ways):
        yield [pair for pairs in choice for pair in pairs]


@settings(max_examples=300, deadline=None)
@given(juries())
def test_nobody_gets_their_own_pitch_another_theme_or_the_same_twice(jury):
    works, jurors, each, load = jury
    known, pitches = {one.id: one for one in jurors}, {one.id: one for one in works}
    for plan in (evenly(works, jurors, each=each, load=load), by_theme(works, jurors)):
        assert len(set(plan.pairs)) == len(plan.pairs)
        for pitch, judge in plan.pairs:
            assert may_judge(known[judge], pitches[pitch])
            assert judge not in pitches[pitch].has | pitches[pitch].refused
            assert pitch not in known[judge].own


@settings(max_examples=300, deadline=None)
@given(juries())
def test_each_pitch_gets_as_many_judges_as_there_are_and_says_what_it_lacks(jury):
    works, jurors, each, load = jury
    plan = evenly(works, jurors, each=each, load=load)
    for work in works:
        able = [one for one in jurors if one.id not in work.has and may_judge(one, work)]
        wanted = max(each - len(work.has), 0)
        got = len(plan.gives.get(work.id, []))
        assert got == min(wanted, len(able))
        assert plan.short.get(work.id, 0) == wanted - got


@settings(max_examples=200, deadline=None)
@given(juries(most=3))
def test_no_other_sharing_would_be_more_even(jury):
    works, jurors, each, load = jury
    ours = loads_of(evenly(works, jurors, each=each, load=load).pairs, load)
    others = [loads_of(pairs, load) for pairs in every_sharing(works, jurors, each)]
    assert roughness(ours) == min(map(roughness, others))
    if any(loads and max(loads.values()) - min(loads.values()) <= 1 for loads in others):
        assert max(ours.values()) - min(ours.values()) <= 1


@settings(max_examples=200, deadline=None)
@given(juries())
def test_the_same_organisation_is_taken_only_where_others_are_too_few(jury):
    works, jurors, each, load = jury
    plan = evenly(works, jurors, each=each, load=load)
    near = {one.id: one.near for one in jurors}
    for pitch, _judge in plan.near:
        work = next(one for one in works if one.id == pitch)
        far = {
            one.id for one in jurors if one.id not in work.has and may_judge(one, work) and pitch not in near[one.id]
        }
        assert far <= set(plan.gives[pitch])
    for pitch, judge in by_theme(works, jurors).pairs:
        assert pitch not in near[judge]


def test_thirty_pitches_over_seven_judges_differ_by_one():
    plan = evenly([Work(number) for number in range(30)], [Juror(judge) for judge in range(100, 107)], each=2, load={})

    assert sorted(plan.load().values()) == [8, 8, 8, 9, 9, 9, 9]


def test_a_judge_with_one_theme_gets_room_for_it():
    """Greedy sharing would fill the specialist last; an exchange over a third judge evens it out."""
    works = [Work(1, frozenset({"privacy"})), Work(2, frozenset({"privacy"})), Work(3), Work(4)]
    jurors = [Juror(11, frozenset({"privacy"})), Juror(12), Juror(13)]

    plan = evenly(works, jurors, each=1, load={})

    assert sorted(plan.load().values()) == [1, 1, 2]


def test_by_theme_a_pitch_nobody_asked_for_is_named():
    plan = by_theme(
        [Work(1, frozenset({"trust"})), Work(2, frozenset({"ethics"}))], [Juror(11, frozenset({"trust"})), Juror(12)]
    )

    assert plan.gives == {1: [11]}
    assert plan.short == {2: 1}


def test_half_a_thousand_pitches_are_shared_in_a_moment():
    works = [Work(number, frozenset({("privacy", "trust", "privacy")[number % 3]})) for number in range(500)]
    jurors = [Juror(1000 + one, frozenset({"privacy"}) if one % 2 else frozenset()) for one in range(30)]

    plan = evenly(works, jurors, each=3, load={})

    loads = plan.load().values()
    assert sum(loads) == 1500
    assert max(loads) - min(loads) <= 1
