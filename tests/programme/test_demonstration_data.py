"""The files of the demonstration editions are whole: each reference resolves and the day can really take place."""

import io
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest
import yaml
from sqlalchemy import select

import blender_event
from blender_event import check, demonstration
from blender_event.core import storage
from blender_event.core.database import db, writing
from blender_event.mail.models import Letter
from blender_event.pitches import labels
from blender_event.pitches.models import STATES, Author, Call, Pitch, PitchFile
from blender_event.programme import labels_people
from blender_event.programme.models_materials import Material, SpeakerNeeds

FOLDER = Path(blender_event.__file__).parent / "demonstration"
PARTS = {"edition", "rooms", "tracks", "formats", "speakers", "sessions", "recap", "people"}
GROUPS = {"field", "research", "civil_society", "policy", "ict"}
NEEDS = {"hearing_loop", "sign_language", "wheelchair", "quiet_room", "companion", "vegetarian", "other"}


def read(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(params=["2023", "han-2024", "voorbeeld"])
def data(request):
    loaded = read(request.param)
    assert loaded["edition"]["slug"] == request.param
    return loaded


def texts(value):
    """Every string in a tree of lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)


def test_each_file_has_the_same_shape(data):
    assert set(data) == PARTS
    assert set(data["edition"]) == set(read("voorbeeld")["edition"])
    assert bool(data["edition"]["date"]) != bool(data["edition"]["starts_at"])
    assert all(set(session) == set(read("voorbeeld")["sessions"][0]) for session in data["sessions"])
    assert all(
        set(speaker) == {"key", "name", "role", "organisation", "unit", "biography"} for speaker in data["speakers"]
    )


def test_each_reference_resolves_and_keys_are_unique(data):
    keys = {part: [row["key"] for row in data[part]] for part in ("rooms", "tracks", "formats", "speakers", "sessions")}
    assert all(len(set(found)) == len(found) for found in keys.values())
    for session in data["sessions"]:
        assert session["format"] in keys["formats"]
        assert session["room"] is None or session["room"] in keys["rooms"]
        assert session["track"] is None or session["track"] in keys["tracks"]
        assert all(speaker["key"] in keys["speakers"] for speaker in session["speakers"])
        assert {speaker["role"] for speaker in session["speakers"]} <= {"speaker", "host", "moderator"}
        assert session["title"] or session["subject"]
    assert set(data["edition"]["groups"]) <= GROUPS


def test_texts_hold_no_first_heading_no_image_no_html_and_no_exclamation(data):
    for text in texts(data):
        assert not re.search(r"^# ", text, re.MULTILINE), text
        assert "![" not in text and "<" not in text and "!" not in text, text
        assert text == text.strip(), text


def test_the_example_day_can_take_place():
    data = read("voorbeeld")
    rooms = {room["key"]: room for room in data["rooms"]}
    for session in data["sessions"]:
        assert "09:00" <= session["starts"] < session["ends"] <= "16:30"
        assert (session["capacity"] or 0) <= (rooms[session["room"]]["capacity"] or 0)
        assert not session["online"] or rooms[session["room"]]["online"]
    for one, other in combinations(data["sessions"], 2):
        if one["starts"] < other["ends"] and other["starts"] < one["ends"]:
            assert one["room"] != other["room"], (one["key"], other["key"])
            people = [{speaker["key"] for speaker in session["speakers"]} for session in (one, other)]
            assert not people[0] & people[1], (one["key"], other["key"])


def test_the_example_day_shows_what_a_programme_can_hold():
    data = read("voorbeeld")
    assert len(data["sessions"]) == 19
    assert [session["key"] for session in data["sessions"] if session["status"] == "cancelled"] == ["supervisie"]
    assert [session["key"] for session in data["sessions"] if session["language"] == "en"] == [
        "eliza",
        "key-and-screen",
    ]
    assert Counter(session["starts"] for session in data["sessions"])["11:00"] == 4
    assert {session["track"] for session in data["sessions"]} - {None} == {track["key"] for track in data["tracks"]}
    assert {speaker["key"] for speaker in data["speakers"]} == {
        s["key"] for session in data["sessions"] for s in session["speakers"]
    }
    assert all("(voorbeeld)" in speaker["organisation"] for speaker in data["speakers"])


def test_the_example_registrations_leave_six_places():
    data = read("voorbeeld")
    people = data["people"]
    assert Counter(person["attendance"] for person in people) == {"onsite": 60, "online": 12}
    assert data["edition"]["registration"]["capacity_onsite"] == 66
    assert len({(person["first_name"], person["last_name"]) for person in people}) == 72
    assert {person["group"] for person in people} == GROUPS
    assert {person["week"] for person in people} == set(range(7))
    for person in people:
        assert "(voorbeeld)" in person["organisation"]
        assert set(person["needs"]) <= NEEDS
        assert ("other" not in person["needs"]) or person["needs_note"]


def test_what_is_not_known_of_2023_stays_unknown():
    data = read("2023")
    session = data["sessions"][0]
    assert [session[key] for key in ("title", "room", "starts", "ends", "onsite", "online", "capacity")] == [None] * 7
    assert data["edition"]["venue"] is None
    assert (data["recap"]["author"], data["recap"]["date"]) == ("Sandra Beelen", "2023-03-28")


def test_what_was_sent_in_refers_to_what_there_is():
    found = yaml.safe_load((FOLDER / "voorbeeld" / "pitches.yaml").read_text(encoding="utf-8"))
    calls, judges = {call["key"] for call in found["calls"]}, {judge["name"] for judge in found["judges"]}
    sessions = {session["key"] for session in read("voorbeeld")["sessions"]}
    lists = {
        "intents": labels.INTENTS,
        "subjects": labels.SUBJECTS,
        "help_forms": labels.HELP_FORMS,
        "themes": labels.THEMES,
        "technology": labels.TECHNOLOGY,
        "sectors": labels_people.SECTORS,
    }
    for pitch in found["pitches"]:
        assert pitch["call"] in calls
        assert all(set(pitch.get(name, ())) <= set(known) for name, known in lists.items()), pitch["title"]
        assert pitch.get("stage", "") in {"", *labels.STAGES}
        assert pitch.get("group", "") in {"", *labels_people.GROUPS}
        assert {review["by"] for review in pitch.get("reviews", ())} <= judges
        assert all("(voorbeeld)" in author["organisation"] for author in pitch["authors"])
        assert len(pitch["summary"].split()) <= 250
    assert {pitch["session"] for pitch in found["pitches"] if "session" in pitch} <= sessions
    assert {material["session"] for material in found["materials"]} <= sessions
    assert {pitch["status"] for pitch in found["pitches"]} == set(STATES)
    for text in texts(found):
        assert "<" not in text and "!" not in text and text == text.strip(), text


@pytest.mark.slow
def test_the_demonstration_is_loaded_once_and_has_no_fault(app, time_stands_still):
    """Also into an installation that an earlier version filled: the example edition gets its pitches then."""
    time_stands_still.move_to(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    with writing():
        first, again = demonstration.load(), demonstration.load()
    pitches = db.session.scalars(select(Pitch)).all()

    assert (first, again) == (["2023", "han-2024", "voorbeeld"], [])
    assert {pitch.status for pitch in pitches} == set(STATES)
    assert {pitch.pending for pitch in pitches} == {None, "accepted", "declined"}
    assert [len(material.versions) for material in db.session.scalars(select(Material))] == [2, 1, 1, 1, 0]
    assert {author.email.rpartition("@")[2] for author in db.session.scalars(select(Author))} == {"example.org"}
    assert db.session.scalars(select(Letter)).all() == []
    assert check.faults() == []
    stored = [b"".join(storage.pieces(key)) for key in list(storage.keys())]
    pages = [len(pypdfium2.PdfDocument(io.BytesIO(data))) for data in stored]
    assert sorted(pages) == [2, 2, 2, 3, 3, 3, 4]


@pytest.mark.slow
@pytest.mark.once
def test_an_example_edition_of_an_earlier_version_gets_its_pitches(app):
    with writing():
        demonstration.load()
    for row in (PitchFile, Pitch, Call, Material, SpeakerNeeds):
        for one in db.session.scalars(select(row)).all():
            db.session.delete(one)
        db.session.commit()
    for key in list(storage.keys()):
        storage.remove(key)
    with writing():
        assert demonstration.load() == []

    assert len(db.session.scalars(select(Pitch)).all()) == 15
    assert check.faults() == []
