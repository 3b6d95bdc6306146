"""The numbers of the frame and the dashboard, each in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from blender_event.core.database import db
from blender_event.mail.models import Letter
from blender_event.mail.queries import TROUBLE
from blender_event.people.models import Person
from blender_event.pitches import queries_waiting
from blender_event.programme.models import Edition, Speaker
from blender_event.registrations.models import Needs, Parked, Registration

MOST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """How an edition stands: places, people who wait, and what went wrong."""

    onsite: int = 0
    online: int = 0
    waiting: int = 0
    needs: int = 0
    unverified: int = 0
    parked: int = 0
    invited_speakers: int = 0
    declined_speakers: int = 0
    failed: int = 0
    stuck: int = 0
    held: int = 0

    @property
    def trouble(self) -> int:
        return self.failed + self.stuck


def _many(what: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(what).where(*conditions).scalar_subquery()


def _of(edition: Edition, *conditions: Any) -> ScalarSelect[int]:
    return _many(Registration, Registration.edition_id == edition.id, *conditions)


def _letters(edition: Edition, status: str) -> ScalarSelect[int]:
    return _many(Letter, Letter.edition_id == edition.id, Letter.status == status)


def figures(edition: Edition) -> Figures:
    """Everything the dashboard counts, in one statement."""
    comes = Registration.status == "confirmed"
    active = Registration.status != "cancelled"
    asks_needs = select(Needs.id).where(Needs.registration_id == Registration.id).exists()
    row = db.session.execute(
        select(
            _of(edition, comes, Registration.attendance == "onsite"),
            _of(edition, comes, Registration.attendance == "online"),
            _of(edition, Registration.status == "waiting"),
            _of(edition, active, asks_needs),
            _of(edition, active, Registration.email_key.is_not(None), Registration.verified_at.is_(None)),
            _many(Parked, Parked.edition_id == edition.id),
            _many(Speaker, *_undecided(edition)),
            _many(Speaker, Speaker.edition_id == edition.id, Speaker.declined_at.is_not(None)),
            _letters(edition, "failed"),
            _letters(edition, "stuck"),
            _letters(edition, "held"),
        )
    ).one()
    return Figures(*map(int, row))


def invited_speakers(edition: Edition, most: int = 4) -> list[str]:
    """The first names of who still has to say yes."""
    asked = select(Speaker.name).where(*_undecided(edition))
    return list(db.session.scalars(asked.order_by(Speaker.position, Speaker.name).limit(most)))


def _undecided(edition: Edition) -> tuple[Any, ...]:
    """Invited, and neither yes nor no."""
    return (Speaker.edition_id == edition.id, Speaker.status == "invited", Speaker.declined_at.is_(None))


def declined_speakers(edition: Edition, most: int = 4) -> list[str]:
    """The first names of who cannot come."""
    asked = select(Speaker.name).where(Speaker.edition_id == edition.id, Speaker.declined_at.is_not(None))
    return list(db.session.scalars(asked.order_by(Speaker.position, Speaker.name).limit(most)))


def menu_counts(edition: Edition | None, person: Person) -> dict[str, int]:
    """The numbers beside the menu, and how often this person speaks in any edition, in one statement."""
    if edition is None:
        return {}
    registered = _of(edition, Registration.status != "cancelled")
    trouble = _many(Letter, Letter.edition_id == edition.id, Letter.status.in_(TROUBLE))
    talks = _many(Speaker, Speaker.person_id == person.id)
    row = db.session.execute(select(registered, trouble, talks, queries_waiting.undecided(edition))).one()
    return {"registrations": row[0], "mails": row[1], "talks": row[2], "pitches": row[3]}


@dataclass(frozen=True, slots=True)
class Week:
    """Registrations of one week, Monday to Sunday; `number` is the ISO one."""

    number: int
    onsite: int
    online: int

    @property
    def label(self) -> str:
        return str(self.number)


def weeks(edition: Edition) -> list[Week]:
    """Who registered per week and still is: up to the last eight weeks in which that happened, empty ones between included."""
    moment = Registration.created_at
    on_day = func.date(func.timezone("UTC", moment)) if db.engine.dialect.name == "postgresql" else func.date(moment)
    rows = db.session.execute(
        select(on_day, Registration.attendance, func.count())
        .where(Registration.edition_id == edition.id, Registration.status != "cancelled")
        .group_by(on_day, Registration.attendance)
    ).all()
    found: dict[date, dict[str, int]] = {}
    for day, attendance, amount in rows:
        day = date.fromisoformat(str(day))
        monday = day - timedelta(days=day.weekday())
        totals = found.setdefault(monday, {"onsite": 0, "online": 0})
        totals[attendance] += amount
    return _without_gaps(found)


def _without_gaps(found: dict[date, dict[str, int]]) -> list[Week]:
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - timedelta(weeks=MOST_WEEKS - 1))
    mondays = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    none = {"onsite": 0, "online": 0}
    return [Week(monday.isocalendar().week, **found.get(monday, none)) for monday in mondays]


def groups(edition: Edition) -> list[tuple[str, int]]:
    """How many come of each group, the largest first."""
    amount = func.count()
    asked = (
        select(Registration.group, amount)
        .where(Registration.edition_id == edition.id, Registration.status == "confirmed")
        .group_by(Registration.group)
        .order_by(amount.desc(), Registration.group)
    )
    return [(group, number) for group, number in db.session.execute(asked)]


@dataclass(frozen=True, slots=True)
class MailState:
    """How sending goes, over all editions: it is one queue."""

    oldest_due: datetime | None
    last_sent: datetime | None
    waiting: int
    held: int
    unreached: int


def mail_state() -> MailState:
    """Since when the oldest letter is due, and when one last left; in one statement."""
    queued = Letter.status == "queued"
    row = db.session.execute(
        select(
            select(func.min(Letter.due_at)).where(queued).scalar_subquery(),
            select(func.max(Letter.sent_at)).scalar_subquery(),
            _many(Letter, queued),
            _many(Letter, Letter.status == "held"),
            _many(Letter, queued, Letter.unreached),
        )
    ).one()
    return MailState(*row)
