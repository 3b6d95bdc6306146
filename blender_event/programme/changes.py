"""What differs between two programmes: computed once, at release, and stored with it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from blender_event.programme.snapshot import Point, Programme

CALENDAR_FIELDS = frozenset(
    {"slot", "room", "place", "mode", "status", "title", "link"}
)  # mode: online is another place
_TEXTS = ("abstract", "description", "takeaways", "audience", "bring", "accessibility", "partners")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was and is.

    `field` is slot, room, place, title, status, speakers, track, format, mode, level, language, capacity, text or link.
    """

    field: str
    was: Any = None
    now: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one session: added, removed, cancelled, restored or changed. `speakers` are uids, before and after."""

    kind: str
    uid: str
    title: str
    slug: str
    plenary: bool = False
    speakers: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = field(default=())

    @property
    def moves_calendar(self) -> bool:
        """Whether subscribers must see a higher sequence: time, place, link, status or title (PRODUCT §4)."""
        return self.kind in ("cancelled", "restored") or any(d.field in CALENDAR_FIELDS for d in self.differences)

    @property
    def concerns_people(self) -> bool:
        """Whether somebody has to be told: not for words."""
        moved = any(
            d.field in {"slot", "room", "place", "mode", "status", "link", "speakers"} for d in self.differences
        )
        return self.kind in ("added", "removed", "cancelled", "restored") or moved

    def dump(self) -> dict[str, Any]:
        return asdict(self) | {"differences": [asdict(d) for d in self.differences], "speakers": list(self.speakers)}


def load(rows: Iterable[dict[str, Any]]) -> list[Change]:
    """The changes a release row holds."""
    return [
        Change(
            **row
            | {"differences": tuple(Difference(**d) for d in row["differences"]), "speakers": tuple(row["speakers"])}
        )
        for row in rows
    ]


def between(old: Programme | None, new: Programme, relinked: frozenset[str] = frozenset()) -> list[Change]:
    """Every change from `old` (None: nothing was published) to `new`, in the order of the new programme.

    `relinked` names sessions whose link to join changed: the link itself is no part of a programme.
    """
    before = {point.uid: point for point in old.points} if old else {}
    place = Difference("place", old.day.place, new.day.place) if old and old.day.place != new.day.place else None
    found = [_change(before.get(point.uid), point, place, point.uid in relinked) for point in new.points]
    kept = {point.uid for point in new.points}
    gone = [
        Change("removed", p.uid, p.title, p.slug, p.is_plenary, _uids(p))
        for uid, p in before.items()
        if uid not in kept
    ]
    return [change for change in found if change is not None] + gone


def _change(old: Point | None, new: Point, place: Difference | None, relinked: bool) -> Change | None:
    if old is None:
        return Change(
            "added",
            new.uid,
            new.title,
            new.slug,
            new.is_plenary,
            _uids(new),
            (Difference("slot", None, _slot(new)), Difference("room", None, _room(new))),
        )
    differences = [d for d in _differences(old, new) if d.was != d.now]
    if place and new.has_slot:
        differences.append(place)
    if relinked:
        differences.append(Difference("link"))
    if not differences:
        return None
    kind = "changed"
    if old.status != new.status:
        kind = "cancelled" if new.is_cancelled else "restored"
    speakers = tuple(dict.fromkeys((*_uids(old), *_uids(new))))
    return Change(kind, new.uid, new.title, new.slug, new.is_plenary, speakers, tuple(differences))


def _differences(old: Point, new: Point) -> list[Difference]:
    return [
        Difference("slot", _slot(old), _slot(new)),
        Difference("room", _room(old), _room(new)),
        Difference("title", old.title, new.title),
        Difference("status", old.status, new.status),
        Difference("speakers", _people(old), _people(new)),
        Difference("track", old.track and old.track.name, new.track and new.track.name),
        Difference("format", old.format and old.format.name, new.format and new.format.name),
        Difference("mode", [old.is_onsite, old.is_online], [new.is_onsite, new.is_online]),
        Difference("level", old.level, new.level),
        Difference("language", old.language, new.language),
        Difference("capacity", old.capacity, new.capacity),
        *([Difference("text", False, True)] if _words(old) != _words(new) else []),
    ]


def _slot(point: Point) -> list[str] | None:
    return [point.starts_at.isoformat(), point.ends_at.isoformat()] if point.starts_at and point.ends_at else None


def _room(point: Point) -> str | None:
    return point.room.name if point.room else None


def _people(point: Point) -> list[str]:
    return [f"{part.voice.name} ({part.role})" if part.role != "speaker" else part.voice.name for part in point.parts]


def _uids(point: Point) -> tuple[str, ...]:
    return tuple(part.voice.uid for part in point.parts)


def _words(point: Point) -> tuple[Any, ...]:
    return (
        *(getattr(point, name) for name in _TEXTS),
        *((p.voice.uid, p.voice.role, p.voice.organisation, p.voice.biography_html, p.voice.portrait) for p in point.parts),
    )
