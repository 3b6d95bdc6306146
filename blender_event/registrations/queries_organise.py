"""What organisers ask of registrations: the list, the waiting list, one person's story, needs, and rows to take along."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.core.text import folded
from blender_event.people.models import Person
from blender_event.programme.models import Edition
from blender_event.registrations.models import Needs, Parked, Registration, Team

PAGE_SIZE = 50
STATUSES = ("confirmed", "waiting", "cancelled")
SOURCES = ("web", "phone", "paper", "desk")
MOST_WORDS = 8
OUT_OF_TURN = "promoted out of turn"
_SORTS = {"name": (Registration.sort_key, Registration.id), "date": (Registration.created_at, Registration.id)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which registrations a list shows. An empty word asks nothing."""

    search: str = ""
    status: str = ""
    attendance: str = ""
    group: str = ""
    source: str = ""
    unverified: bool = False
    with_needs: bool = False
    promoted: bool = False
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, where in it they stand, and how many each status has in the whole edition."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int
    by_status: dict[str, int] = field(default_factory=dict)


def registrations(edition: Edition, wanted: Wanted, page: int) -> Page:
    """One page of the list. Only what the list shows is read, and what needs are asked for is not."""
    counts = _counts(edition)
    by_status = {status: sum(n for (known, _way), n in counts.items() if known == status) for status in STATUSES}
    conditions = _conditions(edition, wanted)
    simple = not (
        wanted.search or wanted.group or wanted.source or wanted.unverified or wanted.with_needs or wanted.promoted
    )
    if simple:
        total = sum(
            n for key, n in counts.items() if wanted.status in ("", key[0]) and wanted.attendance in ("", key[1])
        )
    else:
        total = db.session.scalar(select(func.count()).select_from(Registration).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    asked = (
        select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            Registration.organisation,
            Registration.attendance,
            Registration.status,
            Registration.created_at,
            Registration.promoted_at,
            Registration.source,
            Registration.email,
            Registration.verified_at,
        )
        .where(*conditions)
        .order_by(*_ordered(wanted))
    )
    return Page(_turned(asked, wanted, number, total), number, pages, total, by_status)


def _turned(asked: Any, wanted: Wanted, number: int, total: int) -> Sequence[Any]:
    """The rows of a page. Those behind the middle are read from the end, so that the last page is as near as the first."""
    start = (number - 1) * PAGE_SIZE
    if start <= total // 2:
        return db.session.execute(asked.limit(PAGE_SIZE).offset(start)).all()
    many = min(PAGE_SIZE, total - start)
    backwards = asked.order_by(None).order_by(*_ordered(wanted, turned=True))
    return db.session.execute(backwards.limit(many).offset(total - start - many)).all()[::-1]


def _ordered(wanted: Wanted, *, turned: bool = False) -> list[ColumnElement[Any]]:
    columns = _SORTS.get(wanted.sort, _SORTS["name"])
    return [column.desc() if wanted.descending != turned else column.asc() for column in columns]


def _counts(edition: Edition) -> dict[tuple[str, str], int]:
    """How many by status and way of taking part, in one statement that an index answers."""
    asked = (
        select(Registration.status, Registration.attendance, func.count())
        .where(Registration.edition_id == edition.id)
        .group_by(Registration.status, Registration.attendance)
    )
    return {(status, attendance): number for status, attendance, number in db.session.execute(asked)}


def _conditions(edition: Edition, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Registration.edition_id == edition.id,
        *_words(wanted.search, Registration.search_text),
    ]
    for column, value in (
        (Registration.status, wanted.status),
        (Registration.attendance, wanted.attendance),
        (Registration.group, wanted.group),
        (Registration.source, wanted.source),
    ):
        if value:
            found.append(column == value)
    if wanted.unverified:
        found += [
            Registration.status != "cancelled",
            Registration.email_key.is_not(None),
            Registration.verified_at.is_(None),
        ]
    if wanted.with_needs:
        found.append(select(Needs.id).where(Needs.registration_id == Registration.id).exists())
    if wanted.promoted:
        found.append(Registration.promoted_at.is_not(None))
    return found


def _words(search: str, place: Any) -> Iterator[ColumnElement[bool]]:
    """Every word must occur, whatever its capitals and diacritics. What databases read as a wildcard is a letter here."""
    for word in folded(search).split()[:MOST_WORDS]:
        literal = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        yield place.like(f"%{literal}%", escape="\\")


def questions(numbers: Iterable[int]) -> dict[int, int]:
    """How many things each of these registrations asks for; not which."""
    asked = select(Needs.registration_id, Needs.choices, Needs.words != "").where(
        Needs.registration_id.in_(list(numbers))
    )
    return {number: len(choices) + bool(words) for number, choices, words in db.session.execute(asked)}


def in_line(edition: Edition, attendance: str, page: int, total: int) -> Page:
    """A page of those who wait for one kind of place, the first in line first; `total` is how many wait."""
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    asked = (
        select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            Registration.organisation,
            Registration.created_at,
        )
        .where(*_conditions(edition, Wanted(status="waiting", attendance=attendance)))
        .order_by(Registration.queue_number, Registration.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(db.session.execute(asked).all(), number, pages, total)


def ahead(registration: Registration) -> Sequence[Any]:
    """Who waits for the same places and is before this person: (id, first name, last name, organisation), the first one first."""
    asked = (
        select(Registration.id, Registration.first_name, Registration.last_name, Registration.organisation)
        .where(
            Registration.edition_id == registration.edition_id,
            Registration.status == "waiting",
            Registration.attendance == registration.attendance,
            Registration.queue_number < registration.queue_number,
        )
        .order_by(Registration.queue_number, Registration.id)
    )
    return db.session.execute(asked).all()


def overtaken(edition: Edition) -> dict[int, list[tuple[AuditEntry, str | None]]]:
    """By registration: each time somebody got a place before them out of turn, with who decided it."""
    asked = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(
            AuditEntry.edition_id == edition.id, AuditEntry.kind == "registrations", AuditEntry.action == OUT_OF_TURN
        )
        .order_by(AuditEntry.id)
    )
    found: dict[int, list[tuple[AuditEntry, str | None]]] = {}
    for entry, name in db.session.execute(asked):
        for number in entry.new.get("overtook", []):
            found.setdefault(number, []).append((entry, name))
    return found


def story(registration: Registration) -> Sequence[Any]:
    """Everything that was done to a registration, the latest first, with the name of who did it."""
    asked = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(AuditEntry.kind == "registrations", AuditEntry.row_id == registration.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    return db.session.execute(asked).all()


@dataclass(frozen=True, slots=True)
class NeedsCount:
    """How often each need is asked for by those who come and by those who wait, and how many wrote words of their own."""

    confirmed: Counter[str]
    waiting: Counter[str]
    people: dict[str, int]
    in_words: dict[str, int]


def needs_counted(edition: Edition) -> NeedsCount:
    """Counts without names, for the caterer and the venue. Who cancelled needs nothing."""
    counters = {"confirmed": Counter[str](), "waiting": Counter[str]()}
    people: Counter[str] = Counter()
    in_words: Counter[str] = Counter()
    asked = (
        select(Registration.status, Needs.choices, Needs.words != "")
        .join(Needs, Needs.registration_id == Registration.id)
        .where(Registration.edition_id == edition.id, Registration.status != "cancelled")
    )
    for status, choices, words in db.session.execute(asked):
        counters[status].update(choices)
        people[status] += 1
        in_words[status] += bool(words)
    return NeedsCount(counters["confirmed"], counters["waiting"], dict(people), dict(in_words))


def needs_by_name(edition: Edition) -> Sequence[Any]:
    """Who needs what: (id, first name, last name, phone, attendance, status, choices, words), by name."""
    asked = (
        select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            Registration.phone,
            Registration.attendance,
            Registration.status,
            Needs.choices,
            Needs.words,
        )
        .join(Needs, Needs.registration_id == Registration.id)
        .where(Registration.edition_id == edition.id, Registration.status != "cancelled")
        .order_by(Registration.sort_key, Registration.id)
    )
    return db.session.execute(asked).all()


def to_take_along(edition: Edition, *, status: str, attendance: str, with_needs: bool) -> Iterator[Any]:
    """(registration, team name, choices, words) by name, a few hundred at a time. Without the right, needs are not even read."""
    columns: list[Any] = [Registration, Team.name.label("team_name")]
    if with_needs:
        columns += [Needs.choices.label("choices"), Needs.words.label("needs_words")]
    asked = select(*columns).outerjoin(Team, Team.id == Registration.team_id)
    if with_needs:
        asked = asked.outerjoin(Needs, Needs.registration_id == Registration.id)
    wanted = Wanted(status="" if status == "active" else status, attendance=attendance)
    asked = asked.where(*_conditions(edition, wanted)).order_by(Registration.sort_key, Registration.id)
    if status == "active":
        asked = asked.where(Registration.status != "cancelled")
    yield from db.session.execute(asked.execution_options(yield_per=500))


def who_comes(edition: Edition, attendance: str) -> Sequence[Any]:
    """First name, last name and organisation of everybody with a place, by name: for a list on paper."""
    asked = (
        select(Registration.first_name, Registration.last_name, Registration.organisation)
        .where(*_conditions(edition, Wanted(status="confirmed", attendance=attendance)))
        .order_by(Registration.sort_key, Registration.id)
    )
    return db.session.execute(asked).all()


def at_the_desk(edition: Edition, search: str, page: int) -> Page:
    """First name, last name, organisation and status, and nothing more: what helpers at the desk may see.

    They find people by name only, so that a search cannot be used to try out addresses.
    """
    asked = select(Registration.first_name, Registration.last_name, Registration.organisation, Registration.status)
    conditions = [Registration.edition_id == edition.id, *_words(search, Registration.sort_key)]
    total = db.session.scalar(select(func.count()).select_from(Registration).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    rows = (
        asked.where(*conditions)
        .order_by(Registration.sort_key, Registration.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(db.session.execute(rows).all(), number, pages, total)


def parked_form(edition: Edition, number: int, *, locked: bool = False) -> Parked | None:
    """A form that was put aside in this edition; `locked`: for one organiser at a time."""
    asked = select(Parked).where(Parked.edition_id == edition.id, Parked.id == number)
    return db.session.scalars(asked.with_for_update() if locked else asked).one_or_none()


def registered_by(registration: Registration) -> str | None:
    """The name of the organiser who registered this person."""
    person = aliased(Person)
    return db.session.scalar(select(person.name).where(person.id == registration.registered_by_id))
