"""Writing letters: a row in the caller's transaction, rendered now, sent by the worker after the commit."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite

from blender_event.core import clock, links, text
from blender_event.core.database import db
from blender_event.core.wires import Question
from blender_event.mail import rendering
from blender_event.mail.models import Bounce, Letter, Mailing
from blender_event.mail.reasons import BOUNCED

CALENDAR = "text/calendar; method=PUBLISH; charset=utf-8"
POSTED, ANNOUNCED = (
    "posted_letters",
    "announced_mailings",
)  # in `db.session.info`: what a commit has to wake the worker for
_KEPT = ("id", "key", "sent_at")  # of a letter that is replaced before it went out
_PLACEHOLDER = re.compile("\x02([^\x02\x03:]+):([0-9]+)\x03")

fill: Question[[str, int, str], str] = Question(
    "which address does this placeholder stand for (purpose, row id, language)?"
)


class Occasion(Protocol):
    """What a letter needs to know of the edition it is about."""

    id: Any
    is_example: Any
    contact_email: Any
    contact_phone: Any
    organiser_name: Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. `type` is the whole Content-Type."""

    name: str
    data: bytes
    type: str = CALENDAR


def put(
    *,
    kind: str,
    to_email: str,
    to_name: str,
    language: str,
    facts: dict[str, Any],
    edition: Occasion | None = None,
    attachments: Iterable[Attachment] = (),
    key: str | None = None,
    about: str = "",
    due_at: datetime | None = None,
    reply_to: str = "",
) -> Letter:
    """Write a letter in the present transaction: it goes out after the commit, at `due_at` or at once.

    `facts` fill `templates/mail/<kind>.txt`; the edition's contact details and `to_name` are known there too. A letter
    with the same `key` that is still waiting is replaced. `about` names the row it concerns ("registration 12").
    To an address that was marked as bounced the letter is written but not sent.
    """
    known = {"to_name": text.clean(to_name), **_contact(edition), **facts}
    letter = _stored(
        _fresh(due_at)
        | _words(rendering.render(kind, language, known), edition, language)
        | _state(to_email)
        | {
            "key": key,
            "edition_id": edition.id if edition else None,
            "kind": kind,
            "about": about[:60],
            "to_email": text.clean(to_email, longest=320),
            "to_name": text.clean(to_name),
            "reply_to": reply_to or (edition.contact_email if edition else ""),
            "language": language,
            "attachments": [_kept(attachment) for attachment in attachments],
        }
    )
    db.session.info.setdefault(POSTED, {})[letter.id] = None
    return letter


def _fresh(due_at: datetime | None) -> dict[str, Any]:
    """What every letter that nobody tried to send begins with."""
    now = clock.now()
    return {
        "message_id": _new_message_id(),
        "attempts": 0,
        "created_at": now,
        "due_at": due_at or now,
        "lease_until": None,
        "unreached": False,
    }


def _words(rendered: rendering.Rendered, edition: Occasion | None, language: str) -> dict[str, Any]:
    return {"subject": _subject(rendered.subject, edition, language), "text": rendered.text, "html": rendered.html}


def _state(to_email: str) -> dict[str, Any]:
    """Queued, unless the address is known not to work."""
    bounced = db.session.get(Bounce, text.email_key(to_email)) is not None
    return {"status": "failed", "reason": BOUNCED} if bounced else {"status": "queued", "reason": ""}


def link(purpose: str, row_id: int) -> str:
    """A placeholder for a personal address, filled in at sending (`fill`), so that the outbox holds no secret.

    It stands as the address of a button or a link, or as an expression of its own: never inside another value.
    """
    return f"\x02{purpose}:{row_id}\x03"


def filled(words: str, addresses: dict[str, str]) -> str:
    """The words with each placeholder replaced by its address."""
    return _PLACEHOLDER.sub(lambda found: addresses[found.group()], words)


def placeholders(words: str) -> dict[str, tuple[str, int]]:
    """Every placeholder in the words, with its purpose and row id."""
    return {found.group(): (found[1], int(found[2])) for found in _PLACEHOLDER.finditer(words)}


def announce(kind: str, edition: Occasion, audience_ids: Iterable[int], facts: dict[str, Any]) -> Mailing:
    """Promise a letter to each of the audience, frozen now; a job writes them by `mailings.expands(kind, …)`."""
    audience = list(dict.fromkeys(audience_ids))
    mailing = Mailing(
        edition_id=edition.id, kind=kind, facts=facts, audience=audience, done=0, faults=[], created_at=clock.now()
    )
    db.session.add(mailing)
    db.session.flush()
    db.session.info.setdefault(ANNOUNCED, {})[mailing.id] = None
    return mailing


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as somebody reads it before it exists."""

    to_name: str
    to_email: str
    subject: str
    text: str


def written_now() -> list[Written]:
    """The letters this transaction would send, as values that outlive a rollback: to be read before deciding."""
    ids = list(db.session.info.get(POSTED, {}))
    rows = db.session.scalars(select(Letter).where(Letter.id.in_(ids)).order_by(Letter.id)).all() if ids else []
    return [Written(row.to_name, row.to_email, row.subject, _PLACEHOLDER.sub("…", row.text)) for row in rows]


def as_read(
    *,
    kind: str,
    to_email: str,
    to_name: str,
    language: str,
    facts: dict[str, Any],
    edition: Occasion | None,
    **_more: Any,
) -> Written:
    """The letter that `put` would write from the same words, to be read before deciding. Nothing is stored."""
    known = {"to_name": text.clean(to_name), **_contact(edition), **facts}
    rendered = rendering.render(kind, language, known)
    subject = _subject(rendered.subject, edition, language)
    return Written(known["to_name"], to_email, subject, _PLACEHOLDER.sub("…", rendered.text))


def withdraw(key: str) -> None:
    """Drop the waiting letter with this key, if there is one (a reminder to somebody who cancelled)."""
    waiting = db.session.scalars(select(Letter).where(Letter.key == key, Letter.status.in_(("queued", "held"))))
    for letter in waiting:
        letter.status = "dropped"


def withdraw_to(email: str, *, about: str) -> None:
    """Drop what did not leave for an address about one row: the links in it are made at sending, and are somebody else's by now."""
    unsent = select(Letter).where(Letter.about == about, Letter.to_email == text.clean(email, longest=320))
    for letter in db.session.scalars(unsent.where(Letter.status.in_(("queued", "held", "stuck", "failed")))):
        letter.status = "dropped"


def _stored(values: dict[str, Any]) -> Letter:
    """The row; when a waiting one has its key, that one with the new values. One statement: it cannot be overtaken."""
    replaces = values["key"] is not None and values["status"] == "queued"
    db.session.flush()
    written = db.session.scalars(
        _writing(db.engine.dialect.name, replaces), [values], execution_options={"populate_existing": True}
    )
    return written.one()


@lru_cache(maxsize=4)
def _writing(dialect: str, replaces: bool) -> Any:
    """The statement, made once: putting it together takes longer than running it, and a lock is held meanwhile."""
    writing = (postgresql if dialect == "postgresql" else sqlite).insert(Letter)
    if replaces:
        renewed = {
            column.name: writing.excluded[column.name]
            for column in Letter.__table__.columns
            if column.name not in _KEPT
        }
        writing = writing.on_conflict_do_update(
            index_elements=[Letter.key], index_where=sql("status = 'queued'"), set_=renewed
        )
    return writing.returning(Letter)


def _contact(edition: Occasion | None) -> dict[str, Any]:
    if edition is None:
        return {"contact_email": "", "contact_phone": "", "organiser_name": ""}
    return {
        "contact_email": edition.contact_email,
        "contact_phone": edition.contact_phone,
        "organiser_name": edition.organiser_name,
        "edition": edition,
    }


def _subject(words: str, edition: Occasion | None, language: str) -> str:
    """Letters of the example edition say so before anything else."""
    if edition is None or not edition.is_example:
        return words
    mark = "[example]" if language == "en" else "[voorbeeld]"
    return f"{mark} {words}"[: rendering.LONGEST_SUBJECT]


def _kept(attachment: Attachment) -> dict[str, str]:
    return {
        "name": text.clean(attachment.name, longest=100),
        "type": attachment.type,
        "data": base64.b64encode(attachment.data).decode(),
    }


def _new_message_id() -> str:
    """One per letter, at the sender's domain: the same at every try, so that a rare double is recognisable."""
    domain = parseaddr(current_app.config["MAIL_SENDER"])[1].rpartition("@")[2] or "localhost"
    return f"<{links.random_token()}@{domain}>"


def resend(letter: Letter) -> None:
    """Send it again, from the first try on; a letter that was already sent goes out once more as a letter of its own."""
    now = clock.now()
    letter.status, letter.reason, letter.attempts, letter.due_at = "queued", "", 0, now
    letter.lease_until, letter.unreached, letter.key = None, False, None
    if letter.sent_at is not None:
        letter.message_id, letter.sent_at = _new_message_id(), None
    db.session.flush()
    db.session.info.setdefault(POSTED, {})[letter.id] = None


def drop(letter: Letter) -> None:
    """Never send it. What is already on its way or sent stays what it is."""
    if letter.status not in ("sent", "sending"):
        letter.status = "dropped"


def release_held(edition_id: int | None = None) -> int:
    """Let go the letters a restored backup kept back, except where a newer one with the same key waits; how many go."""
    held = select(Letter).where(Letter.status == "held").order_by(Letter.id)
    letters = list(db.session.scalars(held.where(Letter.edition_id == edition_id) if edition_id else held))
    newer = set(db.session.scalars(select(Letter.key).where(Letter.status == "queued", Letter.key.is_not(None))))
    for letter in letters:
        if letter.key in newer:
            drop(letter)
        else:
            resend(letter)
    return sum(letter.status == "queued" for letter in letters)


def mark_bounced(email: str, reason: str = "") -> None:
    """Write to this address no more; what waits for it fails."""
    key = text.email_key(email)
    if db.session.get(Bounce, key) is None:
        db.session.add(Bounce(email_key=key, marked_at=clock.now(), reason=reason[:300]))
    waiting = select(Letter).where(Letter.status.in_(("queued", "held", "stuck")), Letter.to_email.ilike(email.strip()))
    for letter in db.session.scalars(waiting):
        if text.email_key(letter.to_email) == key:
            letter.status, letter.reason = "failed", BOUNCED


def forgive(email: str) -> None:
    """The address works again."""
    bounce = db.session.get(Bounce, text.email_key(email))
    if bounce is not None:
        db.session.delete(bounce)
