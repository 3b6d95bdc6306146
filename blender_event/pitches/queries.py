"""Named reads of pitches: whose link this is, which calls are open, and what an author's letters point at."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from blender_event.core import links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.pitches.models import Author, Call, Pitch, PitchFile
from blender_event.programme.models import Edition


def by_token(token: str, purpose: Purpose = Purpose.PITCH) -> Author | None:
    """The author whose link this is (`Purpose.PITCH` or `Purpose.CO_AUTHOR`); None when it proves nothing.

    A pitch's link comes in two forms: the one pages show, and one that is only ever mailed (`is_mailed`).
    """
    number = links.row_id(token)
    author = _author(number) if number is not None else None
    if author is None:
        return None
    if links.proves(token, purpose, author.id, author.link_version):
        return author
    return author if purpose is Purpose.PITCH and is_mailed(token, author) else None


def is_mailed(token: str, author: Author) -> bool:
    """Whether this token was only ever mailed, so that using it proves the address."""
    return links.proves(token, Purpose.PITCH_MAILED, author.id, author.link_version)


def token_of(author: Author) -> str:
    """The token of an author's own pitch as pages show it; letters carry another one (`is_mailed`)."""
    return links.derive(Purpose.PITCH, author.id, author.link_version)


def own_address(author_id: int, language: str) -> str:
    """The address of somebody's own pitch as letters have it, made when a letter is sent."""
    author = db.session.get_one(Author, author_id)
    token = links.derive(Purpose.PITCH_MAILED, author.id, author.link_version)
    return links.address("pitches.mine", language=language, edition=author.pitch.edition.slug, token=token)


def invitation_address(author_id: int, language: str) -> str:
    """The address where somebody accepts to send a pitch in together."""
    author = db.session.get_one(Author, author_id)
    token = links.derive(Purpose.CO_AUTHOR, author.id, author.link_version)
    return links.address("pitches.invitation", language=language, edition=author.pitch.edition.slug, token=token)


def _author(number: int) -> Author | None:
    asked = select(Author).where(Author.id == number)
    whole = joinedload(Author.pitch)
    return db.session.scalars(
        asked.options(whole.joinedload(Pitch.edition), whole.joinedload(Pitch.call))
    ).one_or_none()


def in_edition(edition: Edition, which: int | str) -> Pitch | None:
    """A pitch of this edition by its id or its code (also as the end of a slug); another edition's is not there."""
    asked = select(Pitch).where(Pitch.edition_id == edition.id)
    mine = Pitch.id == which if isinstance(which, int) else Pitch.code == which.rpartition("-")[2]
    return db.session.scalars(asked.where(mine).options(joinedload(Pitch.call))).one_or_none()


def calls(edition: Edition) -> Sequence[Call]:
    """Every call of an edition, in the order organisers gave."""
    asked = select(Call).where(Call.edition_id == edition.id).order_by(Call.position, Call.id)
    return db.session.scalars(asked).all()


def open_calls(edition: Edition, now: datetime) -> Sequence[Call]:
    """The calls one can send something in through at this moment."""
    asked = select(Call).where(
        Call.edition_id == edition.id,
        Call.opens_at <= now,
        or_(Call.closes_at.is_(None), Call.closes_at > now),
    )
    return db.session.scalars(asked.order_by(Call.position, Call.id)).all()


def file_of(pitch: Pitch, number: int) -> PitchFile | None:
    """A file of exactly this pitch, by its id."""
    asked = select(PitchFile).where(PitchFile.pitch_id == pitch.id, PitchFile.id == number)
    return db.session.scalars(asked).one_or_none()
