"""Sessions as pages show them: every value worked out once, so that templates only place them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from blender_event.programme.snapshot import Place, Point, Programme, Theme, Voice

GLYPHS = ("circle", "leaf", "square-outline", "square", "ring", "diamond", "half", "bars")


@dataclass(frozen=True, slots=True)
class Mark:
    """A theme with its drawing: name, glyph and colour always go together."""

    slug: str
    name: str
    colour: int
    glyph: str


@dataclass(frozen=True, slots=True)
class Card:
    """One session on a page. `language` is empty when it is the page's own."""

    uid: str
    title: str
    language: str
    href: str
    track: Mark | None
    format_name: str
    room: Place | None
    room_name: str
    onsite: bool
    online: bool
    speakers: tuple[Voice, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    cancelled: bool
    plenary: bool
    is_break: bool
    capacity: int | None
    level: str

    @property
    def is_alive(self) -> bool:
        """Something one can go to and choose: not cancelled, no break."""
        return not self.cancelled and not self.is_break


def mark(theme: Theme | None) -> Mark | None:
    return Mark(theme.slug, theme.name, theme.colour, GLYPHS[(theme.colour - 1) % 8]) if theme else None


def marks(programme: Programme) -> list[Mark]:
    """The themes of a programme, with their drawings."""
    return [made for theme in programme.tracks if (made := mark(theme))]


def deck(points: Iterable[Point], programme: Programme, base: str, page_language: str) -> list[Card]:
    """A card for each point; `base` is the address of the programme, without a slash at its end."""
    themes = {theme.slug: mark(theme) for theme in programme.tracks}
    return [card(point, themes.get(point.track.slug) if point.track else None, base, page_language) for point in points]


def card(point: Point, theme: Mark | None, base: str, page_language: str) -> Card:
    return Card(
        uid=point.uid,
        title=point.title,
        language=point.language if point.language != page_language else "",
        href=f"{base}/{point.slug}",
        track=theme,
        format_name=point.format.name if point.format else "",
        room=point.room,
        room_name=point.room.name if point.room else "",
        onsite=point.is_onsite,
        online=point.is_online,
        speakers=point.speakers,
        starts_at=point.starts_at,
        ends_at=point.ends_at,
        cancelled=point.is_cancelled,
        plenary=point.is_plenary,
        is_break=point.is_break,
        capacity=point.capacity,
        level=point.level,
    )
