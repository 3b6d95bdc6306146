"""A pitch on its way: kept from the first words on, saved step by step, sent in, and withdrawn."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import links
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Problem, Repeated, RuleBroken, require
from blender_event.core.text import _, email_key, folded
from blender_event.pitches import actions, notices, queries, rules_sending
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.programme import queries as programme_queries

REMIND_BEFORE = timedelta(days=3)
SEARCHED = ("title", "summary", "what", "for_whom", "result", "why", "vision_for_whom", "around_what")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed on one step: `pitch` and `me` hold only fields that can be kept; `email` None leaves the address alone.

    `seen` is what stood there when the page was made (`mark`), `key` the page's own one-time key.
    """

    step: str
    pitch: Mapping[str, Any]
    me: Mapping[str, Any] = field(default_factory=dict)
    email: str | None = None
    seen: str = ""
    key: str = ""


def begin(call: Call, typed: Typed, *, language: str, now: datetime) -> tuple[Author, bool]:
    """Keep a new draft with its first author. The same page (`typed.key`) never makes two: what it sends later is saved in the first.

    Answers the author and whether the draft is new. Raises `RuleBroken` when the call takes nothing any more.
    """
    programme_queries.lock(call.edition)
    purpose = f"new pitch {call.id}"
    try:
        audit.recall(typed.key, purpose=purpose, digest="")
    except Repeated as done:
        author = db.session.get(Author, int(done.result))
        if author is None:
            raise RuleBroken(Problem(_("This draft is no longer there. Begin again."))) from None
        save(author, typed, now=now)
        return author, False
    require(rules_sending.takes_a_new_one(call, now))
    pitch = Pitch(
        edition_id=call.edition_id, edition=call.edition, call_id=call.id, call=call, language=language,
        kind=call.kinds[0] if len(call.kinds) == 1 else "", created_at=now, changed_at=now,
    )  # fmt: skip
    author = Author(pitch=pitch, role="first", language=language)
    db.session.add(pitch)
    _write(pitch, author, typed, now)
    audit.note("pitch begun", pitch, by=None)
    audit.use(typed.key, purpose=purpose, digest="", result=str(author.id))
    _remember(pitch, author, typed)
    return author, True


def save(author: Author, typed: Typed, *, now: datetime) -> bool:
    """Keep what was typed on a step; False when nothing is different.

    What another window or a co-author wrote on this step meanwhile is never overwritten: raises `Conflict`. What this same
    page wrote last is its own, also when it never heard so. Raises `RuleBroken` when the pitch can no longer change, or
    would lack something after it was sent in.
    """
    pitch = queries.lock(author.pitch)
    db.session.refresh(author)
    require(rules_sending.may_change(pitch, now))
    present = mark(pitch, author, typed.step)
    same = all(getattr(pitch, name) == value for name, value in typed.pitch.items())
    same = same and all(getattr(author, name) == value for name, value in typed.me.items())
    same = same and (typed.email is None or author.accepted_at is not None or typed.email == (author.email or ""))
    if same:
        return False
    if present not in (typed.seen, audit.last(_page_key(typed), purpose=_page(pitch, typed))):
        raise Conflict(pitch)
    changed = sorted(name for name, value in typed.pitch.items() if getattr(pitch, name) != value)
    before = _lacking(pitch)
    _write(pitch, author, typed, now)
    _remember(pitch, author, typed)
    if pitch.status == "submitted":
        require(problem for field, problem in _lacking(pitch).items() if field not in before)
        audit.note("pitch changed", pitch, by=None, new={"fields": changed})
    return True


def _lacking(pitch: Pitch) -> dict[str | None, Problem]:
    """What keeps a pitch from being whole, by field. What was sent in stays whole, but for what was missing before."""
    return {problem.field: problem for problem in rules_sending.gaps(pitch, first_of(pitch))}


def _write(pitch: Pitch, author: Author, typed: Typed, now: datetime) -> None:
    for row, values in ((pitch, typed.pitch), (author, typed.me)):
        for name, value in values.items():
            setattr(row, name, value)
    if typed.email and author.accepted_at is None:  # an address that letters go to changes on a page of its own
        author.email, author.email_key = typed.email, email_key(typed.email)
    pitch.revision = (pitch.revision or 0) + 1
    pitch.changed_at = now
    pitch.search_text = folded(" ".join(getattr(pitch, name) or "" for name in SEARCHED))
    db.session.flush()


def _remember(pitch: Pitch, author: Author, typed: Typed) -> None:
    if typed.key:
        audit.remember(_page_key(typed), purpose=_page(pitch, typed), result=mark(pitch, author, typed.step))


def _page(pitch: Pitch, typed: Typed) -> str:
    return f"pitch page {pitch.id} {typed.step}"


def _page_key(typed: Typed) -> str:
    """The page's key serves to begin a draft; what it wrote last is kept under another one."""
    return links.hashed(f"{typed.key} {typed.step}")[:40] if typed.key else ""


def mark(pitch: Pitch, author: Author, step: str) -> str:
    """What stands on a step now, as a short hash: another one says that somebody changed it."""
    names = rules_sending.FIELDS.get(step, ())
    standing = [getattr(pitch, name) for name in names]
    if step == "praktisch":
        standing += [author.id, *(getattr(author, name) for name in rules_sending.ABOUT_ME)]
    return hashlib.sha256(json.dumps(standing).encode()).hexdigest()[:20]


def claim(author: Author, *, now: datetime, tell: bool) -> bool:
    """The first save by a button: from now on letters may go to this address, beginning with the one that holds the link.

    False when there is nothing to claim: no address, or it was claimed before. `tell` False: the address got enough letters.
    """
    if author.accepted_at is not None or not author.email:
        return False
    author.accepted_at = now
    if tell:
        notices.draft(author)
    return True


def send_in(author: Author, *, now: datetime) -> bool:
    """Send the pitch in, and confirm it to everybody who sends it in. Doing it again changes nothing and answers False.

    Raises `RuleBroken` with every gap.
    """
    pitch = author.pitch
    programme_queries.lock(pitch.edition)
    queries.lock(pitch)
    if pitch.status == "draft":
        require(rules_sending.gaps(pitch, first_of(pitch)))
    if not actions.step(pitch, "submitted", who="author", now=now):
        return False
    notices.sent_in(pitch)
    return True


def withdraw(author: Author, *, now: datetime) -> bool:
    """Take the pitch back for good, and say so to everybody who sent it in. Doing it again answers False."""
    pitch = author.pitch
    if not actions.step(pitch, "withdrawn", who="author", now=now):
        return False
    notices.withdrawn(pitch)
    return True


def first_of(pitch: Pitch) -> Author | None:
    """Who began the pitch."""
    return next((author for author in pitch.authors if author.role == "first"), None)


def verify(author: Author, *, now: datetime) -> None:
    """A button was pressed on a page whose link was mailed: the address is the author's own."""
    if author.verified_at is None and author.email:
        author.verified_at = now


def stop_showing(author: Author) -> bool:
    """Take back that everybody may read the pitch, whatever its state: its public pages are gone at once. False when they were."""
    pitch = queries.lock(author.pitch)
    if not pitch.agreed_public:
        return False
    pitch.agreed_public = False
    pitch.revision += 1
    audit.note("pitch changed", pitch, by=None, new={"fields": ["agreed_public"]})
    return True


def change_address(author: Author, *, email: str, now: datetime) -> bool:
    """Letters go elsewhere from now on; every earlier link stops working and the new address gets the new one.

    False when it is the same address. Raises `RuleBroken` when another author of this pitch has it.
    """
    pitch = queries.lock(author.pitch)
    db.session.refresh(author)
    if author.email_key == email_key(email) and author.email == email:
        return False
    other = queries.co_author_with(pitch, email)
    if other is not None and other.id != author.id:
        raise RuleBroken(Problem(_("Somebody who sends this pitch in already has this address."), "email"))
    old, reached = author.email, author.accepted_at is not None
    author.email, author.email_key = email, email_key(email)
    author.verified_at = None  # `person` stays: who speaks already is the same speaker, wherever letters go
    author.accepted_at = author.accepted_at or now
    author.link_version += 1
    audit.note("pitch address changed", pitch, by=None)
    db.session.flush()
    notices.link([author], moved=True)
    if old and reached:
        notices.address_moved(author, old)
    return True


def mail_links(edition: Any, email: str, *, language: str, now: datetime) -> bool:
    """Write somebody the links to their own pitches of an edition, all in one letter.

    For an address that sent nothing the same work is done, so that time tells nothing; False says: roll it back.
    """
    authors = queries.by_address(edition, email)
    known = bool(authors)
    notices.link(list(authors) or [_nobody(edition, email, language, now)])
    return known


def _nobody(edition: Any, email: str, language: str, now: datetime) -> Author:
    """Rows that are never committed, to write a letter about."""
    call = Call(edition_id=edition.id, edition=edition, slug=links.random_token(), title="-", kinds=[], created_at=now)
    pitch = Pitch(edition_id=edition.id, edition=edition, call=call, created_at=now, changed_at=now)
    nobody = Author(pitch=pitch, email=email, email_key=email_key(email), language=language)
    db.session.add_all([call, pitch, nobody])
    db.session.flush()
    return nobody


def remind(*, now: datetime) -> int:
    """One letter, once, to each draft whose call closes within three days. How many were written."""
    written = 0
    for pitch in queries.closing_between(now, now + REMIND_BEFORE):
        first = first_of(pitch)
        if first is not None and first.email and first.accepted_at is not None:
            programme_queries.lock(pitch.edition)
            if pitch.edition.status != "cancelled" and not notices.was_reminded(pitch):
                notices.closing(pitch, first)
                written += 1
    return written
