"""What a visitor wants to see of a programme: the filters of its pages, read from the query string. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blender_event.core import text
from blender_event.programme.snapshot import Point, Programme

LONGEST_SEARCH = 100
Test = Callable[[Point, str], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, what can be chosen, what is. Values that do not exist are not chosen."""

    name: str
    values: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters in use. Without any, the whole programme; with one, breaks are left out."""

    words: str = ""
    choices: tuple[Choice, ...] = ()
    zone: str = "Europe/Brussels"

    @property
    def active(self) -> dict[str, str]:
        """Filters in use, as they stand in the address."""
        found = {"q": self.words} if self.words else {}
        return found | {choice.name: choice.chosen for choice in self.choices if choice.chosen}

    def without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.active.items() if key != name}

    def of(self, points: Iterable[Point]) -> list[Point]:
        """The points that pass every filter."""
        if not self.active:
            return list(points)
        wanted = text.folded(self.words).split()
        asked = [
            (_TESTS[choice.name], choice.chosen) for choice in self.choices if choice.chosen and choice.name != "day"
        ]
        day = next((choice.chosen for choice in self.choices if choice.name == "day"), "")
        zone = ZoneInfo(self.zone)
        return [
            point
            for point in points
            if not point.is_break
            and all(test(point, value) for test, value in asked)
            and (not day or day in _days(point, zone))
            and (not wanted or _says(point, wanted))
        ]


_TESTS: dict[str, Test] = {
    "track": lambda point, slug: point.track is not None and point.track.slug == slug,
    "format": lambda point, slug: point.format is not None and point.format.slug == slug,
    "room": lambda point, slug: point.room is not None and point.room.slug == slug,
    "level": lambda point, level: point.level == level,
    "language": lambda point, language: point.language == language,
    "attendance": lambda point, way: point.is_onsite if way == "onsite" else point.is_online,
}


def chosen(asked: Mapping[str, str], programme: Programme) -> Selection:
    """The filters that `asked` (a query string) names, as far as this programme has them."""
    words = text.clean(asked.get("q"), longest=LONGEST_SEARCH)
    choices = tuple(
        Choice(name, values, asked.get(name, "") if asked.get(name, "") in values else "")
        for name, values in _offered(programme).items()
    )
    return Selection(words=words if text.folded(words) else "", choices=choices, zone=programme.day.zone)


def _offered(programme: Programme) -> dict[str, tuple[str, ...]]:
    """What each filter can be; one that would leave everything as it is offers nothing."""
    points = [point for point in programme.points if not point.is_break]
    zone = ZoneInfo(programme.day.zone)
    used: dict[str, set[str]] = {
        "day": {day for point in points for day in _days(point, zone)[:1]},
        "track": {point.track.slug for point in points if point.track},
        "format": {point.format.slug for point in points if point.format},
        "room": {point.room.slug for point in points if point.room},
        "level": {point.level for point in points if point.level},
        "language": {point.language for point in points},
    }
    ordered: dict[str, list[str]] = {
        "day": sorted(used["day"]),
        "track": [theme.slug for theme in programme.tracks if theme.slug in used["track"]],
        "format": [kind.slug for kind in programme.formats if kind.slug in used["format"]],
        "room": [room.slug for room in programme.rooms if room.slug in used["room"]],
        "level": [level for level in ("starter", "everyone", "advanced") if level in used["level"]],
        "language": sorted(used["language"], key=lambda code: (code != "nl", code)),
    }
    found = {name: tuple(values) for name, values in ordered.items() if len(values) > 1}
    if any(point.is_online for point in points) and any(point.is_onsite for point in points):
        found["attendance"] = ("onsite", "online")
    return found


def _days(point: Point, zone: ZoneInfo) -> list[str]:
    """The local dates a point goes on, as ISO dates: two when it runs past midnight."""
    if point.starts_at is None or point.ends_at is None:
        return []
    first, last = point.starts_at.astimezone(zone), point.ends_at.astimezone(zone)
    ends_at_midnight = (last.hour, last.minute) == (0, 0)
    if first.date() == last.date() or (ends_at_midnight and (last.date() - first.date()).days == 1):
        return [first.date().isoformat()]
    return [first.date().isoformat(), last.date().isoformat()]


def _says(point: Point, wanted: list[str]) -> bool:
    """Whether every word stands somewhere in a point, capitals and diacritics aside."""
    parts = [point.title, point.abstract, point.description, point.audience, *point.partners, *point.takeaways]
    parts += [named.name for named in (point.track, point.format, point.room) if named]
    for voice in point.speakers:
        parts += [voice.name, voice.organisation, voice.unit]
    said = text.folded(" ".join(parts))
    return all(word in said for word in wanted)
