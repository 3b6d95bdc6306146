"""What organisers do to a call: make it, write it, open and close its public pitches, remove it."""

from datetime import datetime
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import clock, text
from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.people.models import Person
from blender_event.pitches import queries_calls, rules_calls
from blender_event.pitches.models import Call
from blender_event.programme import queries as programme
from blender_event.programme.actions import plain, write
from blender_event.programme.models import Edition

CALL_WORDS = frozenset(
    "title intro kinds opens_at closes_at word_limit most_authors most_files criteria is_blind judged_by judging_closes_at "
    "position".split()
)


def make_call(edition: Edition, *, words: dict[str, Any], by: Person | None) -> Call:
    """A new call; its address is made from its title once and stays. Public as soon as it says when it opens."""
    programme.lock(edition)
    require(*_objections(words))
    call = Call(edition_id=edition.id, revision=0, created_at=clock.now())
    write(call, words, CALL_WORDS)
    call.criteria = _with_keys(words["criteria"], [])
    call.slug = _free_slug(call.title, queries_calls.slugs_taken(edition))
    db.session.add(call)
    edition.shown_changed()
    audit.note("call made", call, by=by, new={"title": call.title})
    return call


def change_call(call: Call, *, words: dict[str, Any], seen: int, by: Person) -> None:
    """Write a call anew: public at once. Raises `Conflict` if somebody changed it since `seen`, `RuleBroken` otherwise."""
    programme.lock(call.edition)
    call.expect(seen)
    require(*_objections(words))
    old, new = write(call, words | {"criteria": _with_keys(words["criteria"], call.criteria)}, CALL_WORDS)
    if not new:
        return
    call.edition.shown_changed()
    audit.note("call changed", call, by=by, old=_plain(old), new=_plain(new))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the audit trail keeps them; of the criteria only their words."""
    if "criteria" in values:
        values = values | {"criteria": [one["label"] for one in values["criteria"]]}
    return plain(values)


def _objections(words: dict[str, Any]) -> list[Any]:
    opens_at, closes_at = words["opens_at"], words["closes_at"]
    return [
        rules_calls.closes_after_opening(opens_at, closes_at),
        rules_calls.judging_ends_in_time(closes_at, words["judging_closes_at"]),
    ]


def _with_keys(criteria: list[dict[str, str]], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each criterion with the key that scores point at: kept for one of `before`, random for any other."""
    known = {one["key"] for one in before}
    kept = []
    for one in criteria:
        key = one["key"] if one["key"] in known else text.code()
        known.discard(key)
        kept.append({"key": key, "label": one["label"]})
    return kept


def _free_slug(title: str, taken: set[str]) -> str:
    wanted = text.slug(title, 50) or text.code()
    return wanted if wanted not in taken else f"{wanted}-{text.code(4)}"


def remove_call(call: Call, *, by: Person) -> None:
    """Remove a call nobody began a pitch through. Raises `RuleBroken` otherwise."""
    programme.lock(call.edition)
    require(rules_calls.may_be_removed(queries_calls.pitches_of(call)))
    audit.note("call removed", call, by=by, old={"title": call.title})
    call.edition.shown_changed()
    db.session.delete(call)


def show_pitches(call: Call, *, now: datetime, by: Person) -> bool:
    """Open the public pages of the pitches whose submitter agreed. False when they were open already."""
    programme.lock(call.edition)
    if call.pitches_public_at is not None:
        return False
    call.pitches_public_at = now
    call.edition.shown_changed()
    audit.note("pitches opened to the public", call, by=by)
    return True


def hide_pitches(call: Call, *, by: Person) -> bool:
    """Close the public pages of a call's pitches. False when they were closed already."""
    programme.lock(call.edition)
    if call.pitches_public_at is None:
        return False
    call.pitches_public_at = None
    call.edition.shown_changed()
    audit.note("pitches closed to the public", call, by=by)
    return True
