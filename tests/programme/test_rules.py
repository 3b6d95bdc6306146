"""What may stand in a programme, over values alone."""

from dataclasses import replace
from datetime import UTC, date, datetime

from blender_event.programme import rules
from blender_event.programme.models import Edition
from blender_event.programme.snapshot import Day, Kind, Part, Place, Point, Programme, Theme, Voice

HALL, STUDIO = Place("r1", "hall", "Hall"), Place("r2", "studio", "Studio")
MARY, JANE = Voice("v1", "aa", "mary-aa", "Mary Richmond"), Voice("v2", "bb", "jane-bb", "Jane Addams")
EDITION = Edition(
    slug="2027", title="2027", starts_on=date(2026, 9, 24), ends_on=date(2026, 9, 24), zone="Europe/Brussels"
)


def at(hour, minute=0):
    return datetime(2026, 9, 24, hour, minute, tzinfo=UTC)


def point(title, starts, ends, room=HALL, voices=(), **facts):
    known = {"abstract": "Iets", "parts": tuple(Part(voice) for voice in voices), "status": "planned"} | facts
    return Point(
        uid=title,
        code=title,
        slug=title,
        title=title,
        has_own_title=True,
        sequence=0,
        changed_at=at(0),
        starts_at=starts,
        ends_at=ends,
        room=room,
        **known,
    )


def clashes(*points, unconfirmed=()):
    programme = Programme(
        1, at(0), Day("2027", "", "Europe/Brussels", "2026-09-24", "2026-09-24", "", ""), tuple(points)
    )
    return [(clash.kind, clash.blocks, clash.uids) for clash in rules.clashes(programme, EDITION, unconfirmed)]


def test_a_programme_without_faults_has_no_clashes():
    assert clashes(point("A", at(8), at(9)), point("B", at(9, 30), at(10))) == []


def test_two_sessions_in_one_room_at_once_block():
    assert clashes(point("A", at(8), at(9)), point("B", at(8, 30), at(10))) == [("room", True, ("A", "B"))]


def test_touching_ends_are_fine():
    assert clashes(point("A", at(8), at(9)), point("B", at(9), at(10))) == []


def test_a_gap_under_ten_minutes_only_warns():
    assert clashes(point("A", at(8), at(9)), point("B", at(9, 5), at(10))) == [("turnaround", False, ("A", "B"))]


def test_a_person_in_two_places_at_once_blocks():
    found = clashes(point("A", at(8), at(9), voices=[MARY, JANE]), point("B", at(8), at(9), STUDIO, [MARY]))
    assert found == [("person", True, ("A", "B"))]


def test_a_cancelled_session_clashes_with_nothing():
    assert clashes(point("A", at(8), at(9), status="cancelled"), point("B", at(8), at(9))) == []


def test_a_session_outside_the_day_blocks():
    assert clashes(point("A", datetime(2026, 9, 23, 8, tzinfo=UTC), datetime(2026, 9, 23, 9, tzinfo=UTC))) == [
        ("outside", True, ("A",))
    ]


def test_a_session_without_a_time_or_words_only_warns():
    assert clashes(point("A", None, None, abstract="")) == [
        ("no slot", False, ("A",)),
        ("no description", False, ("A",)),
    ]


def test_sessions_that_are_still_called_the_same_warn_once():
    first = replace(point("A", at(8), at(9), abstract=""), title="Nog in te vullen")
    second = replace(point("B", at(9), at(10), abstract=""), title="Nog in te vullen")
    assert clashes(first, second) == [("no description", False, ("A", "B"))]


def test_a_session_on_site_without_a_room_only_warns():
    assert clashes(point("A", at(8), at(9), room=None)) == [("no room", False, ("A",))]


def test_the_same_theme_twice_at_once_only_warns():
    theme = Theme("chat", "Chat", 1)
    found = clashes(point("A", at(8), at(9), track=theme), point("B", at(8), at(9), STUDIO, track=theme))
    assert found == [("track", False, ("A", "B"))]


def test_a_speaker_who_did_not_confirm_is_named_once():
    found = clashes(
        point("A", at(8), at(9), voices=[MARY]), point("B", at(10), at(11), voices=[MARY]), unconfirmed=["v1"]
    )
    assert found == [("unconfirmed", False, ("A", "B"))]


def test_more_than_three_hours_without_a_break_warn():
    day = [point("A", at(8), at(9, 30)), point("B", at(9, 30), at(11)), point("C", at(11), at(12))]
    assert clashes(*day) == [("no break", False, ("C",))]


def test_a_break_in_between_is_enough():
    rest = point("Lunch", at(10, 30), at(11), room=None, is_onsite=False, format=Kind("lunch", "Lunch", is_break=True))
    assert clashes(point("A", at(8), at(10, 30)), rest, point("C", at(11), at(13))) == []


def test_an_edition_cannot_take_a_word_the_app_needs():
    assert rules.slug_is_possible("beheer", taken=False).field == "slug"
    assert rules.slug_is_possible("2027", taken=False) is None
    assert str(rules.slug_is_possible("2027", taken=True).message) != ""
