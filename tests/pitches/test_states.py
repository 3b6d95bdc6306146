"""The states of a pitch: one table, walked at random; anything it does not give is refused, and each letter is written once."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.mail.models import Letter
from blender_event.pitches import actions, actions_decisions, actions_drafts, rules
from blender_event.pitches.models import STATES
from tests import factories as make

# As PRODUCT §5 says it, written out a second time on purpose.
GIVEN = {
    ("draft", "submitted", "author"),
    ("draft", "submitted", "organiser"),
    ("submitted", "accepted", "organiser"),
    ("submitted", "waitlisted", "organiser"),
    ("submitted", "declined", "organiser"),
    ("waitlisted", "accepted", "organiser"),
    ("waitlisted", "declined", "organiser"),
    ("accepted", "confirmed", "speaker"),
    *((state, "withdrawn", "author") for state in ("draft", "submitted", "waitlisted", "accepted", "confirmed")),
    *((state, "cancelled", "organiser") for state in ("draft", "submitted", "waitlisted", "accepted", "confirmed")),
}


@pytest.mark.once
def test_the_table_gives_these_steps_and_no_others():
    assert {(one.frm, one.to, one.who) for one in rules.TRANSITIONS} == GIVEN
    assert len(rules.TRANSITIONS) == 18


@pytest.mark.parametrize("who", rules.WHO)
def test_every_step_that_is_not_in_the_table_is_refused(app, who):
    pitch = make.a_pitch()
    for frm in STATES:
        for to in STATES:
            if (frm, to, who) in GIVEN or frm == to:
                continue
            pitch.status = frm
            db.session.commit()
            with pytest.raises(RuleBroken):
                actions.step(pitch, to, who=who, now=clock.now())
            db.session.rollback()
            assert pitch.status == frm


def test_repeating_a_done_step_is_a_success_without_effect(app):
    pitch = make.a_pitch(status="draft")
    first = actions.step(pitch, "submitted", who="author", now=clock.now())
    sent_at = pitch.submitted_at
    again = actions.step(pitch, "submitted", who="author", now=clock.now() + timedelta(hours=1))

    assert (first, again) == (True, False)
    assert pitch.submitted_at == sent_at


def test_a_pitch_is_sent_in_until_the_call_closes_or_its_own_extension_ends(app):
    now = clock.now()
    call = make.a_call(closes_at=now)
    late, longer = make.a_pitch(call=call, status="draft"), make.a_pitch(call=call, status="draft")
    longer.extended_until = now + timedelta(minutes=1)
    db.session.commit()

    with pytest.raises(RuleBroken, match="afgesloten"):
        actions.step(late, "submitted", who="author", now=now)
    assert actions.step(late, "submitted", who="author", now=now - timedelta(seconds=1))
    assert actions.step(longer, "submitted", who="author", now=now)


def test_an_extension_ends_at_its_moment(app):
    now = clock.now()
    pitch = make.a_pitch(call=make.a_call(is_open=False), status="draft", extended_until=now)

    with pytest.raises(RuleBroken, match="afgesloten"):
        actions.step(pitch, "submitted", who="author", now=now)


def test_nothing_is_told_that_was_not_decided(app):
    pitch = make.a_pitch()

    with pytest.raises(RuleBroken, match="nog niet beslist"):
        actions.step(pitch, "accepted", who="organiser", now=clock.now())


def test_withdrawing_ends_a_decision_that_was_not_told(app):
    pitch = make.a_pitch(pending="accepted")
    actions.step(pitch, "withdrawn", who="author", now=clock.now())

    assert pitch.pending is None


# What somebody may try, in any order. Each answers whether something happened.
def _decide(pitch, decision, ada):
    return actions_decisions.decide(
        pitch, decision=decision, note="", seen=actions_decisions.seen_of(pitch), by=ada, now=clock.now()
    )


def _tell(pitch, ada):
    return actions_decisions.tell(pitch.edition, actions_decisions.seals([pitch]), by=ada, now=clock.now())


def _send_in(pitch):
    for name in ("inclusion_access", "inclusion_support", "inclusion_learning", "accessibility", "privacy"):
        setattr(pitch, name, "Ja.")
    return actions_drafts.send_in(pitch.authors[0], now=clock.now())


ACTS = {
    "send in": lambda pitch, ada: _send_in(pitch),
    "withdraw": lambda pitch, ada: actions_drafts.withdraw(pitch.authors[0], now=clock.now()),
    "accept": lambda pitch, ada: _decide(pitch, "accepted", ada),
    "reserve": lambda pitch, ada: _decide(pitch, "waitlisted", ada),
    "decline": lambda pitch, ada: _decide(pitch, "declined", ada),
    "think again": lambda pitch, ada: _decide(pitch, None, ada),
    "tell": _tell,
    "cancel": lambda pitch, ada: actions_decisions.cancel(pitch, note="", with_session=False, by=ada, now=clock.now()),
    "confirm": lambda pitch, ada: actions.step(pitch, "confirmed", who="speaker", now=clock.now()),
}
LETTER_OF = {(one.frm, one.to): one.letter for one in rules.TRANSITIONS}


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.sampled_from(sorted(ACTS)), min_size=1, max_size=14))
def test_random_walks_stay_in_the_table_and_write_each_letter_once(app, ada, walk):
    pitch = make.a_pitch(status="draft", author=("Noor Klein", None))
    written, went = Counter(), []
    for act in walk:
        before = pitch.status
        try:
            ACTS[act](pitch, ada)
            db.session.commit()
        except (RuleBroken, Conflict):
            db.session.rollback()
        if pitch.status != before:
            went.append((before, pitch.status))
            if LETTER_OF[before, pitch.status]:
                written[LETTER_OF[before, pitch.status]] += 1
        assert pitch.pending is None or pitch.status in ("submitted", "waitlisted")

    assert all(step in {(frm, to) for frm, to, _who in GIVEN} for step in went)
    assert len(set(went)) == len(went)
    kinds = Counter(letter.kind for letter in db.session.query(Letter).filter_by(about=f"pitches:{pitch.id}"))
    if ("draft", "cancelled") in went:  # nobody was told of a draft: there is nothing to take back
        written.pop("pitch_cancelled")
    assert kinds == written
