"""The lists of letters and of the audit trail: filtered, paged, and each in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import defer

from blender_event.audit.models import AuditEntry
from blender_event.core import text
from blender_event.core.database import db
from blender_event.mail.models import Bounce, Letter
from blender_event.people.models import Person
from blender_event.programme.models import Edition

PAGE_SIZE = 50
SHOWN = {
    "trouble": ("failed", "stuck"),
    "held": ("held",),
    "waiting": ("queued", "sending"),
    "sent": ("sent",),
    "dropped": ("dropped",),
}
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and where in it they stand."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def _page(asked: Select[*tuple[Any, ...]], wanted: int) -> tuple[Sequence[Any], int, int, int]:
    """One page of a select; a number too high gives the last page."""
    total = db.session.scalar(select(func.count()).select_from(asked.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, wanted), pages)
    rows = db.session.execute(asked.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return rows, number, pages, total


def _letters_of(edition: Edition, *, with_unbound: bool) -> ColumnElement[bool]:
    """Letters of this edition; for who organises every edition also those of none, such as links to sign in."""
    of_edition = Letter.edition_id == edition.id
    return or_(of_edition, Letter.edition_id.is_(None)) if with_unbound else of_edition


def letter_counts(edition: Edition, *, with_unbound: bool) -> dict[str, int]:
    """How many letters stand in each part of the outbox."""
    asked = (
        select(Letter.status, func.count())
        .where(_letters_of(edition, with_unbound=with_unbound))
        .group_by(Letter.status)
    )
    found = dict(db.session.execute(asked).all())
    return {part: sum(found.get(status, 0) for status in statuses) for part, statuses in SHOWN.items()}


def letters(edition: Edition, *, with_unbound: bool, show: str, search: str, page: int) -> Page[Letter]:
    """Trouble first, grouped by its reason, then what is held, what waits, what went, what was dropped."""
    rank = case({status: place for place, part in enumerate(SHOWN.values()) for status in part}, value=Letter.status)
    reason = case((rank == 0, Letter.reason), else_="")
    asked = (
        select(Letter)
        .where(_letters_of(edition, with_unbound=with_unbound))
        .options(defer(Letter.text), defer(Letter.html), defer(Letter.attachments))
        .order_by(rank, reason, Letter.id.desc())
    )
    if show in SHOWN:
        asked = asked.where(Letter.status.in_(SHOWN[show]))
    if search:
        words = f"%{_literal(search.casefold())}%"
        in_address = func.lower(Letter.to_email).like(words, escape="\\")
        asked = asked.where(or_(in_address, func.lower(Letter.to_name).like(words, escape="\\")))
    rows, number, pages, total = _page(asked, page)
    return Page([row[0] for row in rows], number, pages, total)


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def letter(edition: Edition, number: int, *, with_unbound: bool, locked: bool = False) -> Letter | None:
    """One letter, when it is this edition's."""
    asked = select(Letter).where(Letter.id == number, _letters_of(edition, with_unbound=with_unbound))
    return db.session.scalars(asked.with_for_update() if locked else asked).first()


def bounce_of(email: str) -> Bounce | None:
    """Whether, since when and why letters to this address are not sent."""
    return db.session.get(Bounce, text.email_key(email))


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit trail with the name of who did it; none for the system or an unnamed visitor."""

    entry: AuditEntry
    by_name: str | None


def _entries_of(edition: Edition, *, with_unbound: bool) -> ColumnElement[bool]:
    of_edition = AuditEntry.edition_id == edition.id
    return or_(of_edition, AuditEntry.edition_id.is_(None)) if with_unbound else of_edition


def deeds(edition: Edition, *, with_unbound: bool, by: int | None, kind: str, row: int | None, page: int) -> Page[Deed]:
    """What was done in an edition, the latest first."""
    asked = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(_entries_of(edition, with_unbound=with_unbound))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if by is not None:
        asked = asked.where(AuditEntry.by_id == by)
    if kind:
        asked = asked.where(AuditEntry.kind == kind)
    if row is not None:
        asked = asked.where(AuditEntry.row_id == row)
    rows, number, pages, total = _page(asked, page)
    return Page([Deed(entry, name) for entry, name in rows], number, pages, total)


def doers(edition: Edition, *, with_unbound: bool) -> list[tuple[int, str]]:
    """Everybody who did something here, by name."""
    asked = (
        select(Person.id, Person.name)
        .join(AuditEntry, AuditEntry.by_id == Person.id)
        .where(_entries_of(edition, with_unbound=with_unbound))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(number, name) for number, name in db.session.execute(asked)]


def kinds_done(edition: Edition, *, with_unbound: bool) -> list[str]:
    """The kinds of rows something was done to."""
    asked = select(AuditEntry.kind).where(_entries_of(edition, with_unbound=with_unbound)).distinct()
    return sorted(db.session.scalars(asked))
