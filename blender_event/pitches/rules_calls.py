"""When a call takes pitches, and what a call may hold: pure answers."""

from datetime import datetime

from blender_event.core.errors import Problem
from blender_event.core.text import _, counted
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


def closes_after_opening(opens_at: datetime | None, closes_at: datetime | None) -> Problem | None:
    """A call that closes also opens, and does so earlier."""
    if closes_at is None or (opens_at is not None and opens_at < closes_at):
        return None
    if opens_at is None:
        return Problem(_("Say when the call opens, or leave the closing empty too."), "opens_at")
    return Problem(_("The call must close after it opens."), "closes_at")


def judging_ends_in_time(closes_at: datetime | None, judging_closes_at: datetime | None) -> Problem | None:
    """Judging goes on at least until nobody can send in any more."""
    if closes_at is None or judging_closes_at is None or judging_closes_at >= closes_at:
        return None
    return Problem(_("Judging must end after the call closes."), "judging_closes_at")


def may_be_removed(pitches: int) -> Problem | None:
    """A call through which somebody began a pitch stays: their words hang on it."""
    if not pitches:
        return None
    return Problem(
        counted(
            "%(num)s pitch was begun through this call. Close the call instead of removing it.",
            "%(num)s pitches were begun through this call. Close the call instead of removing it.",
            pitches,
        )
    )


def names_may_be_shown(*, is_blind: bool, judging_closes_at: datetime | None, undecided: int, now: datetime) -> bool:
    """Whether the public may read who sent in the pitches of a call: of a blind call only once nobody judges any more.

    `undecided` is how many of its pitches still wait for a decision that is told.
    """
    if not is_blind:
        return True
    return not undecided and (judging_closes_at is None or now >= judging_closes_at)
