"""What organisers do with a jury: invite, share the pitches out by theme, evenly or by hand, remind, and let go."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import Problem, RuleBroken
from blender_event.core.text import _
from blender_event.people import actions as people
from blender_event.people import queries as people_queries
from blender_event.people import rules as people_rules
from blender_event.people.models import Person
from blender_event.pitches import notices_judging as notices
from blender_event.pitches import queries_judges as queries
from blender_event.pitches import rules_judging as rules
from blender_event.pitches import shares
from blender_event.pitches.models import Call
from blender_event.pitches.models_judging import Assignment, Judge
from blender_event.programme import queries as programme_queries

Pair = tuple[int, int]  # (pitch, person)


def add_judge(
    call: Call, *, email: str, name: str, language: str, themes: Sequence[str], by: Person, now: datetime
) -> Judge:
    """Ask somebody to judge a call, and mail them. Raises `RuleBroken` when they do already.

    Who has no access yet gets the role of reviewer in this edition; an organiser needs none.
    """
    programme_queries.lock(call.edition)
    person = people_queries.person_for(email, name, language)
    if queries.judge_named(call, person) is not None:
        raise RuleBroken(Problem(_("This person judges this call already."), "email"))
    if not people_rules.may_review(person.roles, call.edition_id):
        people.admit(person, edition=call.edition, kind="reviewer", by=by)
    judge = Judge(
        edition_id=call.edition_id, call=call, person=person, themes=list(themes), invited_at=now, reminded_at=None
    )
    db.session.add(judge)
    audit.note("judge added", judge, by=by, new={"themes": list(themes)})
    _tell(call, [person.id], now=now)
    return judge


def invite_again(judge: Judge, *, by: Person, now: datetime) -> None:
    """Mail what is asked once more, with a fresh link; who lost access gets it back."""
    call = judge.call
    programme_queries.lock(call.edition)
    if not people_rules.may_review(judge.person.roles, call.edition_id):
        people.admit(judge.person, edition=call.edition, kind="reviewer", by=by)
    _tell(call, [judge.person_id], now=now)
    audit.note("invited again", judge, by=by)


def change_themes(judge: Judge, themes: Sequence[str], *, by: Person) -> None:
    """What this judge knows about. What they have already stays theirs."""
    if list(themes) == judge.themes:
        return
    old, judge.themes = judge.themes, list(themes)
    audit.note("judge changed", judge, by=by, old={"themes": old}, new={"themes": list(themes)})


def remove_judge(judge: Judge, *, by: Person) -> None:
    """Ask nothing more of somebody. What they wrote stays; what they did not write is nobody's again.

    They lose the role of reviewer with their last call of the edition.
    """
    programme_queries.lock(judge.call.edition)
    for assignment in queries.open_assignments(judge):
        db.session.delete(assignment)
    notices.withdrawn(judge)
    audit.note("judge removed", judge, by=by, old={"person": judge.person_id, "themes": judge.themes})
    role = people_queries.role_of(judge.person, "reviewer", judge.edition_id)
    if role is not None and not queries.seats_elsewhere(judge):
        people.withdraw(role, by=by)
    db.session.delete(judge)
    db.session.flush()


def plan(call: Call, way: str, each: int) -> shares.Plan:
    """What sharing by theme (`theme`) or evenly (`evenly`, up to `each` judges a pitch) would add now."""
    jury = queries.seats(call)
    works, jurors = queries.works(call), queries.jurors(call, jury)
    if way == "theme":
        return shares.by_theme(works, jurors)
    return shares.evenly(works, jurors, each=each, load={one.judge.person_id: one.given for one in jury})


def seal(pairs: Iterable[Pair]) -> str:
    """A plan as one word, so that what is written is what was seen."""
    return hashlib.sha256(repr(sorted(pairs)).encode()).hexdigest()[:32]


def share(call: Call, way: str, each: int, *, seen: str, by: Person, now: datetime) -> int:
    """Give what the plan says. Raises `RuleBroken` when it is no longer the plan that was seen. Returns how many."""
    programme_queries.lock(call.edition)
    pairs = plan(call, way, each).pairs
    if seal(pairs) != seen:
        raise RuleBroken(Problem(_("The pitches or the judges changed after you looked. Check it once more.")))
    return _give(call, pairs, way, by=by, now=now)


def change_by_hand(call: Call, *, give: Iterable[Pair], take: Iterable[Pair], by: Person, now: datetime) -> Pair:
    """Give and take single pitches. Returns how many were given and taken; what is so already counts as nothing.

    A pitch with a review is not taken from who wrote it, and nobody gets their own. Raises `RuleBroken` then.
    """
    programme_queries.lock(call.edition)
    give, take = set(give), set(take)
    jurors = {one.id: one for one in queries.jurors(call, queries.seats(call))}
    works = {work.id for work in queries.works(call)}
    give = {(pitch, person) for pitch, person in give if pitch in works and person in jurors}
    if any(pitch in jurors[person].own for pitch, person in give):
        raise RuleBroken(Problem(_("Nobody judges a pitch they sent in themselves.")))
    open_ones = {
        (row.pitch_id, row.person_id): row
        for person in {person for _pitch, person in take}
        for row in queries.open_assignments_of(call, person)
    }
    taken = [open_ones[pair] for pair in take if pair in open_ones]
    for assignment in taken:
        db.session.delete(assignment)
    if taken:
        audit.note("pitches taken from judges", call, by=by, new={"amount": len(taken)})
    return _give(call, sorted(give), "hand", by=by, now=now), len(taken)


def _give(call: Call, pairs: Sequence[Pair], way: str, *, by: Person, now: datetime) -> int:
    """Write the assignments that are not there yet, and tell each judge concerned once."""
    there = {(row.pitch_id, row.person_id) for row in queries.assignments(call, pairs)} if pairs else set()
    fresh = [pair for pair in pairs if pair not in there]
    for pitch, person in fresh:
        db.session.add(Assignment(pitch_id=pitch, person_id=person, made_by=way, assigned_at=now))
    if fresh:
        audit.note("pitches given to judges", call, by=by, new={"amount": len(fresh)})
        _tell(call, {person for _pitch, person in fresh}, now=now)
    return len(fresh)


def _tell(call: Call, people_ids: Iterable[int], *, now: datetime) -> None:
    """What is asked of these judges now, all letters of one judge in one."""
    db.session.flush()
    wanted = set(people_ids)
    for one in queries.seats(call):
        if one.judge.person_id in wanted:
            notices.asked(one.judge, waiting=one.open, now=now)


def to_remind(call: Call, now: datetime) -> list[queries.Seat]:
    """The judges a reminder would reach now: with work waiting, an address, access, and none in the last three days."""
    if rules.is_closed(call, now):
        return []
    long_ago = now - timedelta(days=rules.REMIND_AFTER_DAYS)
    return [
        one
        for one in queries.seats(call)
        if one.open
        and one.enters
        and one.person.email
        and (one.judge.reminded_at is None or one.judge.reminded_at <= long_ago)
    ]


def remind(call: Call, *, by: Person, now: datetime) -> int:
    """Remind whoever has work waiting, each once in three days however often this is asked. Returns how many."""
    programme_queries.lock(call.edition)
    db.session.expire_all()
    found = to_remind(call, now)
    for one in found:
        one.judge.reminded_at = now
        notices.reminded(one.judge, waiting=one.open, now=now)
    if found:
        audit.note("judges reminded", call, by=by, new={"amount": len(found)})
    return len(found)
