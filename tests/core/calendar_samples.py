"""A calendar and an entry to vary."""

from dataclasses import replace
from datetime import UTC, datetime

from blender_event.core.ics import Calendar, Entry

CALENDAR = Calendar(
    "Blender 2027",
    description="De netwerkdag",
    zone="Europe/Brussels",
    organiser_name="Blender",
    organiser_email="blender@example.org",
    url="https://example.org/2027",
    source="https://example.org/2027/blender-2027.ics",
    colour="teal",
)

ENTRY = Entry(
    uid="7f3a@example.org",
    sequence=2,
    changed_at=datetime(2027, 1, 5, 10, 30, 12, 345, tzinfo=UTC),
    summary="Chatten in de jeugdhulp",
    starts_at=datetime(2027, 5, 20, 8, 0, tzinfo=UTC),
    ends_at=datetime(2027, 5, 20, 9, 0, tzinfo=UTC),
    zone="Europe/Brussels",
    location="Zaal 2, Campus",
    description="Eén jaar later",
    url="https://example.org/2027/programma/chatten",
    categories=("Chat", "Zorg, welzijn"),
    conference_url="https://meet.example.org/chatten",
)


def an_entry(**changes):
    return replace(ENTRY, **changes)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def lines(data):
    """The unfolded lines of a file."""
    return data.decode().replace("\r\n ", "").split("\r\n")
