"""One step of a pitch from a state to the next: every verb that changes a state goes through here."""

from datetime import datetime

from blender_event.audit import actions as audit
from blender_event.core.errors import require
from blender_event.people.models import Person
from blender_event.pitches import queries, rules
from blender_event.pitches.models import Pitch
from blender_event.programme import queries as programme_queries

DONE = {
    "submitted": "pitch sent in",
    "accepted": "pitch accepted",
    "waitlisted": "pitch put on the reserve list",
    "declined": "pitch declined",
    "confirmed": "pitch confirmed",
    "withdrawn": "pitch withdrawn",
    "cancelled": "pitch cancelled",
}  # as the audit trail says it


def step(pitch: Pitch, to: str, *, who: str, now: datetime, by: Person | None = None) -> bool:
    """Lead a pitch to state `to`: lock, ask the table, set the state and its moments, write it down.

    `who` is author, organiser or speaker. True when something changed, so that the letter of the step is to be written;
    False when the pitch was there already. Raises `RuleBroken` for a step the table does not give to them now.
    """
    programme_queries.lock(pitch.edition)
    queries.lock(pitch)
    if pitch.status == to:
        return False
    require(rules.may_step(pitch, to, who, now))
    was, pitch.status = pitch.status, to
    if to == "submitted":
        pitch.submitted_at = now
    if to in rules.DECISIONS:
        pitch.decided_at = pitch.decided_at or now
        pitch.told_at = now
    if to != "submitted":
        pitch.pending = None  # what was decided is told now, or has become pointless
    audit.note(DONE[to], pitch, by=by, old={"status": was}, new={"status": to})
    return True
