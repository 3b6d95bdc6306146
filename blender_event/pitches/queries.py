"""Named reads of pitches: whose link this is, what an author's letters point at, and which drafts wait for something."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core import links
from blender_event.core.database import db, note_lock
from blender_event.core.links import Purpose
from blender_event.core.text import email_key
from blender_event.pitches.models import Author, Call, Pitch, PitchFile
from blender_event.programme.models import Edition


def by_token(token: str, purpose: Purpose = Purpose.PITCH) -> Author | None:
    """The author whose link this is (`Purpose.PITCH` or `Purpose.CO_AUTHOR`); None when it proves nothing.

    A pitch's link comes in two forms: the one pages show, and one that is only ever mailed (`is_mailed`).
    """
    number = links.row_id(token)
    author = _author(number) if number is not None else None
    if author is None or (purpose is Purpose.PITCH and author.status != "accepted"):
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


def call_by_slug(edition: Edition, slug: str) -> Call | None:
    """A call of this edition that the public may know of: one without a beginning is still being prepared."""
    asked = select(Call).where(Call.edition_id == edition.id, Call.slug == slug, Call.opens_at.is_not(None))
    return db.session.scalars(asked.options(joinedload(Call.edition))).one_or_none()


def lock(pitch: Pitch) -> Pitch:
    """Take the pitch for writing, then see it as it is now: of two who save at once, the second one finds the first one's.

    Nothing may have been changed before in this transaction. Verbs that lead it to another state lock the edition too.
    """
    asked = select(Pitch).where(Pitch.id == pitch.id).with_for_update(of=Pitch)
    db.session.execute(asked.execution_options(populate_existing=True)).scalar_one()
    db.session.expire(pitch, ["authors"])
    note_lock()
    return pitch


def by_address(edition: Edition, email: str) -> Sequence[Author]:
    """Where somebody is an author in an edition with an address that letters may go to; the latest last."""
    asked = (
        select(Author)
        .join(Pitch)
        .where(Pitch.edition_id == edition.id, Author.email_key == email_key(email), Author.accepted_at.is_not(None))
        .options(joinedload(Author.pitch).joinedload(Pitch.edition))
    )
    return db.session.scalars(asked.order_by(Author.id)).all()


def co_author_with(pitch: Pitch, email: str) -> Author | None:
    """The author of this pitch with this address, invited or accepted."""
    asked = select(Author).where(Author.pitch_id == pitch.id, Author.email_key == email_key(email))
    return db.session.scalars(asked).one_or_none()


def author_of(pitch: Pitch, number: int) -> Author | None:
    """An author of exactly this pitch, by id."""
    asked = select(Author).where(Author.pitch_id == pitch.id, Author.id == number)
    return db.session.scalars(asked).one_or_none()


def closing_between(first: datetime, last: datetime) -> Sequence[Pitch]:
    """Drafts whose call closes in this time (or whose own extension ends then)."""
    ends = func.coalesce(Pitch.extended_until, Call.closes_at)
    asked = (
        select(Pitch)
        .join(Call)
        .where(Pitch.status == "draft", ends > first, ends <= last)
        .options(joinedload(Pitch.edition), joinedload(Pitch.call), selectinload(Pitch.authors))
    )
    return db.session.scalars(asked.order_by(Pitch.id)).all()


def file_of(pitch: Pitch, number: int) -> PitchFile | None:
    """A file of exactly this pitch, by its id."""
    asked = select(PitchFile).where(PitchFile.pitch_id == pitch.id, PitchFile.id == number)
    return db.session.scalars(asked).one_or_none()
