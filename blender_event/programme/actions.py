"""What organisers do to the draft of a programme: sessions and the people in them. Nothing here is public before a release."""

from collections.abc import Iterable, Sequence
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import clock, markdown
from blender_event.core.database import db
from blender_event.core.errors import Problem, require
from blender_event.core.text import _
from blender_event.people.models import Person
from blender_event.programme import facts, queries, queries_materials, queries_speakers, rules, rules_speakers
from blender_event.programme.models import Edition, Redaction, Session, SessionSpeaker, Speaker
from blender_event.programme.rules import Slot

Cast = Sequence[tuple[Speaker, str]]
SESSION_WORDS = frozenset(
    "title subject language level is_onsite is_online capacity abstract description takeaways audience bring accessibility "
    "partners join_url track_id format_id".split()
)
_SECRET = frozenset({"join_url"})
SPEAKER_WORDS = frozenset("name role organisation unit biography status person_id".split())


def touch(edition: Edition) -> None:
    """The draft is no longer what was released."""
    edition.draft_changed_at = clock.now()


def shown_otherwise(edition: Edition) -> None:
    """What is published of a speaker changes without a release: pages are made anew, calendars and files look again."""
    edition.calendar_changed_at = clock.now()
    edition.shown_changed()


def write(row: Any, words: dict[str, Any], allowed: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the `allowed` fields that differ, Markdown made into HTML at once. Returns old and new values of what changed."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, value in words.items():
        before = getattr(row, name) if name in allowed else value
        if before == value:
            continue
        setattr(row, name, value)
        old[name], new[name] = before, value
        if hasattr(row, f"{name}_html"):
            setattr(row, f"{name}_html", markdown.html(value))
    return old, new


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the audit trail keeps them: JSON, long texts cut, and of a link to join only that there was one."""
    kept = {name: v if isinstance(v, (int, bool, list, type(None))) else str(v)[:300] for name, v in values.items()}
    return kept | {name: "…" for name in _SECRET & kept.keys() if kept[name]}


def create_session(edition: Edition, *, words: dict[str, Any], slot: Slot, cast: Cast, by: Person | None) -> Session:
    """Add a session to the draft. Raises `RuleBroken` when its place or people are taken."""
    queries.lock(edition)
    session = Session(edition_id=edition.id, created_at=clock.now())
    write(session, words, SESSION_WORDS)
    require(*_objections(edition, session, slot, cast))
    _take(session, slot)
    db.session.add(session)
    db.session.flush()
    cast_exactly(session, cast)
    touch(edition)
    audit.note("session added", session, by=by, new={"title": session.name})
    return session


def change_session(
    session: Session, edition: Edition, *, words: dict[str, Any], slot: Slot, cast: Cast, seen: int, by: Person
) -> None:
    """Write a session anew in the draft. Raises `Conflict` if somebody changed it since `seen`, `RuleBroken` on a clash."""
    queries.lock(edition)
    session.expect(seen)
    require(*_objections(edition, session, slot, cast))
    before = {"slot": _slot_words(session), "people": [part.speaker.name for part in session.people]}
    old, new = write(session, words, SESSION_WORDS)
    _take(session, slot)
    cast_exactly(session, cast)
    after = {"slot": _slot_words(session), "people": [speaker.name for speaker, _role in cast]}
    for name in ("slot", "people"):
        if before[name] != after[name]:
            old[name], new[name] = before[name], after[name]
    if new:
        touch(edition)
        audit.note("session changed", session, by=by, old=plain(old), new=plain(new))


def move(session: Session, edition: Edition, *, slot: Slot, seen: int, by: Person) -> None:
    """Give a session another room or time in the draft. Raises `Conflict` if somebody changed it since `seen`."""
    queries.lock(edition)
    session.expect(seen)
    if slot == rules.slot_of(session):
        return
    cast = [(part.speaker, part.role) for part in session.people]
    require(*_objections(edition, session, slot, cast))
    was = _slot_words(session)
    _take(session, slot)
    touch(edition)
    audit.note("session moved", session, by=by, old={"slot": was}, new={"slot": _slot_words(session)})


def _objections(edition: Edition, session: Session, slot: Slot, cast: Cast) -> Iterable[Any]:
    """What stands in the way of this session in this slot with these people."""
    yield rules.slot_is_possible(edition, slot)
    if slot.starts_at is None or slot.ends_at is None or slot.ends_at <= slot.starts_at:
        return
    with db.session.no_autoflush:
        others = queries.others_during(session, slot.starts_at, slot.ends_at)
    yield rules.room_is_free(slot, others)
    yield rules.people_are_free([speaker.id for speaker, _role in cast], slot, others)


def _take(session: Session, slot: Slot) -> None:
    session.room = slot.room
    session.room_id = slot.room.id if slot.room else None
    session.starts_at, session.ends_at = slot.starts_at, slot.ends_at


def _slot_words(session: Session) -> list[str | None]:
    return [
        session.starts_at.isoformat() if session.starts_at else None,
        session.ends_at.isoformat() if session.ends_at else None,
        session.room.name if session.room else None,
    ]


def cast_exactly(session: Session, cast: Cast) -> None:
    """Make the people of a session exactly `cast`, in this order."""
    wanted = {speaker.id: (place, role) for place, (speaker, role) in enumerate(cast)}
    for part in list(session.people):
        if part.speaker_id not in wanted:
            session.people.remove(part)
    present = {part.speaker_id: part for part in session.people}
    for speaker, _role in cast:
        place, role = wanted[speaker.id]
        if speaker.id not in present:
            present[speaker.id] = SessionSpeaker(speaker_id=speaker.id, speaker=speaker)
            session.people.append(present[speaker.id])
        present[speaker.id].role, present[speaker.id].position = role, place


def set_cancelled(session: Session, edition: Edition, *, cancelled: bool, seen: int, by: Person) -> None:
    """Mark a session as cancelled (or planned again) in the draft; the public learns it at the next release."""
    queries.lock(edition)
    session.expect(seen)
    status = "cancelled" if cancelled else "planned"
    if session.status == status:
        return
    was, session.status = session.status, status
    touch(edition)
    audit.note(
        "session cancelled" if cancelled else "session restored",
        session,
        by=by,
        old={"status": was},
        new={"status": status},
    )


def remove_session(session: Session, edition: Edition, *, by: Person) -> None:
    """Take a session out of the draft for good. One that was ever published is cancelled instead, so calendars stay right."""
    queries.lock(edition)
    has_materials = queries_materials.count_of(session) > 0
    require(
        Problem(_("This session was published before. Cancel it instead.")) if session.is_released else None,
        Problem(_("Somebody brought slides or other material for this session. Remove those first."))
        if has_materials
        else None,
    )
    audit.note("session removed", session, by=by, old={"title": session.name})
    db.session.delete(session)
    touch(edition)


def add_speaker(edition: Edition, *, words: dict[str, Any], person: Person | None, by: Person | None) -> Speaker:
    """Bring a person into an edition as speaker; `person` is known when there is an address."""
    speaker = Speaker(edition_id=edition.id, person=person)
    require(_speaks_once(speaker, edition, person))
    write(speaker, words, SPEAKER_WORDS)
    db.session.add(speaker)
    db.session.flush()
    touch(edition)
    audit.note("speaker added", speaker, by=by, new={"name": speaker.name})
    return speaker


def change_speaker(
    speaker: Speaker, edition: Edition, *, words: dict[str, Any], person: Person | None, seen: int, by: Person
) -> None:
    """Write a speaker's words anew in the draft. Raises `Conflict` if somebody changed them since `seen`.

    With another address the pages are another person's: what the one before needs, and their calendar, stay theirs.
    """
    queries.lock(edition)
    speaker.expect(seen)
    require(_speaks_once(speaker, edition, person))
    was = speaker.person_id
    speaker.person = person
    db.session.flush()
    old, new = write(speaker, words, SPEAKER_WORDS)
    if speaker.person_id != was:
        _handed_over(speaker)
        old, new = old | {"person": was}, new | {"person": speaker.person_id}
    if new:
        touch(edition)
        audit.note("speaker changed", speaker, by=by, old=plain(old), new=plain(new))
    if new.get("status") == "confirmed":
        speaker.declined_at, speaker.decline_reason = None, ""
        facts.speaker_confirmed.announce(speaker)


def _handed_over(speaker: Speaker) -> None:
    """Nobody reads by a changed address what somebody else told of their health, nor follows their calendar."""
    needs = queries_speakers.needs_of(speaker)
    if needs is not None:
        db.session.delete(needs)
    speaker.feed_version += 1


def _speaks_once(speaker: Speaker, edition: Edition, person: Person | None) -> Problem | None:
    with db.session.no_autoflush:
        return rules_speakers.speaks_once(queries_speakers.others_of(edition, person, speaker) if person else [])


def remove_speaker(speaker: Speaker, edition: Edition, *, by: Person) -> None:
    """Take a speaker out of the draft. Refused while sessions name them.

    What is published names them until the next release, but tells no more of them: nobody is there to say no.
    """
    queries.lock(edition)
    sessions = queries.depends_on_speaker(speaker)
    names = ", ".join(f"“{session.name}”" for session in sessions)
    require(
        Problem(_("%(name)s still speaks in %(sessions)s.", name=speaker.name, sessions=names)) if sessions else None
    )
    audit.note("speaker removed", speaker, by=by, old={"name": speaker.name})
    if speaker.is_released:
        shown_otherwise(edition)
    db.session.delete(speaker)
    touch(edition)


def redact(speaker: Speaker, edition: Edition, *, by: Person) -> None:
    """Show this speaker nowhere any more, also not in earlier releases. The releases themselves stay as they were."""
    queries.lock(edition)
    if speaker.uid in queries.redacted(edition):
        return
    db.session.add(Redaction(edition_id=edition.id, speaker_uid=speaker.uid, made_at=clock.now()))
    edition.shown_changed()
    audit.note("speaker redacted", speaker, by=by)


def unredact(speaker: Speaker, edition: Edition, *, by: Person) -> None:
    """Show a speaker again in every release that names them."""
    queries.lock(edition)
    for redaction in queries.redactions_of(edition, speaker.uid):
        db.session.delete(redaction)
    shown_otherwise(edition)  # calendars that ask only by date must see the name come back
    audit.note("speaker shown again", speaker, by=by)
