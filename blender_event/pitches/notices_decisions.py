"""The letters about what organisers decided: to everybody who sent a pitch in, each in their own language."""

from datetime import datetime
from typing import Any

from blender_event.core import links
from blender_event.core.links import Purpose
from blender_event.mail import outbox
from blender_event.mail.outbox import Written
from blender_event.pitches import notices
from blender_event.pitches.models import Author, Pitch

LETTERS = {"accepted": "pitch_accepted", "waitlisted": "pitch_waitlisted", "declined": "pitch_declined"}


def told(pitch: Pitch, decision: str, note: str) -> int:
    """What was decided, to each author who took part. How many letters were written."""
    letters = _decided(pitch, decision, note)
    for letter in letters:
        outbox.put(**letter)
    return len(letters)


def to_read(pitch: Pitch, decision: str, note: str) -> list[Written]:
    """The same letters to be read before they exist. Nothing is stored."""
    return [outbox.as_read(**letter) for letter in _decided(pitch, decision, note)]


def cancelled(pitch: Pitch, note: str, *, session_stays: bool) -> None:
    """An organiser takes the pitch out."""
    for author in notices.reached(pitch):
        outbox.put(**_letter("pitch_cancelled", pitch, author, note=note, session_stays=session_stays))


def extended(pitch: Pitch, until: datetime) -> None:
    """You have more time, and until when."""
    for author in notices.reached(pitch):
        outbox.put(**_letter("pitch_extended", pitch, author, until=until))


def _decided(pitch: Pitch, decision: str, note: str) -> list[dict[str, Any]]:
    return [_letter(LETTERS[decision], pitch, author, note=note) for author in notices.reached(pitch)]


def _letter(kind: str, pitch: Pitch, author: Author, **facts: Any) -> dict[str, Any]:
    """What the outbox needs for one letter."""
    edition = pitch.edition
    return {
        "kind": kind,
        "to_email": author.email or "",
        "to_name": author.name,
        "language": author.language,
        "edition": edition,
        "about": f"pitches:{pitch.id}",
        "facts": {
            "pitch": pitch,
            "speaks": author.speaks,
            "zone": edition.zone,
            "link": outbox.link(Purpose.PITCH, author.id),
            "speaker_url": links.address("speaker.overview", language=author.language),
        }
        | facts,
    }
