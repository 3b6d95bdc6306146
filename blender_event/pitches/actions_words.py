"""Organisers write about a pitch: its words for somebody else, a pitch given by phone, and the discussion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import Conflict
from blender_event.core.text import email_key, folded
from blender_event.people.models import Person
from blender_event.pitches import actions, actions_reviewing, notices, queries
from blender_event.pitches.actions_drafts import SEARCHED
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.programme import queries as programme_queries


def change_words(pitch: Pitch, *, words: Mapping[str, Any], seen: int, by: Person, now: datetime) -> bool:
    """Write the words of a pitch anew; False when nothing is different. A session made from it stays as it is.

    Raises `Conflict` when somebody changed the pitch since revision `seen`.
    """
    programme_queries.lock(pitch.edition)
    queries.lock(pitch)
    changed = sorted(name for name, value in words.items() if getattr(pitch, name) != value)
    if not changed:
        return False
    if pitch.revision != seen:
        raise Conflict(pitch)
    _write(pitch, words, now)
    audit.note("pitch changed", pitch, by=by, new={"fields": changed})
    return True


def _write(pitch: Pitch, words: Mapping[str, Any], now: datetime) -> None:
    for name, value in words.items():
        setattr(pitch, name, value)
    pitch.revision = (pitch.revision or 0) + 1
    pitch.changed_at = now
    pitch.search_text = folded(" ".join(getattr(pitch, name) or "" for name in SEARCHED))


def note_down(
    call: Call,
    *,
    author: Mapping[str, str],
    words: Mapping[str, Any],
    send_in: bool,
    key: str,
    digest: str,
    by: Person,
    now: datetime,
) -> Pitch:
    """Keep a pitch that somebody gave by phone or on paper, also when the call is closed, and mail them the link to it.

    `send_in`: it is sent in at once. Raises `Repeated` or `KeyReused` when the form was sent before.
    """
    programme_queries.lock(call.edition)
    audit.recall(key, purpose=f"note pitch down {call.edition_id}", digest=digest)
    pitch = Pitch(
        edition_id=call.edition_id, edition=call.edition, call_id=call.id, call=call, created_at=now, changed_at=now
    )
    _write(pitch, words, now)
    email = author["email"] or None
    first = Author(
        pitch=pitch,
        role="first",
        name=author["name"],
        organisation=author["organisation"],
        email=email,
        email_key=email_key(email) if email else None,
        language=pitch.language,
        accepted_at=now,
    )
    db.session.add_all([pitch, first])
    db.session.flush()
    audit.note("pitch noted down", pitch, by=by)
    audit.use(key, purpose=f"note pitch down {call.edition_id}", digest=digest, result=str(pitch.id))
    if send_in and actions.step(pitch, "submitted", who="organiser", now=now, by=by):
        notices.sent_in(pitch)
    elif email:
        notices.draft(first)
    return pitch


def remark(pitch: Pitch, *, words: str, key: str, digest: str, by: Person, now: datetime) -> None:
    """Add a line to the discussion of organisers and reviewers. Raises `Repeated` when the form was sent before."""
    programme_queries.lock(pitch.edition)
    audit.once(key, purpose=f"remark {pitch.id}", digest=digest)
    actions_reviewing.say(pitch, words, by=by, now=now)
