"""When a call takes pitches, and what a call may hold: pure answers."""

from datetime import datetime

from blender_event.pitches.models import Call
from blender_event.programme import rules as programme
from blender_event.programme.models import Edition

PHASES = ("soon", "open", "closed")


def phase(call: Call, now: datetime) -> str:
    """Where a call stands: soon, open or closed. Opening counts, the closing moment itself is too late.

    A call of an edition that is cancelled or over is closed, whatever its dates say. Personal extensions are not of the call.
    """
    if is_over(call.edition, now):
        return "closed"
    return window(call.opens_at, call.closes_at, now)


def is_over(edition: Edition, now: datetime) -> bool:
    """Nothing can be sent in for an edition that is cancelled or past."""
    return edition.status == "cancelled" or programme.is_past(edition, now)


def window(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> str:
    """The phase two dates make: without a beginning it is soon, without an end it stays open."""
    if opens_at is None or now < opens_at:
        return "soon"
    return "closed" if closes_at is not None and now >= closes_at else "open"
