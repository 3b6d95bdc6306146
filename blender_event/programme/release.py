"""From draft to release: what would change, who would be told, and the one act that makes it public."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from blender_event.audit import actions as audit
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Problem, require
from blender_event.core.text import _
from blender_event.people.models import Person
from blender_event.programme import actions, actions_materials, changes, facts, notices, queries, rules, snapshot
from blender_event.programme.changes import Change
from blender_event.programme.models import Edition, Release, Room, Session, Speaker
from blender_event.programme.snapshot import Day, Kind, Part, Place, Point, Programme, Theme, Voice

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a release would do: shown before it is done. `seal` proves that what is released is what was seen."""

    number: int
    changes: list[Change]
    clashes: list[rules.Clash]
    speakers_told: int
    attendees_told: int
    seal: str

    @property
    def blocking(self) -> list[rules.Clash]:
        return [clash for clash in self.clashes if clash.blocks]

    @property
    def warnings(self) -> list[rules.Clash]:
        return [clash for clash in self.clashes if not clash.blocks]


def draft(edition: Edition) -> Programme:
    """The draft as a programme value, with each session's sequence as last published."""
    sessions = queries.sessions(edition)
    rooms = {room.id: _place(room) for room in queries.rooms(edition)}
    tracks = {track.id: Theme(track.slug, track.name, track.colour) for track in queries.tracks(edition)}
    formats = {f.id: Kind(f.slug, f.name, f.is_plenary, f.is_break) for f in queries.formats(edition)}
    voices = {speaker.id: _voice(speaker) for speaker in queries.speakers(edition)}
    points = [_point(session, rooms, tracks, formats, voices) for session in sessions]
    points.sort(key=snapshot.order)
    return Programme(
        number=edition.released_number or 0,
        released_at=_NEVER,
        day=_day(edition),
        points=tuple(points),
        voices=tuple(sorted(voices.values(), key=lambda voice: (voice.name.casefold(), voice.uid))),
        rooms=tuple(rooms.values()),
        tracks=tuple(tracks.values()),
        formats=tuple(formats.values()),
        by_code={point.code: point for point in points},
    )


def _day(edition: Edition) -> Day:
    return Day(
        title=edition.title,
        motto=edition.motto,
        zone=edition.zone,
        starts_on=edition.starts_on.isoformat(),
        ends_on=edition.ends_on.isoformat(),
        place=edition.place,
        city=edition.city,
    )


def _place(room: Room) -> Place:
    return Place(room.uid, room.slug, room.name, room.floor, room.access_note, room.capacity, room.is_online)


def _voice(speaker: Speaker) -> Voice:
    return Voice(
        *(speaker.uid, speaker.code, speaker.slug, speaker.name),
        *(speaker.role, speaker.organisation, speaker.unit),
        biography_html="" if speaker.withheld_at else speaker.biography_html,
        portrait=speaker.portrait_code if speaker.consented_at else "",
    )


def _point(
    session: Session,
    rooms: dict[int, Place],
    tracks: dict[int, Theme],
    formats: dict[int, Kind],
    voices: dict[int, Voice],
) -> Point:
    return Point(
        uid=session.uid,
        code=session.code,
        slug=session.slug,
        title=session.name,
        has_own_title=bool(session.title),
        sequence=session.sequence,
        changed_at=session.changed_at or _NEVER,
        language=session.language,
        status=session.status,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=rooms.get(session.room_id or 0),
        track=tracks.get(session.track_id or 0),
        format=formats.get(session.format_id or 0),
        level=session.level,
        is_onsite=session.is_onsite,
        is_online=session.is_online,
        capacity=session.capacity,
        abstract=session.abstract,
        description=session.description,
        description_html=session.description_html,
        takeaways=tuple(session.takeaways),
        audience=session.audience,
        bring=session.bring,
        accessibility=session.accessibility,
        partners=tuple(session.partners),
        parts=tuple(Part(voices[part.speaker_id], part.role) for part in session.people if part.speaker_id in voices),
    )


def unreleased(edition: Edition) -> list[Change]:
    """What the public does not see yet. Asks the database only when the draft was touched since the last release."""
    if edition.draft_changed_at is None:
        return []
    return _changes(edition, draft(edition))


def _last(edition: Edition) -> Programme | None:
    """The last release as it was stored, redactions not applied: changes are against what was released."""
    row = queries.release_number(edition, edition.released_number) if edition.released_number is not None else None
    return snapshot.load(row.number, row.released_at, row.snapshot) if row else None


def _changes(edition: Edition, new: Programme) -> list[Change]:
    relinked = frozenset(
        s.uid for s in queries.sessions(edition) if s.is_released and s.join_url != s.released_join_url
    )
    return changes.between(_last(edition), new, relinked)


def preview(edition: Edition) -> Preview:
    """What releasing now would change, what stands in its way, and who would be told."""
    new = draft(edition)
    found = _changes(edition, new)
    unconfirmed = [s.uid for s in queries.speakers(edition) if s.status == "invited" and not edition.is_example]
    return Preview(
        number=(edition.released_number or 0) + 1,
        changes=found,
        clashes=[*rules.clashes(new, edition, unconfirmed), *facts.lost(edition)],
        speakers_told=len(speakers_concerned(edition, found)),
        attendees_told=facts.attendees_concerned(edition, found) if edition.released_number else 0,
        seal=seal(new),
    )


def seal(programme: Programme) -> str:
    """A hash of everything a release would publish; sequences and dates of change are its result, so left out."""
    plain = replace(programme, points=tuple(replace(p, sequence=0, changed_at=_NEVER) for p in programme.points))
    return hashlib.sha256(json.dumps(snapshot.dump(plain), sort_keys=True, default=str).encode()).hexdigest()[:32]


def speakers_concerned(edition: Edition, found: Iterable[Change]) -> list[Speaker]:
    """Speakers with an address whose own sessions changed in more than words."""
    uids = {uid for change in found if change.concerns_people for uid in change.speakers}
    return [s for s in queries.speakers_by_uid(edition, sorted(uids)) if s.person and s.person.email]


def release(
    edition: Edition,
    *,
    by: Person | None,
    reason: str = "",
    tell: bool = True,
    seen: str | None = None,
    number: int | None = None,
) -> Release:
    """Publish the draft as the next number, and tell who is concerned. The second click of a double click is the same release.

    `seen` is the seal of the preview and `number` the number it announced. Raises `Conflict` when the draft is no
    longer what was seen, `RuleBroken` when something blocks.
    """
    queries.lock(edition)
    new = draft(edition)
    if number is not None and number == edition.released_number:
        done = queries.release_number(edition, number)
        last = _last(edition)
        if done is not None and last is not None and seal(last) == seal(new) == seen:
            return done
    if (seen is not None and seen != seal(new)) or (
        number is not None and number != (edition.released_number or 0) + 1
    ):
        raise Conflict(edition)
    blocking = [clash for clash in rules.clashes(new, edition) if clash.blocks]
    require(Problem(clash.message) for clash in blocking)
    found = _changes(edition, new)
    return _publish(edition, new, found, by=by, reason=reason, tell=tell)


def _publish(
    edition: Edition, new: Programme, found: list[Change], *, by: Person | None, reason: str, tell: bool
) -> Release:
    """Write the snapshot and everything that follows from it. The lock is held."""
    now = clock.now()
    rows = {session.uid: session for session in queries.sessions(edition)}
    _raise_sequences(found, rows, now)
    first = edition.released_number is None
    row = Release(
        edition_id=edition.id,
        number=(edition.released_number or 0) + 1,
        released_at=now,
        released_by_id=by.id if by else None,
        reason=reason,
        told=tell,
        snapshot=snapshot.dump(_with_sequences(new, rows)),
        changes=[change.dump() for change in found],
    )
    db.session.add(row)
    for session in rows.values():
        session.is_released, session.released_join_url = True, session.join_url
    for speaker in queries.speakers(edition):
        speaker.is_released = True
    edition.released_number = row.number
    edition.draft_changed_at = None
    actions_materials.follow(edition)
    audit.note("programme released", edition, by=by, new={"number": row.number, "changes": len(found), "told": tell})
    if tell and not first:
        _tell(edition, row, found)
    return row


def _tell(edition: Edition, row: Release, found: list[Change]) -> None:
    """One letter to each speaker concerned, and the fact for everyone above who must tell others."""
    programme = snapshot.load(row.number, row.released_at, row.snapshot)
    for speaker in speakers_concerned(edition, found):
        notices.sessions_changed(speaker, edition, programme, found)
    facts.released.announce(edition, row, found)


def _raise_sequences(found: Iterable[Change], rows: dict[str, Session], now: datetime) -> None:
    """A higher sequence where subscribers must act; a new moment of change wherever anything is different."""
    for change in found:
        session = rows.get(change.uid)
        if session is None:
            continue
        if change.kind != "added" and change.moves_calendar:
            session.sequence += 1
        session.changed_at = now
    for session in rows.values():
        session.changed_at = session.changed_at or now


def _with_sequences(new: Programme, rows: dict[str, Session]) -> Programme:
    points = tuple(
        replace(p, sequence=rows[p.uid].sequence, changed_at=rows[p.uid].changed_at or _NEVER) if p.uid in rows else p
        for p in new.points
    )
    return replace(new, points=points, by_code={p.code: p for p in points})


def cancel_now(session: Session, edition: Edition, *, by: Person, tell: bool = True) -> Release:
    """Release one cancellation at once, and nothing else of the draft. Repeating it is the same release."""
    queries.lock(edition)
    db.session.refresh(session)
    last = _last(edition)
    published = next((p for p in last.points if p.uid == session.uid), None) if last else None
    require(None if published else Problem(_("This session was never published. You can remove it from the draft.")))
    assert last is not None and published is not None
    session.status = "cancelled"
    if published.is_cancelled:
        done = queries.release_number(edition, last.number)
        assert done is not None
        return done
    untouched = edition.draft_changed_at
    row = _publish_part(edition, last, _without(last, session), session, by=by, tell=tell)
    edition.draft_changed_at = untouched
    return row


def told_of_cancelling(session: Session, edition: Edition) -> tuple[int, int]:
    """How many speakers and attendees one mail each would tell, if `session` were cancelled at once."""
    last = _last(edition)
    if last is None:
        return 0, 0
    found = changes.between(last, _without(last, session))
    return len(speakers_concerned(edition, found)), facts.attendees_concerned(edition, found)


def _without(last: Programme, session: Session) -> Programme:
    """What is published now, with only `session` cancelled."""
    points = tuple(replace(p, status="cancelled") if p.uid == session.uid else p for p in last.points)
    return replace(last, points=points, by_code={p.code: p for p in points})


def _publish_part(
    edition: Edition, last: Programme, new: Programme, session: Session, *, by: Person, tell: bool
) -> Release:
    """A release in which only `session` differs: the rest of the draft stays a draft."""
    now = clock.now()
    found = changes.between(last, new)
    session.sequence += 1
    session.changed_at = now
    points = tuple(
        replace(p, sequence=session.sequence, changed_at=now) if p.uid == session.uid else p for p in new.points
    )
    row = Release(
        edition_id=edition.id,
        number=(edition.released_number or 0) + 1,
        released_at=now,
        released_by_id=by.id,
        reason=str(_("“%(title)s” is cancelled", title=session.name))[:300],
        told=tell,
        snapshot=snapshot.dump(replace(new, points=points)),
        changes=[change.dump() for change in found],
    )
    db.session.add(row)
    edition.released_number = row.number
    actions_materials.follow(edition)
    audit.note(
        "session cancelled now",
        session,
        by=by,
        old={"status": "planned"},
        new={"status": "cancelled", "number": row.number},
    )
    if tell:
        _tell(edition, row, found)
    return row


def restore(edition: Edition, number: int, *, by: Person) -> list[str]:
    """Put the draft back to an earlier release: words, times, rooms, people. It is public after the next release.

    Sequences are not put back: calendars only go forward. Returns the titles of sessions made since, which stay.
    """
    queries.lock(edition)
    row = queries.release_number(edition, number)
    require(None if row else Problem(_("This version does not exist.")))
    assert row is not None
    old = snapshot.load(row.number, row.released_at, row.snapshot)
    rows = {session.uid: session for session in queries.sessions(edition)}
    frame = _Frame.of(edition)
    for point in old.points:
        if point.uid in rows:
            _restore_session(rows[point.uid], point, frame)
    edition.draft_changed_at = clock.now()
    audit.note("version restored to the draft", edition, by=by, new={"number": number})
    known = {point.uid for point in old.points}
    return [session.name for uid, session in rows.items() if uid not in known]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The edition's present rooms, themes, formats and speakers by their stable names."""

    rooms: dict[str, int]
    tracks: dict[str, int]
    formats: dict[str, int]
    speakers: dict[str, Speaker]

    @classmethod
    def of(cls, edition: Edition) -> "_Frame":
        return cls(
            {room.uid: room.id for room in queries.rooms(edition)},
            {track.slug: track.id for track in queries.tracks(edition)},
            {kind.slug: kind.id for kind in queries.formats(edition)},
            {speaker.uid: speaker for speaker in queries.speakers(edition)},
        )


def _restore_session(session: Session, point: Point, frame: _Frame) -> None:
    """Write one session as it was released; what was removed from the frame since stays away."""
    session.revision += 1
    session.title, session.subject = (point.title, "") if point.has_own_title else ("", point.title)
    for name in ("status", "starts_at", "ends_at", "language", "level", "is_onsite", "is_online", "capacity"):
        setattr(session, name, getattr(point, name))
    for name in ("abstract", "description", "description_html", "audience", "bring", "accessibility"):
        setattr(session, name, getattr(point, name))
    session.takeaways, session.partners = list(point.takeaways), list(point.partners)
    session.room_id = frame.rooms.get(point.room.uid) if point.room else None
    session.track_id = frame.tracks.get(point.track.slug) if point.track else None
    session.format_id = frame.formats.get(point.format.slug) if point.format else None
    cast = [(frame.speakers[part.voice.uid], part.role) for part in point.parts if part.voice.uid in frame.speakers]
    actions.cast_exactly(session, cast)
