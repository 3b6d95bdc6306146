"""VTIMEZONE components: fixed rules for Europe, rules derived from the zone database elsewhere."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Summer time in Europe starts and ends at 01:00 UTC on the last Sundays of March and October (Directive 2000/84/EC).
EUROPEAN_RULE_SINCE = 1996
_FAMILIES = {
    ("WET", "WEST", 0): "Lisbon Atlantic/Madeira Atlantic/Canary Atlantic/Faroe",
    ("GMT", "BST", 0): "London Belfast Guernsey Jersey Isle_of_Man",
    ("GMT", "IST", 0): "Dublin",
    ("CET", "CEST", 1): "Brussels Amsterdam Paris Berlin Luxembourg Madrid Rome Vienna Zurich Copenhagen Oslo Stockholm"
    " Prague Warsaw Budapest Ljubljana Zagreb Bratislava Belgrade Sarajevo Skopje Podgorica Tirane Malta Monaco Andorra"
    " Vaduz San_Marino Vatican Gibraltar Busingen",
    ("EET", "EEST", 2): "Helsinki Mariehamn Tallinn Riga Vilnius Athens Sofia Bucharest Kyiv Asia/Nicosia",
}
EUROPEAN = {
    name if "/" in name else f"Europe/{name}": family for family, names in _FAMILIES.items() for name in names.split()
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNIVERSAL = {"UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"}
# A rule counts as one when it held this many years around the events; a coincidence would not.
_YEARS_OF_PROOF = 6


class Switch(NamedTuple):
    """One change of the clocks: the wall time before it, the offsets around it and the name after it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=256)
def find(name: str) -> ZoneInfo | None:
    """The zone of that name; nothing for UTC and for names that are no zone, whose times are written in UTC."""
    if name in _UNIVERSAL:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError):
        return None


def can_say(wall: datetime) -> bool:
    """Whether readers take this wall time for the moment it is: within the rules we write, and there only once.

    In the hour that autumn repeats, RFC 5545 §3.3.5 means the first pass, but ical.js takes it for the second.
    """
    return wall.year >= EUROPEAN_RULE_SINCE and wall.utcoffset() == wall.replace(fold=not wall.fold).utcoffset()


@lru_cache(maxsize=256)
def component(name: str, first: int, last: int) -> tuple[str, ...]:
    """Content lines of the VTIMEZONE that is right for every moment from the year `first` up to `last`."""
    european = EUROPEAN.get(name)
    observances = _european(*european) if european else _derived(ZoneInfo(name), first, last)
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *observances, "END:VTIMEZONE")


def _european(winter: str, summer: str, hours: int) -> Iterable[str]:
    standard, daylight = timedelta(hours=hours), timedelta(hours=hours + 1)
    spring = Switch(_wall(1970, 3, 29, hours + 1), standard, daylight, summer)
    autumn = Switch(_wall(1970, 10, 25, hours + 2), daylight, standard, winter)
    yield from _observance(spring, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    yield from _observance(autumn, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")


def _derived(zone: ZoneInfo, first: int, last: int) -> Iterable[str]:
    end = max(last + 1, first + _YEARS_OF_PROOF)
    switches = _switches(zone, first - 1, end)
    kinds = [switches[0::2], switches[1::2]]
    rules = [_rule(kind) for kind in kinds]
    if len(switches) == 2 * (end - first + 2) and all(rules):
        for kind, rule in zip(kinds, rules, strict=True):
            yield from _observance(kind[0], rule)
        return
    yield from _observance(_at_first(zone, first - 1))
    for switch in switches:
        if switch.wall.year <= last + 1:
            yield from _observance(switch)


def _at_first(zone: ZoneInfo, year: int) -> Switch:
    local = datetime(year, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = local.utcoffset() or timedelta()
    return Switch(_wall(1970, 1, 1), offset, offset, local.tzname() or "")


def _wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a time on the wall has no zone


def _switches(zone: ZoneInfo, first: int, last: int) -> Sequence[Switch]:
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    days = (start + timedelta(days=day) for day in range((end - start).days + 1))
    return [
        _switch(zone, early, late)
        for early, late in pairwise(days)
        if early.astimezone(zone).utcoffset() != late.astimezone(zone).utcoffset()
    ]


def _switch(zone: ZoneInfo, early: datetime, late: datetime) -> Switch:
    before = early.astimezone(zone).utcoffset() or timedelta()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    after = late.astimezone(zone)
    return Switch(late.replace(tzinfo=None) + before, before, after.utcoffset() or timedelta(), after.tzname() or "")


def _rule(kind: Sequence[Switch]) -> str:
    """The yearly rule all these switches follow, such as the second Sunday of March; empty when there is none."""
    if len({(s.wall.month, s.wall.weekday(), s.wall.time(), s.before, s.after) for s in kind}) != 1:
        return ""
    walls = [switch.wall for switch in kind]
    weeks = {(wall.day - 1) // 7 + 1 for wall in walls}
    if all(monthrange(wall.year, wall.month)[1] - wall.day < 7 for wall in walls):
        weeks = {-1}
    if len(weeks) != 1:
        return ""
    return f"FREQ=YEARLY;BYMONTH={walls[0].month};BYDAY={weeks.pop()}{_DAYS[walls[0].weekday()]}"


def _observance(switch: Switch, rule: str = "") -> Iterable[str]:
    kind = "DAYLIGHT" if switch.after > switch.before else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{switch.wall:%Y%m%dT%H%M%S}"
    if rule:
        yield f"RRULE:{rule}"
    yield f"TZOFFSETFROM:{_offset(switch.before)}"
    yield f"TZOFFSETTO:{_offset(switch.after)}"
    yield f"TZNAME:{switch.name}"
    yield f"END:{kind}"


def _offset(offset: timedelta) -> str:
    seconds = int(abs(offset).total_seconds())
    sign = "-" if offset < timedelta() else "+"
    tail = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{tail}"
