"""Pitches, judgements, interest and what speakers need are kept as long as promised and no longer; a rehearsal removes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from blender_event import check, forgetting
from blender_event.audit.models import AuditEntry
from blender_event.core import storage
from blender_event.core.database import db
from blender_event.pitches.models import STATES, Author, Interest, Pitch, PitchFile
from blender_event.pitches.models_judging import Assignment, Judge, Remark, Review
from blender_event.programme.models_materials import SpeakerNeeds
from tests import factories as make

DAY_AFTER_A_YEAR = datetime(2027, 9, 25, 12, 0, tzinfo=UTC)  # a year and a day after 24 September 2026
NIGHT_BEFORE = datetime(2027, 9, 24, 21, 59, tzinfo=UTC)  # 23.59 in Brussels: the last minute


def everything():
    call = make.a_call()
    reviewer = make.a_reviewer(call=call)
    for state in STATES:
        pitch = make.a_pitch(f"Idee {state}", call, status=state)
        make.a_pitch_file(pitch, data=f"%PDF-1.4 {state}".encode())
        make.an_assignment(pitch, reviewer)
        make.a_review(pitch, reviewer)
        make.a_remark(pitch, reviewer)
        make.an_interest(pitch)


def counted(*rows):
    return {row.__tablename__: db.session.query(row).count() for row in rows}


HANGS_ON = (Author, PitchFile, Assignment, Review, Remark, Interest)


def test_pitches_not_chosen_go_after_twelve_months_with_all_that_hangs_on_them(app, time_stands_still):
    everything()
    time_stands_still.move_to(NIGHT_BEFORE)
    assert forgetting.forget() == []

    time_stands_still.move_to(DAY_AFTER_A_YEAR)
    gone = {one.what: (one.amount, len(one.keys), one.edition) for one in forgetting.forget()}

    assert gone == {
        "interest": (8, 0, "2027"),
        "pitches that were not chosen": (6, 6, "2027"),
        "reviews and remarks": (4, 0, "2027"),
        "attachments": (2, 2, "2027"),
    }
    assert {pitch.status for pitch in db.session.query(Pitch)} == {"accepted", "confirmed"}
    assert counted(*HANGS_ON, Judge) == {
        "pitch_authors": 2,
        "pitch_files": 0,
        "assignments": 0,
        "reviews": 0,
        "remarks": 0,
        "pitch_interests": 0,
        "judges": 0,
    }
    assert list(storage.keys()) == []
    assert check.faults() == []
    assert forgetting.forget() == []


def test_what_was_removed_is_written_down_without_names(app, time_stands_still):
    everything()
    time_stands_still.move_to(DAY_AFTER_A_YEAR)
    forgetting.forget()

    assert {entry.action: entry.new for entry in db.session.query(AuditEntry)} == {
        "interest forgotten": {"amount": 8},
        "pitches forgotten": {"amount": 6},
        "judgements forgotten": {"amount": 4},
        "attachments forgotten": {"amount": 2},
    }


def test_a_rehearsal_says_what_would_go_and_keeps_it(app, time_stands_still):
    everything()
    time_stands_still.move_to(DAY_AFTER_A_YEAR)
    files = sorted(storage.keys())

    told = [str(one) for one in forgetting.forget(rehearse=True)]

    assert "2027: pitches that were not chosen: 6, with 6 files" in told
    assert counted(Pitch, *HANGS_ON) == dict.fromkeys((row.__tablename__ for row in (Pitch, *HANGS_ON)), 8)
    assert sorted(storage.keys()) == files
    assert [str(one) for one in forgetting.forget()] == told


def test_pitches_of_another_edition_stay(app, time_stands_still):
    later = make.an_edition("2028", starts_on=datetime(2028, 3, 16).date())
    everything_here = make.a_pitch("Blijft", make.a_call(later), status="declined")
    make.a_pitch("Gaat", make.a_call(make.an_edition("2026")), status="declined")
    time_stands_still.move_to(DAY_AFTER_A_YEAR)
    forgetting.forget()

    assert [pitch.id for pitch in db.session.query(Pitch)] == [everything_here.id]


def test_a_draft_without_an_address_goes_after_thirty_days_and_one_with_an_address_stays(app, time_stands_still):
    call = make.a_call()
    lost = make.a_pitch("Verloren", call, status="draft", author=None)
    make.an_author(lost, "Niemand", "half@example.o", accepted_at=None)  # typed, and no letter went
    make.a_pitch_file(lost)
    found = make.a_pitch("Te vinden", call, status="draft")
    sent = make.a_pitch("Ingediend", call, author=None)
    db.session.commit()
    kept = [(29, 3), (31, 2)]
    for days, left in kept:
        time_stands_still.move_to(lost_at() + timedelta(days=days))
        forgetting.forget()
        assert db.session.query(Pitch).count() == left

    assert {pitch.title for pitch in db.session.query(Pitch)} == {found.title, sent.title}
    assert list(storage.keys()) == []


def lost_at():
    """When the factory says that a pitch was changed last."""
    return datetime(2026, 6, 14, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "left"),
    [(datetime(2026, 10, 8, 12, 0, tzinfo=UTC), 1), (datetime(2026, 10, 9, 12, 0, tzinfo=UTC), 0)],
)
def test_what_speakers_need_goes_fourteen_days_after_the_last_day(app, time_stands_still, moment, left):
    speaker = make.a_speaker(availability="Pas na de middag.", equipment="Een flipchart.", biography="Werkt online.")
    unable = make.a_speaker("Els", decline_reason="Ik ben dan in Parijs.")
    make.speaker_needs(speaker)
    time_stands_still.move_to(moment)
    forgetting.forget()
    db.session.expire_all()

    assert db.session.query(SpeakerNeeds).count() == left
    assert (speaker.availability != "", speaker.equipment != "") == (bool(left), bool(left))
    assert (unable.decline_reason != "") == bool(left)
    assert speaker.biography == "Werkt online."
