"""The states of a pitch, and who may lead it from one to the next: one table, and anything else is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from blender_event.core.errors import Problem
from blender_event.core.text import Words, _
from blender_event.pitches import rules_calls
from blender_event.pitches.models import Pitch

WHO = ("author", "organiser", "speaker")
OPEN = ("draft", "submitted", "waitlisted", "accepted", "confirmed")  # it can still go somewhere
DECISIONS = ("accepted", "waitlisted", "declined")
UNDECIDED = ("submitted", "waitlisted")  # somebody has to decide, now or later
CHOSEN = ("accepted", "confirmed")

Rule = Callable[[Pitch, datetime], Problem | None]


@dataclass(frozen=True, slots=True)
class Transition:
    """One step a pitch can take: `who` takes it, `rule` may object, and `letter` tells its submitters (empty: no letter)."""

    frm: str
    to: str
    who: str
    rule: Rule
    letter: str


def always(pitch: Pitch, now: datetime) -> Problem | None:
    """Nothing but the table stands in the way."""
    return None


def may_be_sent_in(pitch: Pitch, now: datetime) -> Problem | None:
    """A pitch is sent in while its call is open, or until its own extension ends."""
    phase = rules_calls.phase(pitch.call, now)
    extended = pitch.extended_until is not None and now < pitch.extended_until
    if phase == "open" or (extended and not rules_calls.is_over(pitch.edition, now)):
        return None
    if phase == "soon":
        return Problem(_("This call is not open yet. What you typed is kept."))
    return Problem(
        _("This call is closed. What you typed is kept: call or mail us and we will look for a way together.")
    )


def is_decided(pitch: Pitch, now: datetime) -> Problem | None:
    """Only the decision that was taken is told."""
    return None if pitch.pending is not None else Problem(_("Nobody decided about this pitch yet."))


def _by(who: str, letter: str, *, to: str, frm: tuple[str, ...], rule: Rule = always) -> list[Transition]:
    return [Transition(state, to, who, rule, letter) for state in frm]


TRANSITIONS: tuple[Transition, ...] = tuple(
    chain(
        _by("author", "pitch_received", to="submitted", frm=("draft",), rule=may_be_sent_in),
        _by("organiser", "pitch_received", to="submitted", frm=("draft",)),  # by phone, also after the deadline
        _by("organiser", "pitch_accepted", to="accepted", frm=UNDECIDED, rule=is_decided),
        _by("organiser", "pitch_waitlisted", to="waitlisted", frm=("submitted",), rule=is_decided),
        _by("organiser", "pitch_declined", to="declined", frm=UNDECIDED, rule=is_decided),
        _by("speaker", "", to="confirmed", frm=("accepted",)),
        _by("author", "pitch_withdrawn", to="withdrawn", frm=OPEN),
        _by("organiser", "pitch_cancelled", to="cancelled", frm=OPEN),
    )
)
_TABLE = {(one.frm, one.to, one.who): one for one in TRANSITIONS}


def transition(frm: str, to: str, who: str) -> Transition | None:
    """The step from one state to another by somebody, or None when there is none."""
    return _TABLE.get((frm, to, who))


def may_step(pitch: Pitch, to: str, who: str, now: datetime) -> Problem | None:
    """Why a pitch may not go to another state now, or None."""
    step = transition(pitch.status, to, who)
    return Problem(_REFUSED.get(pitch.status, _IMPOSSIBLE)) if step is None else step.rule(pitch, now)


def may_be_decided(status: str, decision: str | None) -> Problem | None:
    """Whether a decision can be taken about a pitch in this state, or taken back (None); telling it is another moment."""
    if decision is None:
        possible = status in UNDECIDED
    else:
        possible = decision in DECISIONS and transition(status, decision, "organiser") is not None
    return None if possible else Problem(_REFUSED.get(status, _IMPOSSIBLE))


_IMPOSSIBLE: Words = _("This cannot be done with this pitch as it is now.")
_REFUSED: dict[str, Words] = {
    "draft": _("This pitch was not sent in yet."),
    "accepted": _("This pitch was accepted, and its submitters were told."),
    "declined": _("This pitch was declined, and its submitters were told."),
    "confirmed": _("This pitch was accepted, and its speakers confirmed."),
    "withdrawn": _("This pitch was withdrawn by its submitter."),
    "cancelled": _("This pitch was cancelled."),
}
