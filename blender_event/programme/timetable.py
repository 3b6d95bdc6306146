"""The day as people read it: a list per moment, and a table of hours by rooms. Pure, for any programme."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from blender_event.programme.cards import Card
from blender_event.programme.snapshot import Place

Ahead = Sequence[tuple[list[Card], bool, datetime]]  # the later moments: what begins, whether it crosses, when


@dataclass(slots=True)
class Slot:
    """What begins at one moment: breaks as thin rows, the rest as cards. `ends_at` only when all cards end together."""

    starts_at: datetime
    breaks: list[Card] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    round: int = 0  # which choice of the day this is, from 1; 0: nothing to choose

    @property
    def ends_at(self) -> datetime | None:
        return self.cards[0].ends_at if len({card.ends_at for card in self.cards}) == 1 else None

    @property
    def alive(self) -> int:
        return sum(1 for card in self.cards if card.is_alive)


@dataclass(slots=True)
class Day:
    """One date of the programme; `carried` began the evening before and runs into it."""

    date: date
    slots: list[Slot] = field(default_factory=list)
    carried: list[Card] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the table: the sessions that begin there, and over how many rows it stands."""

    cards: tuple[Card, ...] = ()
    rows: int = 1


@dataclass(slots=True)
class Row:
    """A row of the table: either one session for everyone across the whole width, or a cell per column still free."""

    starts_at: datetime
    ends_at: datetime | None = None
    span: Card | None = None
    cells: list[tuple[Place | None, Cell]] = field(default_factory=list)
    head: int = 1  # over how many rows the hour stands; 0: it stands already
    shared: bool = True  # whether all that begins then also ends together, so that the hour says it for all


@dataclass(slots=True)
class Grid:
    """One date as a table. The column None holds sessions without a room."""

    date: date
    columns: list[Place | None]
    rows: list[Row]
    carried: list[Card]


def days(cards: Iterable[Card], zone: str) -> tuple[list[Day], list[Card]]:
    """The sessions per local date and moment, and those without a time. A session over midnight stands on both dates."""
    local = ZoneInfo(zone)
    found: dict[date, dict[datetime, Slot]] = defaultdict(dict)
    late: list[tuple[date, Card]] = []
    untimed: list[Card] = []
    for card in cards:
        if card.starts_at is None or card.ends_at is None:
            untimed.append(card)
            continue
        on = card.starts_at.astimezone(local).date()
        slot = found[on].setdefault(card.starts_at, Slot(card.starts_at))
        (slot.breaks if card.is_break else slot.cards).append(card)
        until = card.ends_at.astimezone(local)
        if until.date() > on and (until.hour, until.minute) != (0, 0):
            late.append((until.date(), card))
    made = [Day(on, [found[on][moment] for moment in sorted(found[on])]) for on in sorted(found)]
    for day in made:
        day.carried = [card for on, card in late if on == day.date]
        _number(day.slots)
    return made, untimed


def _number(slots: Sequence[Slot]) -> None:
    """Count the moments at which there is something to choose."""
    number = 0
    for slot in slots:
        if slot.alive > 1:
            number += 1
            slot.round = number


def grid(day: Day, rooms: Sequence[Place]) -> Grid:
    """A day as a table: a row per beginning, a column per room that holds something to choose.

    A session that runs on while others begin stands over several rows, until something for everyone crosses the whole
    width; its card then says until when it lasts. Plenary sessions and breaks need no column of their own.
    """
    narrow = {slot.starts_at: [card for card in slot.cards if not card.plenary] for slot in day.slots}
    wide = {slot.starts_at: [*slot.breaks, *(card for card in slot.cards if card.plenary)] for slot in day.slots}
    used = {card.room.uid if card.room else None for cards in narrow.values() for card in cards}
    columns: list[Place | None] = [room for room in rooms if room.uid in used]
    if None in used:
        columns.append(None)
    rows: list[Row] = []
    covered: dict[str | None, int] = {}
    moments = [slot.starts_at for slot in day.slots]
    for place, moment in enumerate(moments):
        group = [Row(moment, span=card) for card in wide[moment]]
        if wide[moment]:
            covered.clear()
        if narrow[moment]:
            ahead = [(narrow[later], bool(wide[later]), later) for later in moments[place + 1 :]]
            group.append(Row(moment, cells=_cells(narrow[moment], columns, covered, ahead)))
        together = _common_end([*wide[moment], *narrow[moment]])
        for row in group:
            row.head, row.ends_at, row.shared = 0, together, together is not None
        group[0].head = len(group)
        rows.extend(group)
    return Grid(day.date, columns, rows, day.carried)


def _common_end(cards: Sequence[Card]) -> datetime | None:
    ends = {card.ends_at for card in cards}
    return ends.pop() if len(ends) == 1 else None


def _cells(
    cards: Sequence[Card], columns: Sequence[Place | None], covered: dict[str | None, int], ahead: Ahead
) -> list[tuple[Place | None, Cell]]:
    """The cells of one row; `covered` counts for each column over how many more rows an earlier cell stands."""
    by_room: dict[str | None, list[Card]] = defaultdict(list)
    for card in cards:
        by_room[card.room.uid if card.room else None].append(card)
    made: list[tuple[Place | None, Cell]] = []
    for room in columns:
        key = room.uid if room else None
        if covered.get(key):
            covered[key] -= 1
            continue
        here = tuple(by_room.get(key, ()))
        rows = 1 + (_rows_on(here, key, ahead) if here else 0)
        covered[key] = rows - 1
        made.append((room, Cell(here, rows)))
    return made


def _rows_on(cards: Sequence[Card], key: str | None, ahead: Ahead) -> int:
    """Over how many later rows these sessions still go on, their column and the whole width being free."""
    until = max(card.ends_at for card in cards if card.ends_at)
    rows = 0
    for later, crossed, moment in ahead:
        taken = any((card.room.uid if card.room else None) == key for card in later)
        if crossed or taken or moment >= until:
            break
        rows += 1
    return rows


def outline(day: Day, most: int = 8) -> list[Slot]:
    """The day in at most `most` lines: the shortest breaks go first, then what comes last."""
    slots = [slot for slot in day.slots if slot.breaks or slot.alive]
    pauses = sorted((slot for slot in slots if not slot.alive), key=_length)
    while len(slots) > most and pauses:
        slots.remove(pauses.pop(0))
    return slots[:most]


def _length(slot: Slot) -> float:
    return max(
        (card.ends_at - card.starts_at).total_seconds() for card in slot.breaks if card.ends_at and card.starts_at
    )
