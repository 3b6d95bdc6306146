"""Somebody would like to think along with a pitch; organisers remove it again when asked."""

from datetime import datetime

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.text import email_key
from blender_event.people.models import Person
from blender_event.pitches import notices_think_along as notices
from blender_event.pitches import queries_interests
from blender_event.pitches.models import Interest, Pitch
from blender_event.programme import queries as programme


def leave_interest(
    pitch: Pitch,
    *,
    name: str,
    organisation: str,
    email: str,
    words: str,
    language: str,
    now: datetime,
    key: str = "",
    digest: str = "",
    tell: bool = True,
) -> Interest:
    """Keep that somebody wants to think along, once per address and pitch: what was left first stays.

    A letter goes to the address when `tell`; it repeats nothing that was typed. Raises `Repeated` or `KeyReused`.
    """
    programme.lock(pitch.edition)
    purpose = f"think along {pitch.id}"
    if key:
        audit.recall(key, purpose=purpose, digest=digest)
    found = queries_interests.by_address(pitch, email)
    fresh = found is None
    if found is None:
        found = Interest(
            edition_id=pitch.edition_id,
            pitch_id=pitch.id,
            name=name,
            organisation=organisation,
            email=email,
            email_key=email_key(email),
            words=words,
            language=language,
            consent_at=now,
            created_at=now,
        )
        db.session.add(found)
        audit.note("interest left", found, by=None)
    if tell:
        notices.interest_received(found, pitch, again=not fresh)
    if key:
        audit.use(key, purpose=purpose, digest=digest, result="")
    return found


def forget_interest(interest: Interest, *, by: Person) -> None:
    """Remove what somebody left."""
    programme.lock(interest.pitch.edition)
    audit.note("interest removed", interest, by=by)
    db.session.delete(interest)
