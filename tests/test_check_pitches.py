"""`blender check` knows what must never be about pitches, judging, materials and speakers."""

import pytest
from sqlalchemy import update

from blender_event import check
from blender_event.core import storage
from blender_event.core.database import db
from blender_event.people.models import Role
from blender_event.pitches.models import STATES, Author, Pitch, PitchFile
from blender_event.pitches.models_judging import Judge
from blender_event.programme.models import Speaker
from blender_event.programme.models_materials import Material, MaterialVersion, Portrait, Preview, SpeakerNeeds
from tests import factories as make
from tests.world import World


def test_everything_at_once_has_no_faults(app):
    World(rows=2)

    assert [fault for fault in check.faults() if not fault.startswith("letter") and "wait online" not in fault] == []


def test_a_pitch_in_a_state_it_cannot_be_in(app):
    call, elsewhere = make.a_call(), make.a_call(make.an_edition("2029"))
    pitches = {state: make.a_pitch(state, call, status=state) for state in STATES}
    pitches["accepted"].session_id = None
    pitches["confirmed"].session_id = make.a_session(edition=elsewhere.edition, at=None).id
    pitches["declined"].pending = "accepted"
    pitches["waitlisted"].submitted_at = None
    pitches["withdrawn"].call_id = elsewhere.id
    db.session.execute(update(Author).where(Author.pitch_id == pitches["submitted"].id).values(role="co"))
    make.an_author(pitches["draft"], "Twee", "twee@example.org")
    db.session.commit()

    assert check.faults() == [
        f"pitch {pitches['accepted'].id}: accepted, and it has no session",
        f"pitch {pitches['declined'].id}: accepted is still to be told, and it is declined",
        f"pitch {pitches['waitlisted'].id}: waitlisted, and it was never sent in",
        f"pitch {pitches['confirmed'].id}: its call or its session is of another edition",
        f"pitch {pitches['withdrawn'].id}: its call or its session is of another edition",
        f"pitch {pitches['draft'].id}: 2 first submitters instead of 1",
        f"pitch {pitches['submitted'].id}: 0 first submitters instead of 1",
    ]


def test_judging_by_who_may_not_and_of_what_is_not_sent_in(app):
    call = make.a_call()
    reviewer, organiser = make.a_reviewer(call=call), make.an_organiser()
    draft, pitch = make.a_pitch("Ontwerp", call, status="draft"), make.a_pitch("Idee", call)
    make.an_assignment(draft, reviewer)
    make.a_review(pitch, organiser)
    review = make.a_review(pitch, reviewer)
    asked = make.a_reviewer("Was beoordelaar", call=call)  # let go since: what they wrote stays
    make.an_assignment(pitch, asked)
    make.a_review(pitch, asked)
    db.session.query(Judge).filter_by(person_id=asked.id).delete()
    judge = db.session.query(Judge).one()
    judge.edition_id = make.an_edition("2029").id
    db.session.query(Role).filter_by(kind="reviewer").delete()
    db.session.commit()

    assert check.faults() == [
        f"pitch {draft.id}: a draft, and somebody is asked to judge it",
        f"review {review.id}: who wrote it was never asked to",
        f"judge {judge.id}: the call is of another edition",
    ]


def test_materials_without_what_they_are_about(app):
    session = make.a_session()
    gap, empty, link = make.a_material(session), make.a_material(session), make.a_link(session, url="")
    gone = make.a_material(session, removed_at=session.created_at)
    make.a_version(gap).number = 4
    key = empty.newest.storage_key
    for material in (empty, gone):
        db.session.query(MaterialVersion).filter_by(material_id=material.id).delete()
    other = make.a_material(session)
    other.newest.preview = "made"
    other.edition_id = make.an_edition("2029").id
    db.session.commit()
    storage.remove(key)

    assert [fault for fault in check.faults() if "file " not in fault.partition(":")[0]] == [
        f"material {gap.id}: 2 versions, the last one is number 4",
        f"material {empty.id}: slides without a file",
        f"material {link.id}: recording without an address",
        f"material {other.id}: its session is of another edition",
        f"version {other.newest.id} of a material: a preview was made and is not there",
    ]


def test_what_belongs_to_another_speaker(app):
    mine, theirs = make.a_speaker("Sam"), make.a_speaker("Els")
    portrait = make.a_portrait(theirs)
    mine.portrait_code = portrait.code
    needs = make.speaker_needs(mine)
    needs.edition_id = make.an_edition("2029").id
    db.session.commit()

    assert check.faults() == [
        f"speaker {mine.id}: the portrait is not theirs or not there",
        f"needs {needs.id}: the speaker is of another edition",
    ]


FILED = (MaterialVersion, Preview, Portrait, PitchFile)


@pytest.mark.parametrize("row", FILED, ids=lambda row: row.__tablename__)
def test_a_file_that_is_lost_and_one_that_nobody_needs(app, row):
    """Each table that names files is looked at, both ways."""
    material = make.a_material(make.a_session())
    made = {
        MaterialVersion: material.newest,
        Preview: make.a_preview(material.newest),
        Portrait: make.a_portrait(make.a_speaker()),
        PitchFile: make.a_pitch_file(make.a_pitch()),
    }[row]
    assert check.faults() == []
    key = made.storage_key
    made.storage_key = "ergens/anders"
    db.session.commit()

    assert check.faults() == [
        f"file {key}: no row knows it",
        "file ergens/anders: a row names it and it is not there",
    ]


def test_these_are_all_the_tables_with_files_and_speakers(app):
    """A new table with files or of a speaker belongs in the tests above."""
    tables = Pitch.metadata.sorted_tables
    assert {table.name for table in tables if "storage_key" in table.c} == {row.__tablename__ for row in FILED}
    assert {table.name for table in tables if "speaker_id" in table.c} == {
        Portrait.__tablename__,
        SpeakerNeeds.__tablename__,
        "session_speakers",
    }
    assert (Material.__tablename__, Speaker.__tablename__) == ("materials", "speakers")
