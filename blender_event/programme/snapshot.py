"""The programme as a value: what a release holds, to and from JSON. Everything public is made from this."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from blender_event.core.logs import log


@dataclass(frozen=True, slots=True)
class Place:
    """A room as published."""

    uid: str
    slug: str
    name: str
    floor: str = ""
    access_note: str = ""
    capacity: int | None = None
    is_online: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A track as published; `colour` 1–8 names a pair of colour and glyph."""

    slug: str
    name: str
    colour: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A format as published."""

    slug: str
    name: str
    is_plenary: bool = False
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as published. Contains no address."""

    uid: str
    code: str
    slug: str
    name: str
    role: str = ""
    organisation: str = ""
    unit: str = ""
    biography_html: str = ""
    portrait: str = ""  # the code of its address


@dataclass(frozen=True, slots=True)
class Part:
    """Who does what in a session: `role` is speaker, host or moderator."""

    voice: Voice
    role: str = "speaker"


@dataclass(frozen=True, slots=True)
class Point:
    """A session as published: a point of the programme. Times are aware UTC. Holds no link to join."""

    uid: str
    code: str
    slug: str
    title: str
    has_own_title: bool
    sequence: int
    changed_at: datetime
    language: str = "nl"
    status: str = "planned"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: Place | None = None
    track: Theme | None = None
    format: Kind | None = None
    level: str = ""
    is_onsite: bool = True
    is_online: bool = False
    capacity: int | None = None
    abstract: str = ""
    description: str = ""
    description_html: str = ""
    takeaways: tuple[str, ...] = ()
    audience: str = ""
    bring: str = ""
    accessibility: str = ""
    partners: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"

    @property
    def is_break(self) -> bool:
        return self.format is not None and self.format.is_break

    @property
    def is_plenary(self) -> bool:
        return self.format is not None and self.format.is_plenary

    @property
    def speakers(self) -> tuple[Voice, ...]:
        return tuple(part.voice for part in self.parts)

    @property
    def has_slot(self) -> bool:
        return self.starts_at is not None and self.ends_at is not None


_WORDS = tuple(one.name for one in fields(Point) if one.type is str)


@dataclass(frozen=True, slots=True)
class Day:
    """The edition's own facts at the moment of release, as far as calendars and sessions need them."""

    title: str
    motto: str
    zone: str
    starts_on: str  # ISO date
    ends_on: str
    place: str
    city: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One release, whole: points in order of time, then those without a time; voices in order of name."""

    number: int
    released_at: datetime
    day: Day
    points: tuple[Point, ...] = ()
    voices: tuple[Voice, ...] = ()
    rooms: tuple[Place, ...] = ()
    tracks: tuple[Theme, ...] = ()
    formats: tuple[Kind, ...] = ()
    by_code: dict[str, Point] = field(default_factory=dict, compare=False, repr=False)

    def point(self, slug: str) -> Point | None:
        """The session an address names: only the random part at its end counts."""
        return self.by_code.get(slug.rpartition("-")[2])

    def voice(self, slug: str) -> Voice | None:
        code = slug.rpartition("-")[2]
        return next((voice for voice in self.voices if voice.code == code), None)

    def points_of(self, voice: Voice) -> tuple[Point, ...]:
        return tuple(point for point in self.points if any(other.uid == voice.uid for other in point.speakers))

    def beside(self, point: Point) -> tuple[Point, ...]:
        """The other sessions at the same time (half-open: touching is not beside), breaks left out."""
        if point.starts_at is None or point.ends_at is None:
            return ()
        return tuple(
            other
            for other in self.points
            if other.uid != point.uid
            and not other.is_break
            and other.starts_at is not None
            and other.ends_at is not None
            and other.starts_at < point.ends_at
            and point.starts_at < other.ends_at
        )

    def without(self, speaker_uids: Iterable[str]) -> "Programme":
        """This programme with redacted speakers taken out, wherever they stood."""
        gone = set(speaker_uids)
        if not gone:
            return self
        points = tuple(
            replace(p, parts=tuple(part for part in p.parts if part.voice.uid not in gone)) for p in self.points
        )
        voices = tuple(voice for voice in self.voices if voice.uid not in gone)
        return replace(self, points=points, voices=voices, by_code={p.code: p for p in points})

    def showing(self, portraits: Collection[str], told: Collection[str]) -> "Programme":
        """This programme with only these portraits (codes), and with a biography only of these people (uids)."""

        def shown(voice: Voice) -> Voice:
            if voice.uid not in told:
                return replace(voice, biography_html="", portrait="")
            return voice if not voice.portrait or voice.portrait in portraits else replace(voice, portrait="")

        known = {voice.uid: shown(voice) for voice in self.voices}
        if all(known[voice.uid] is voice for voice in self.voices):
            return self
        points = tuple(
            replace(p, parts=tuple(replace(part, voice=known[part.voice.uid]) for part in p.parts)) for p in self.points
        )
        return replace(self, points=points, voices=tuple(known.values()), by_code={p.code: p for p in points})


def order(point: Point) -> tuple[bool, str, str, str, str]:
    """By time, then room, then title; a session without a time comes last."""
    begins = point.starts_at.isoformat() if point.starts_at else ""
    ends = point.ends_at.isoformat() if point.ends_at else ""
    return (
        point.starts_at is None,
        begins,
        ends if point.is_break else "",
        point.room.name if point.room else "",
        point.title,
    )


def dump(programme: Programme) -> dict[str, Any]:
    """The programme as JSON values, rooms and speakers written once and referred to by identity."""
    return {
        "day": asdict(programme.day),
        "rooms": [asdict(room) for room in programme.rooms],
        "tracks": [asdict(track) for track in programme.tracks],
        "formats": [asdict(kind) for kind in programme.formats],
        "voices": [asdict(voice) for voice in programme.voices],
        "points": [_dump_point(point) for point in programme.points],
    }


def _dump_point(point: Point) -> dict[str, Any]:
    plain = {name: getattr(point, name) for name in Point.__slots__ if name not in ("room", "track", "format", "parts")}
    for name in ("starts_at", "ends_at", "changed_at"):
        plain[name] = plain[name].isoformat() if plain[name] else None
    return plain | {
        "takeaways": list(point.takeaways),
        "partners": list(point.partners),
        "room": point.room.uid if point.room else None,
        "track": point.track.slug if point.track else None,
        "format": point.format.slug if point.format else None,
        "parts": [{"voice": part.voice.uid, "role": part.role} for part in point.parts],
    }


def load(number: int, released_at: datetime, data: dict[str, Any]) -> Programme:
    """The programme a release row holds."""
    rooms = {row["uid"]: Place(**row) for row in data["rooms"]}
    tracks = {row["slug"]: Theme(**row) for row in data["tracks"]}
    formats = {row["slug"]: Kind(**row) for row in data["formats"]}
    voices = {row["uid"]: Voice(**row) for row in data["voices"]}
    points = tuple(_readable_points(data["points"], rooms, tracks, formats, voices))
    return Programme(
        number=number,
        released_at=released_at,
        day=Day(**data["day"]),
        points=points,
        voices=tuple(voices.values()),
        rooms=tuple(rooms.values()),
        tracks=tuple(tracks.values()),
        formats=tuple(formats.values()),
        by_code={point.code: point for point in points},
    )


def _readable_points(rows: Iterable[dict[str, Any]], *known: Any) -> Iterable[Point]:
    """Every session that can be read; a row that cannot is left out and named in the log, so that the others are shown."""
    for row in rows:
        try:
            point = _load_point(row, *known)
            if not _is_sound(point):
                raise ValueError("a value of another kind")
        except (KeyError, ValueError, TypeError, AttributeError):
            log.exception(
                "session of a release cannot be read",
                session=str(row.get("uid") if isinstance(row, dict) else row)[:60],
            )
        else:
            yield point


def _is_sound(point: Point) -> bool:
    """Whether everything shown as words is words, and every time a time, the end after the start."""
    words = all(isinstance(getattr(point, name), str) for name in _WORDS)
    ordered = point.starts_at is None or point.ends_at is None or point.starts_at < point.ends_at
    return words and ordered and isinstance(point.changed_at, datetime)


def _load_point(
    row: dict[str, Any],
    rooms: dict[str, Place],
    tracks: dict[str, Theme],
    formats: dict[str, Kind],
    voices: dict[str, Voice],
) -> Point:
    moments = {
        name: datetime.fromisoformat(row[name]) if row[name] else None
        for name in ("starts_at", "ends_at", "changed_at")
    }
    return Point(
        **row
        | moments
        | {
            "takeaways": tuple(row["takeaways"]),
            "partners": tuple(row["partners"]),
            "room": rooms.get(row["room"]),
            "track": tracks.get(row["track"]),
            "format": formats.get(row["format"]),
            "parts": tuple(
                Part(voices[part["voice"]], part["role"]) for part in row["parts"] if part["voice"] in voices
            ),
        }
    )
