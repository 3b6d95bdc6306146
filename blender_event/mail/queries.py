"""What organisers and checks ask of the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, or_, select

from blender_event.core.database import db
from blender_event.mail.models import Letter, Mailing

OVERDUE = timedelta(minutes=10)
TROUBLE = ("failed", "stuck", "held")
Light = Literal["fine", "slow", "trouble"]


def counts(edition_id: int | None) -> dict[str, int]:
    """How many letters of an edition stand in each state (None: of every edition and of none)."""
    asked = select(Letter.status, func.count().label("number")).where(*_in_edition(edition_id)).group_by(Letter.status)
    return {row.status: row.number for row in db.session.execute(asked)}


def letters(edition_id: int | None, statuses: Sequence[str], *, page: int = 1, size: int = 50) -> list[Letter]:
    """A page of letters in these states, newest first."""
    asked = select(Letter).where(*_in_edition(edition_id), Letter.status.in_(statuses)).order_by(Letter.id.desc())
    return list(db.session.scalars(asked.limit(size).offset((page - 1) * size)))


def trouble(edition_id: int | None) -> list[tuple[str, str, int]]:
    """What went wrong, as (state, reason, how many letters), the most frequent first."""
    number = func.count()
    asked = (
        select(Letter.status, Letter.reason, number)
        .where(*_in_edition(edition_id), Letter.status.in_(TROUBLE))
        .group_by(Letter.status, Letter.reason)
        .order_by(number.desc(), Letter.reason)
    )
    return [(status, reason, count) for status, reason, count in db.session.execute(asked)]


def letter(letter_id: int) -> Letter | None:
    return db.session.get(Letter, letter_id)


def about(words: str) -> list[Letter]:
    """Every letter about one row ("registration 12"), newest first."""
    return list(db.session.scalars(select(Letter).where(Letter.about == words).order_by(Letter.id.desc())))


def waits(key: str) -> bool:
    """Whether a letter with this key has not left yet: a new one takes its place, and has to say what it said."""
    return (
        db.session.scalar(select(Letter.id).where(Letter.key == key, Letter.status.in_(("queued", "sending"))).limit(1))
        is not None
    )


def last_told(key: str, edition_id: int) -> datetime | None:
    """When the last letter with this key that left was written."""
    gone = (Letter.edition_id == edition_id, Letter.status == "sent", Letter.key == key)
    return db.session.scalar(select(func.max(Letter.created_at)).where(*gone))


def mailings_before(mailing: Mailing, since: datetime | None) -> list[Mailing]:
    """Earlier mailings of the same kind and edition, oldest first; only those made after `since`."""
    same = (Mailing.edition_id == mailing.edition_id, Mailing.kind == mailing.kind, Mailing.id < mailing.id)
    later = [Mailing.created_at > since] if since is not None else []
    return list(db.session.scalars(select(Mailing).where(*same, *later).order_by(Mailing.id)))


def overdue(now: datetime, edition_id: int | None = None) -> list[Letter]:
    """Letters that should have gone out more than ten minutes ago and neither went nor failed."""
    late = now - OVERDUE
    waiting = and_(Letter.status == "queued", Letter.due_at < late)
    left = and_(Letter.status == "sending", Letter.lease_until < late)
    asked = select(Letter).where(*_in_edition(edition_id), or_(waiting, left))
    return list(db.session.scalars(asked.order_by(Letter.id)))


def light(edition_id: int | None, now: datetime) -> Light:
    """The health of the post at a glance: `trouble` when a letter gave up or is overdue, `slow` while one is retried."""
    states = counts(edition_id)
    if any(states.get(status) for status in TROUBLE) or overdue(now, edition_id):
        return "trouble"
    again = select(Letter.id).where(*_in_edition(edition_id), Letter.status == "queued", Letter.attempts > 0).limit(1)
    return "slow" if db.session.scalar(again) is not None else "fine"


def unfinished_mailings() -> list[int]:
    """Mailings of which not everybody has a letter yet, oldest first."""
    return list(db.session.scalars(select(Mailing.id).where(Mailing.finished_at.is_(None)).order_by(Mailing.id)))


def _in_edition(edition_id: int | None) -> list[ColumnElement[bool]]:
    return [] if edition_id is None else [Letter.edition_id == edition_id]
