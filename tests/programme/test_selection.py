"""What a visitor may filter, and what is left then: plain values, no database."""

from datetime import UTC, datetime

import pytest

from blender_event.programme import selection
from blender_event.programme.snapshot import Day, Kind, Part, Place, Point, Programme, Theme, Voice

HALL, LOFT = Place("1", "hall", "Hall"), Place("2", "loft", "Loft")
CHAT, APPS = Theme("chat", "Chat", 1), Theme("apps", "Apps", 2)
TALK, PAUSE = Kind("lezing", "Lezing"), Kind("pauze", "Pauze", is_break=True)
JOSE = Voice("v1", "abc234", "jose-abc234", "José Đặng", organisation="CAW D’hondt")


def a_point(title, hour=10, **facts):
    moment = datetime(2026, 9, 24, hour, tzinfo=UTC)
    known = {"starts_at": moment, "ends_at": moment.replace(hour=hour + 1), "room": HALL, "track": CHAT, "format": TALK}
    return Point(title, title, title, title, True, 0, moment, **known | facts)


POINTS = (
    a_point("a", parts=(Part(JOSE),)),
    a_point("b", room=LOFT, track=APPS, is_online=True, level="starter"),
    a_point("c", language="en", level="advanced", abstract="Crème brûlée"),
    a_point("pause", format=PAUSE),
)
PROGRAMME = Programme(
    1,
    datetime(2026, 9, 1, tzinfo=UTC),
    Day("Blender 2027", "", "Europe/Brussels", "2026-09-24", "2026-09-24", "", ""),
    points=POINTS,
    rooms=(HALL, LOFT),
    tracks=(CHAT, APPS),
    formats=(TALK, PAUSE),
)


def titles(**asked):
    return [point.title for point in selection.chosen(asked, PROGRAMME).of(POINTS)]


def test_without_filters_everything_is_there_breaks_too():
    assert titles() == ["a", "b", "c", "pause"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"track": "apps"}, ["b"]),
        ({"room": "hall"}, ["a", "c"]),
        ({"level": "advanced"}, ["c"]),
        ({"language": "en"}, ["c"]),
        ({"attendance": "online"}, ["b"]),
        ({"attendance": "onsite"}, ["a", "b", "c"]),
        ({"track": "chat", "language": "nl"}, ["a"]),
        ({"track": "apps", "language": "en"}, []),
    ],
)
def test_filters_narrow_together_and_leave_breaks_out(asked, left):
    assert titles(**asked) == left


@pytest.mark.parametrize("words", ["jose dang", "JOSÉ", "Đặng", "d'hondt", "dhondt caw", "José"])
def test_names_are_found_without_diacritics_capitals_or_apostrophes(words):
    assert titles(q=words) == ["a"]


def test_words_are_found_in_texts():
    assert titles(q="creme BRULEE") == ["c"]


@pytest.mark.parametrize(
    "asked",
    [{"track": "nothing"}, {"level": "' OR 1=1"}, {"attendance": "both"}, {"day": "2026-13-45"}, {"room": "\x00"}],
)
def test_a_value_that_does_not_exist_is_no_filter(asked):
    wanted = selection.chosen(asked, PROGRAMME)

    assert wanted.active == {}


def test_a_filter_that_would_change_nothing_is_not_offered():
    assert [choice.name for choice in selection.chosen({}, PROGRAMME).choices] == [
        "track",
        "room",
        "level",
        "language",
        "attendance",
    ]


def test_a_search_of_nothing_but_invisible_characters_is_no_search():
    assert selection.chosen({"q": " \u200b\x00 "}, PROGRAMME).active == {}


def test_a_very_long_search_is_cut():
    assert selection.chosen({"q": "a" * 5000}, PROGRAMME).words == "a" * 100
