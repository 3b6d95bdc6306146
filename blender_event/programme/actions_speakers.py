"""What speakers do themselves: say yes or no, write the words of their sessions, say who they are and what they need.

Words go to the draft: they are public after the next release. What may be shown, and no longer, counts at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.people.models import Person
from blender_event.programme import facts, notices_speakers, queries, queries_speakers, rules_speakers
from blender_event.programme.actions import plain, shown_otherwise, touch, write
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.models_materials import Portrait, SpeakerNeeds

DESCRIBED = frozenset("title abstract description takeaways audience bring accessibility".split())
PROFILE = frozenset("role organisation unit biography".split())


def confirm(speaker: Speaker, edition: Edition, *, now: datetime, by: Person) -> bool:
    """The speaker comes. True when that is news; saying it again changes nothing. Raises `RuleBroken` after the day."""
    queries.lock(edition)
    db.session.refresh(speaker, with_for_update=True)
    if speaker.status == "confirmed":
        return False
    require(rules_speakers.may_still_answer(edition, now))
    speaker.status, speaker.confirmed_at = "confirmed", now
    speaker.declined_at, speaker.decline_reason = None, ""
    speaker.revision += 1  # an organiser's form that is open does not put it back
    audit.note("speaker confirmed", speaker, by=by)
    facts.speaker_confirmed.announce(speaker)
    return True


def decline(speaker: Speaker, edition: Edition, *, reason: str, now: datetime, by: Person) -> bool:
    """The speaker cannot come: organisers hear it and decide what becomes of the sessions. True when that is news."""
    queries.lock(edition)
    db.session.refresh(speaker, with_for_update=True)
    if speaker.declined_at is not None:
        return False
    require(rules_speakers.may_still_answer(edition, now))
    speaker.status, speaker.confirmed_at = "invited", None
    speaker.declined_at, speaker.decline_reason = now, reason
    speaker.revision += 1
    audit.note("speaker declined", speaker, by=by)
    notices_speakers.declined(speaker, edition, queries_speakers.sessions_of(speaker))
    return True


def describe(session: Session, edition: Edition, *, words: dict[str, Any], seen: int, by: Person) -> None:
    """Write the words of one's own session in the draft, and nothing else of it.

    Raises `Conflict` if somebody changed the session since `seen`, `RuleBroken` when it would have no name.
    """
    queries.lock(edition)
    if _stands(session, words):
        return
    session.expect(seen)
    require(rules_speakers.is_written(words["title"], session.subject))
    old, new = write(session, words, DESCRIBED)
    if new:
        touch(edition)
        audit.note("session described", session, by=by, old=plain(old), new=plain(new))


def _stands(row: Session | Speaker, words: dict[str, Any]) -> bool:
    """Whether all this is written there already: the second click of a double click, or nothing new. The lock is held."""
    db.session.refresh(row)
    return all(getattr(row, name) == value for name, value in words.items())


def introduce(
    speaker: Speaker, edition: Edition, *, words: dict[str, Any], shown: bool, seen: int, now: datetime, by: Person
) -> None:
    """Say who one is in this edition, and whether that and the portrait may be shown. Raises `Conflict`.

    A no is obeyed at once, in every version that was ever published; a yes shows the portrait after the next release.
    """
    queries.lock(edition)
    if not _stands(speaker, words):
        speaker.expect(seen)
    old, new = write(speaker, words, PROFILE)
    if new:
        touch(edition)
        audit.note("speaker changed", speaker, by=by, old=plain(old), new=plain(new))
    _consent(speaker, edition, shown=shown, now=now, by=by)


def _consent(speaker: Speaker, edition: Edition, *, shown: bool, now: datetime, by: Person) -> None:
    if (speaker.consented_at if shown else speaker.withheld_at) is not None:
        return
    speaker.consented_at, speaker.withheld_at = (now, None) if shown else (None, now)
    touch(edition)
    if speaker.is_released:
        shown_otherwise(edition)
    audit.note("speaker may be shown" if shown else "speaker may not be shown", speaker, by=by)


def hang_portrait(speaker: Speaker, edition: Edition, *, key: str, size: int, now: datetime, by: Person) -> list[str]:
    """Keep a stored picture as somebody's portrait; shown after the next release when they agreed.

    The one that is published now stays until then. Returns the keys of files that are no longer needed.
    """
    queries.lock(edition)
    db.session.refresh(speaker, with_for_update=True)
    portrait = Portrait(edition_id=edition.id, speaker_id=speaker.id, storage_key=key, size=size, made_at=now)
    db.session.add(portrait)
    db.session.flush()
    published = queries_speakers.published_portrait(edition, speaker)
    gone = [old for old in queries_speakers.portraits_of(speaker) if old.code not in (portrait.code, published)]
    speaker.portrait_code = portrait.code
    speaker.revision += 1
    touch(edition)
    audit.note("portrait changed", speaker, by=by)
    return _taken_down(gone)


def take_portrait_down(speaker: Speaker, edition: Edition, *, by: Person) -> list[str]:
    """Remove somebody's portrait at once, also from what was published. Returns the keys of files to remove."""
    queries.lock(edition)
    db.session.refresh(speaker, with_for_update=True)
    gone = _taken_down(queries_speakers.portraits_of(speaker))
    if not gone and not speaker.portrait_code:
        return []
    speaker.portrait_code = ""
    speaker.revision += 1
    touch(edition)
    if speaker.is_released:
        shown_otherwise(edition)
    audit.note("portrait removed", speaker, by=by)
    return gone


def _taken_down(portraits: Sequence[Portrait]) -> list[str]:
    keys = [portrait.storage_key for portrait in portraits]
    for portrait in portraits:
        db.session.delete(portrait)
    db.session.flush()
    return keys


def carry_over(speaker: Speaker, edition: Edition, source: Speaker, *, seen: int, now: datetime, by: Person) -> None:
    """Take role, organisation, unit and biography from an earlier edition. Whether they may be shown is asked anew.

    Until it is answered the no of then counts.
    """
    queries.lock(edition)
    speaker.expect(seen)
    words = {name: getattr(source, name) for name in PROFILE}
    old, new = write(speaker, {name: value for name, value in words.items() if value}, PROFILE)
    if new:
        touch(edition)
        audit.note("profile carried over", speaker, by=by, old=plain(old), new=plain(new))
    if source.withheld_at is not None and speaker.consented_at is None:
        _consent(speaker, edition, shown=False, now=now, by=by)


def tell_practical(
    speaker: Speaker,
    edition: Edition,
    *,
    availability: str,
    equipment: str,
    needs: str,
    seen: int,
    now: datetime,
    by: Person,
) -> None:
    """Say when one can be there, what one uses, and what one needs; empty needs are forgotten. Raises `Conflict`.

    The trail names only which of them changed: what somebody needs is nobody's to read there.
    """
    queries.lock(edition)
    db.session.refresh(speaker)
    changed = [
        name
        for name, value in (("availability", availability), ("equipment", equipment))
        if getattr(speaker, name) != value
    ]
    known = queries_speakers.needs_of(speaker)
    if needs != (known.words if known else ""):
        changed.append("needs")
    if changed:
        speaker.expect(seen)
        speaker.availability, speaker.equipment = availability, equipment
        _write_needs(speaker, known, needs, now)
        audit.note("speaker told what they need", speaker, by=by, new={"fields": changed})


def _write_needs(speaker: Speaker, known: SpeakerNeeds | None, words: str, now: datetime) -> None:
    if known is not None and not words:
        db.session.delete(known)
    elif not words or (known is not None and known.words == words):
        return
    elif known is not None:
        known.words, known.consent_at = words, now
    else:
        db.session.add(SpeakerNeeds(edition_id=speaker.edition_id, speaker_id=speaker.id, words=words, consent_at=now))


def renew_feed(speaker: Speaker, *, by: Person) -> None:
    """The address of one's own calendar stops working; the page shows the new one."""
    speaker.feed_version += 1
    audit.note("calendar address renewed", speaker, by=by)
