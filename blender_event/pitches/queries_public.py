"""Named reads for the public side of pitches: which calls there are, and what may be read of what was sent in."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core import text
from blender_event.core.caching import Shelf
from blender_event.core.database import db
from blender_event.pitches import rules_calls
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.queries_calls import PUBLIC_STATES
from blender_event.programme import queries as programme
from blender_event.programme.models import Edition, Session

_kept = Shelf(most_bytes=4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class CallWords:
    """A call as the public reads it: a value, so that it can be kept in memory."""

    id: int
    slug: str
    title: str
    intro_html: str
    kinds: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime | None
    word_limit: int
    most_authors: int
    is_blind: bool
    judging_closes_at: datetime | None
    pitches_public_at: datetime | None

    @property
    def shows_pitches(self) -> bool:
        return self.pitches_public_at is not None


def calls(edition: Edition) -> Sequence[Call]:
    """The calls the public may know of, in the organisers' order: one without a beginning is still being prepared."""
    asked = select(Call).where(Call.edition_id == edition.id, Call.opens_at.is_not(None))
    return db.session.scalars(asked.order_by(Call.position, Call.id)).all()


def open_calls(edition: Edition, now: datetime) -> list[Call]:
    """The calls that take pitches now, as rows."""
    return [call for call in calls(edition) if rules_calls.phase(call, now) == "open"]


def announced(edition: Edition) -> tuple[CallWords, ...]:
    """The same calls as values, for public pages: nothing is asked of the database while the edition is what it was.

    Every change of a call raises the edition's public revision.
    """
    key = (edition.uid, edition.public_revision)
    found: tuple[CallWords, ...] | None = _kept.find(key)
    if found is None:
        found = tuple(_words(row) for row in calls(edition))
        _kept.keep(key, found, 1000 + sum(1000 + 2 * len(call.intro_html) for call in found))
    return found


def _words(call: Call) -> CallWords:
    same = ("id", "slug", "title", "intro_html", "closes_at", "word_limit", "most_authors", "is_blind")
    return CallWords(
        **{name: getattr(call, name) for name in same},
        kinds=tuple(call.kinds),
        opens_at=call.opens_at,  # type: ignore[arg-type]
        judging_closes_at=call.judging_closes_at,
        pitches_public_at=call.pitches_public_at,
    )


def phases(edition: Edition, now: datetime) -> dict[int, str]:
    """Where each public call stands, by id: what kept pages depend on besides the revision."""
    over = rules_calls.is_over(edition, now)
    return {
        call.id: "closed" if over else rules_calls.window(call.opens_at, call.closes_at, now)
        for call in announced(edition)
    }


def open_now(edition: Edition, now: datetime) -> tuple[tuple[str, datetime | None], ...]:
    """Title and last moment of each call that takes pitches (the answer to `programme.facts.open_calls`)."""
    standing = phases(edition, now)
    return tuple((call.title, call.closes_at) for call in announced(edition) if standing[call.id] == "open")


def shows_pitches(edition: Edition) -> bool:
    """Whether organisers opened the pitches of any call."""
    return any(call.shows_pitches for call in announced(edition))


def _may_be_read() -> ColumnElement[bool]:
    """What makes a pitch public: its submitter agreed, organisers opened the call, and it is still in the running.

    A decision that nobody was told changes nothing here.
    """
    return and_(
        Pitch.agreed_public,
        Pitch.status.in_(PUBLIC_STATES),
        Pitch.title != "",
        Call.pitches_public_at.is_not(None),
        Call.opens_at.is_not(None),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What the public pages of pitches depend on: `stamp` changes with any of them, `undecided` counts per blind call."""

    stamp: tuple[Hashable, ...] = ()
    undecided: tuple[tuple[int, int], ...] = ()


def standing(edition: Edition) -> Standing:
    """In one statement whether anything of the public pitches changed; nothing is asked while all calls keep theirs closed."""
    opened = [call.id for call in announced(edition) if call.shows_pitches]
    if not opened:
        return Standing()
    asked = (
        select(
            Pitch.call_id,
            Pitch.status,
            Pitch.agreed_public,
            func.count(),
            func.sum(Pitch.id),
            func.sum(Pitch.revision),
            func.max(Pitch.changed_at),
        )
        .where(Pitch.edition_id == edition.id, Pitch.call_id.in_(opened), Pitch.status.in_(PUBLIC_STATES))
        .group_by(Pitch.call_id, Pitch.status, Pitch.agreed_public)
        .order_by(Pitch.call_id, Pitch.status, Pitch.agreed_public)
    )
    rows = db.session.execute(asked).all()
    waiting: Counter[int] = Counter()
    for row in rows:
        waiting[row.call_id] += row[3] if row.status == "submitted" else 0
    shown = tuple(tuple(str(value) for value in row) for row in rows if row.agreed_public)
    return Standing(shown, tuple(sorted(waiting.items())))


def open_about_names(edition: Edition, now: datetime, state: Standing) -> tuple[int, ...]:
    """The calls of whose pitches the public may read who sent them in."""
    undecided = dict(state.undecided)
    return tuple(
        call.id
        for call in announced(edition)
        if rules_calls.names_may_be_shown(
            is_blind=call.is_blind,
            judging_closes_at=call.judging_closes_at,
            undecided=undecided.get(call.id, 0),
            now=now,
        )
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A public pitch in a list, without anybody's name."""

    id: int
    code: str
    call_id: int
    title: str
    kind: str
    summary: str
    stage: str
    themes: tuple[str, ...]
    technology: tuple[str, ...]
    sectors: tuple[str, ...]
    language: str
    search_text: str
    session_uid: str | None  # of an accepted pitch whose submitters were told

    @property
    def slug(self) -> str:
        return slug_of(self.title, self.code)


def slug_of(title: str, code: str) -> str:
    """The end of a pitch's address: readable words, and the random part that counts (as `Pitch.slug`)."""
    return f"{text.slug(title)}-{code}".strip("-")


def cards(edition: Edition) -> list[Card]:
    """Every public pitch of an edition, by title, in one statement."""
    asked = (
        select(
            Pitch.id, Pitch.code, Pitch.call_id, Pitch.title, Pitch.kind, Pitch.summary, Pitch.what, Pitch.stage,
            Pitch.themes, Pitch.technology, Pitch.sectors, Pitch.language, Pitch.search_text, Pitch.status, Session.uid,
        )
        .join(Call, Call.id == Pitch.call_id)
        .outerjoin(Session, Session.id == Pitch.session_id)
        .where(Pitch.edition_id == edition.id, _may_be_read())
    )  # fmt: skip
    found = [_card(row) for row in db.session.execute(asked)]
    return sorted(found, key=lambda card: (text.folded(card.title), card.id))


def _card(row: Any) -> Card:
    same = ("id", "code", "call_id", "title", "kind", "stage", "language", "search_text")
    return Card(
        **{name: getattr(row, name) for name in same},
        summary=row.summary or row.what,
        themes=tuple(row.themes),
        technology=tuple(row.technology),
        sectors=tuple(row.sectors),
        session_uid=row.uid if row.status in ("accepted", "confirmed") else None,
    )


def pitch(edition: Edition, slug: str) -> Pitch | None:
    """The public pitch an address names: only the random part at its end counts."""
    asked = (
        select(Pitch)
        .join(Call, Call.id == Pitch.call_id)
        .where(Pitch.edition_id == edition.id, Pitch.code == slug.rpartition("-")[2], _may_be_read())
        .options(joinedload(Pitch.call), joinedload(Pitch.session), selectinload(Pitch.authors))
    )
    return db.session.scalars(asked).one_or_none()


def named(pitch: Pitch) -> list[Author]:
    """Who sent a pitch in together: those who were invited and have not said yes are not among them."""
    return [author for author in pitch.authors if author.status == "accepted" and author.name]


def session_slug(edition: Edition, uid: str | None) -> str | None:
    """Where the session a pitch became stands in the published programme; None while it is not there or was cancelled."""
    published = programme.published(edition) if uid else None
    point = next((point for point in published.points if point.uid == uid), None) if published else None
    return point.slug if point is not None and not point.is_cancelled else None


def everywhere() -> Sequence[Any]:
    """Every public pitch of every public edition: what “bestaat dit al?” looks through."""
    asked = (
        select(
            Pitch.id, Pitch.code, Pitch.title, Pitch.summary, Pitch.what, Pitch.search_text, Pitch.language,
            Edition.slug.label("edition_slug"), Edition.title.label("edition_title"), Edition.starts_on,
        )
        .join(Call, Call.id == Pitch.call_id)
        .join(Edition, Edition.id == Pitch.edition_id)
        .where(_may_be_read(), Edition.status != "draft")
        .order_by(Pitch.id)
    )  # fmt: skip
    return db.session.execute(asked).all()


def stamp_of_everywhere() -> tuple[Hashable, ...]:
    """Changes whenever `everywhere` does; one statement."""
    asked = (
        select(func.count(), func.sum(Pitch.id), func.sum(Pitch.revision), func.max(Pitch.changed_at))
        .select_from(Pitch)
        .join(Call, Call.id == Pitch.call_id)
        .join(Edition, Edition.id == Pitch.edition_id)
        .where(_may_be_read(), Edition.status != "draft")
    )
    return tuple(str(value) for value in db.session.execute(asked).one())
