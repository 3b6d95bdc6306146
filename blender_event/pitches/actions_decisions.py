"""Deciding about pitches, and telling it: a decision waits until it is told, and is told exactly once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blender_event.audit import actions as audit
from blender_event.core.errors import Conflict, Problem, RuleBroken, require
from blender_event.core.text import _
from blender_event.people.models import Person
from blender_event.pitches import actions, actions_accepting, notices_decisions, queries, queries_organise, rules
from blender_event.pitches.models import Pitch
from blender_event.programme import actions as programme_actions
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

BATCH = 20  # decisions told in one transaction: the lock is never held for long


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one decision about several pitches: how many have it now, and what stood otherwise than was seen."""

    decided: int
    changed: int


def seen_of(pitch: Pitch) -> str:
    """What an organiser sees of a pitch's place: another one says that somebody decided meanwhile."""
    note = hashlib.sha256(note_of(pitch).encode()).hexdigest()[:8]
    return f"{pitch.status}.{pitch.pending or ''}.{note}"


def note_of(pitch: Pitch) -> str:
    """The words to the submitters that were not told yet."""
    return pitch.decision_note if pitch.pending or pitch.told_at is None else ""


def decide(pitch: Pitch, *, decision: str | None, note: str, seen: str, by: Person, now: datetime) -> bool:
    """Take a decision that is not told yet, or take it back (None). Doing the same again changes nothing.

    Raises `Conflict` when somebody decided otherwise since `seen`, `RuleBroken` when its state does not allow it.
    """
    _hold(pitch)
    if pitch.pending == decision and note_of(pitch) == note:
        return False
    if seen_of(pitch) != seen:
        raise Conflict(pitch)
    _decide(pitch, decision, note, by=by, now=now)
    return True


def decide_many(
    edition: Edition, chosen: Mapping[int, str], *, decision: str | None, by: Person, now: datetime
) -> Done:
    """The same decision about several pitches, each seen as `status.pending`. What changed meanwhile is left as it is."""
    programme_queries.lock(edition)
    decided = changed = 0
    for pitch in queries_organise.some(edition, list(chosen)):
        queries.lock(pitch)
        if pitch.pending == decision:
            decided += 1
        elif f"{pitch.status}.{pitch.pending or ''}" != chosen[pitch.id]:
            changed += 1
        else:
            _decide(pitch, decision, note_of(pitch), by=by, now=now)
            decided += 1
    return Done(decided, changed)


def _hold(pitch: Pitch) -> None:
    programme_queries.lock(pitch.edition)
    queries.lock(pitch)


def _decide(pitch: Pitch, decision: str | None, note: str, *, by: Person, now: datetime) -> None:
    require(rules.may_be_decided(pitch.status, decision))
    was, pitch.pending = pitch.pending, decision
    pitch.decision_note = note
    pitch.decided_at = now if decision is not None else None
    if was != decision:
        done = "pitch decided" if decision is not None else "pitch undecided"
        audit.note(done, pitch, by=by, old={"decision": was}, new={"decision": decision})


def seals(pitches: Sequence[Pitch]) -> dict[int, str]:
    """By pitch: everything its letters say and its session is made of, as a hash."""
    return {pitch.id: _seal(pitch) for pitch in pitches}


def _seal(pitch: Pitch) -> str:
    people = [
        [author.id, author.name, author.email, author.language, author.status, author.speaks, author.organisation]
        for author in pitch.authors
    ]
    said = [pitch.id, pitch.revision, pitch.title, pitch.status, pitch.pending, pitch.decision_note, people]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]


def sealed(found: Mapping[int, str]) -> str:
    """One seal over several."""
    return hashlib.sha256(json.dumps(sorted(found.items())).encode()).hexdigest()[:32]


def begin_telling(edition: Edition, *, seal: str, key: str) -> dict[int, str]:
    """What is going to be told: the seal of each pitch. The one-time key is used with it, so that a second click tells nothing.

    Raises `Repeated` for that click, and `Conflict` when what is pending is no longer what was read (`seal`).
    """
    programme_queries.lock(edition)
    purpose = f"tell decisions {edition.id}"
    audit.recall(key, purpose=purpose, digest=seal)
    found = seals(queries_organise.pending(edition))
    if not found or sealed(found) != seal:
        raise Conflict(edition)
    audit.use(key, purpose=purpose, digest=seal, result="")
    return found


def tell(edition: Edition, promised: Mapping[int, str], *, by: Person, now: datetime) -> int:
    """Tell these decisions: the state, the session with its speakers, and the letters, in the caller's transaction.

    One that changed since it was read, or was told by somebody else, is left alone. Answers how many were told.
    """
    programme_queries.lock(edition)
    told = 0
    for pitch in queries_organise.some(edition, list(promised)):
        queries.lock(pitch)
        if pitch.pending is not None and _seal(pitch) == promised[pitch.id]:
            _tell(pitch, pitch.pending, by=by, now=now)
            told += 1
    return told


def _tell(pitch: Pitch, decision: str, *, by: Person, now: datetime) -> None:
    note = pitch.decision_note
    if not actions.step(pitch, decision, who="organiser", now=now, by=by):
        return
    if decision == "accepted":
        actions_accepting.become_session(pitch, by=by, now=now)
    notices_decisions.told(pitch, decision, note)


def extend(pitch: Pitch, *, until: datetime, by: Person, now: datetime) -> bool:
    """Give the submitters of one pitch more time, and tell them. The same moment again changes nothing."""
    _hold(pitch)
    if pitch.extended_until == until:
        return False
    if pitch.status not in ("draft", "submitted"):
        raise RuleBroken(Problem(_("Only a draft or a pitch that was sent in can get more time."), "until"))
    if until <= now:
        raise RuleBroken(Problem(_("Choose a moment that is still to come."), "until"))
    was, pitch.extended_until = pitch.extended_until, until
    old = {"until": was.isoformat()} if was is not None else {}
    audit.note("pitch extended", pitch, by=by, old=old, new={"until": until.isoformat()})
    notices_decisions.extended(pitch, until)
    return True


def cancel(pitch: Pitch, *, note: str, with_session: bool, by: Person, now: datetime) -> bool:
    """An organiser takes a pitch out, with its session when asked, and tells its submitters. Doing it again answers False."""
    _hold(pitch)
    was_draft = pitch.status == "draft"
    if not actions.step(pitch, "cancelled", who="organiser", now=now, by=by):
        return False
    session = pitch.session
    if with_session and session is not None:
        programme_actions.set_cancelled(session, pitch.edition, cancelled=True, seen=session.revision, by=by)
    if not was_draft:
        stays = session is not None and not session.is_cancelled
        notices_decisions.cancelled(pitch, note, session_stays=stays)
    return True
