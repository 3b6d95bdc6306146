"""What organisers do to an edition itself: make, copy, write, announce, open, close, cancel, postpone; rooms, themes, formats."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from blender_event.audit import actions as audit
from blender_event.core import clock, text
from blender_event.core.database import db
from blender_event.core.errors import Problem, require
from blender_event.core.text import _
from blender_event.people.models import Person
from blender_event.programme import actions_materials, facts, notices, queries, rules
from blender_event.programme.actions import plain, touch, write
from blender_event.programme.models import Edition, Format, Room, Session, Track

EDITION_WORDS = frozenset(
    "title ordinal motto kind starts_on ends_on starts_time ends_time zone venue_name street postcode city country intro route "
    "accessibility confirmation_note audiences organisers groups organiser_name contact_email contact_phone price_note online_note "
    "source_label source_url registration_mode registration_url registration_opens_at registration_closes_at offers_onsite "
    "offers_online has_waiting_list join_url status_note is_example slug".split()
)
_CALENDAR = frozenset(
    "title motto starts_on ends_on starts_time ends_time zone venue_name street postcode city".split()
)
_TOLD = {
    "starts_on": "date",
    "ends_on": "date",
    "starts_time": "time",
    "ends_time": "time",
    "venue_name": "place",
    "street": "place",
    "city": "place",
}
_NOT_COPIED = frozenset(
    "id uid slug title ordinal motto status status_note starts_on ends_on public_revision released_number draft_changed_at has_recap "
    "sequence calendar_changed_at created_at revision join_url is_example source_label source_url".split()
)
STATUSES = {
    "draft": {"announced", "cancelled"},
    "announced": {"draft", "open", "closed", "cancelled", "postponed"},
    "open": {"closed", "announced", "cancelled", "postponed"},
    "closed": {"open", "announced", "cancelled", "postponed"},
    "cancelled": {"announced", "open", "closed"},
    "postponed": {"announced", "open", "closed", "cancelled"},
}
Thing = TypeVar("Thing", bound=Room | Track | Format)


def create(*, words: dict[str, Any], capacities: dict[str, int | None], by: Person | None) -> Edition:
    """A new edition, as a draft that only its organisers see. Raises `RuleBroken` when its address is taken."""
    slug = words["slug"]
    require(
        rules.slug_is_possible(slug, queries.edition_by_slug(slug) is not None),
        rules.days_are_possible(words["starts_on"], words["ends_on"]),
    )
    now = clock.now()
    edition = Edition(slug=slug, created_at=now, calendar_changed_at=now)
    write(edition, words, EDITION_WORDS)
    edition.capacity_onsite, edition.capacity_online = capacities.get("onsite"), capacities.get("online")
    db.session.add(edition)
    db.session.flush()
    audit.note("edition made", edition, by=by, new={"slug": slug})
    return edition


def copy(
    earlier: Edition, *, slug: str, title: str, motto: str, starts_on: date, with_sessions: bool, by: Person
) -> Edition:
    """A new edition with the frame of an earlier one: rooms, themes, formats, texts and, if wanted, sessions without people.

    Dates shift by whole weeks to the same weekday nearest `starts_on`'s week unless `starts_on` says otherwise: every
    distance in days to the first day stays. No personal data comes along; every identity is new.
    """
    require(rules.days_are_possible(starts_on, starts_on))
    shift = starts_on - earlier.starts_on
    kept = [name for name in EDITION_WORDS - _NOT_COPIED if not name.startswith("registration_")]
    words = {name: getattr(earlier, name) for name in kept}
    words |= {"slug": slug, "title": title, "motto": motto, "starts_on": starts_on, "ends_on": earlier.ends_on + shift}
    words |= {"registration_mode": earlier.registration_mode if earlier.registration_mode != "external" else "own"}
    for name in ("registration_opens_at", "registration_closes_at"):
        words[name] = shifted(getattr(earlier, name), shift, earlier.zone)
    made = create(words=words, capacities={"onsite": earlier.capacity_onsite, "online": earlier.capacity_online}, by=by)
    frame = _Frame(
        rooms={room.id: _copied(room, made) for room in queries.rooms(earlier)},
        tracks={track.id: _copied(track, made) for track in queries.tracks(earlier)},
        formats={kind.id: _copied(kind, made) for kind in queries.formats(earlier)},
    )
    db.session.flush()
    if with_sessions:
        for session in queries.sessions(earlier):
            _copy_session(session, made, shift, earlier.zone, frame)
        touch(made)
    return made


def same_weekday(earlier: date, around: date) -> date:
    """The day nearest `around` that falls on the weekday of `earlier`: what a copied edition proposes."""
    return around + timedelta(days=(earlier.weekday() - around.weekday() + 3) % 7 - 3)


def shifted(moment: datetime | None, shift: timedelta, zone: str) -> datetime | None:
    """A moment moved by whole days at the same local hour, also over a change to summer time."""
    if moment is None:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + shift, local.time(), ZoneInfo(zone))


def _copied(thing: Thing, edition: Edition) -> Thing:
    names = [column.key for column in type(thing).__table__.columns if column.key not in ("id", "uid", "edition_id")]
    made = type(thing)(edition_id=edition.id, **{name: getattr(thing, name) for name in names})
    db.session.add(made)
    return made


@dataclass(frozen=True, slots=True)
class _Frame:
    """The copied rooms, themes and formats by the id of what they were copied from."""

    rooms: dict[int, Room]
    tracks: dict[int, Track]
    formats: dict[int, Format]


def _copy_session(old: Session, edition: Edition, shift: timedelta, zone: str, frame: _Frame) -> None:
    """Breaks and plenary points keep their names; what people brought stays behind with its people."""
    belongs_to_the_frame = old.format is not None and (old.format.is_break or old.format.is_plenary)
    db.session.add(
        Session(
            edition_id=edition.id,
            title=old.title if belongs_to_the_frame else str(_("Session to be filled in")),
            starts_at=shifted(old.starts_at, shift, zone),
            ends_at=shifted(old.ends_at, shift, zone),
            room=frame.rooms.get(old.room_id or 0),
            track=frame.tracks.get(old.track_id or 0),
            format=frame.formats.get(old.format_id or 0),
            language=old.language,
            is_onsite=old.is_onsite,
            is_online=old.is_online,
            capacity=old.capacity,
            created_at=clock.now(),
        )
    )


def change(edition: Edition, *, words: dict[str, Any], seen: int, tell: bool, by: Person) -> None:
    """Write an edition's facts and texts anew: public at once. Raises `Conflict` if somebody changed it since `seen`.

    When day, hours or place change, calendars get a higher sequence and, if `tell`, everyone concerned one letter.
    """
    queries.lock(edition)
    edition.expect(seen)
    if words.get("slug", edition.slug) != edition.slug:
        taken = queries.edition_by_slug(words["slug"]) is not None
        require(rules.slug_is_possible(words["slug"], taken))
    require(rules.days_are_possible(words.get("starts_on", edition.starts_on), words.get("ends_on", edition.ends_on)))
    old, new = write(edition, words, EDITION_WORDS)
    if not new:
        return
    actions_materials.follow(edition)
    if _CALENDAR & new.keys():
        edition.sequence += 1
        edition.calendar_changed_at = clock.now()
        if edition.released_number is not None:
            touch(edition)
    audit.note("edition changed", edition, by=by, old=plain(old), new=plain(new))
    told = sorted({_TOLD[name] for name in new if name in _TOLD})
    if told and tell and edition.is_public:
        _tell(edition, told)


def _tell(edition: Edition, what: list[str]) -> None:
    """One letter to everyone concerned: speakers from here, attendees from above."""
    for speaker in queries.speakers(edition):
        notices.edition_changed(speaker, edition, what)
    facts.edition_changed.announce(edition, what)


def set_status(edition: Edition, status: str, *, note: str = "", tell: bool, seen: int, by: Person) -> None:
    """Announce, open, close, cancel or postpone an edition. Cancelling and postponing send one letter to everyone concerned."""
    queries.lock(edition)
    if edition.status == status and edition.status_note == note:
        return
    edition.expect(seen)
    possible = status == edition.status or status in STATUSES[edition.status]
    require(
        None
        if possible
        else Problem(_("This edition cannot go from “%(now)s” to “%(next)s”.", now=edition.status, next=status))
    )
    was, edition.status, edition.status_note = edition.status, status, note
    edition.shown_changed()
    grave = {"cancelled", "postponed"}
    if status in grave or was in grave:
        edition.sequence += 1
        edition.calendar_changed_at = clock.now()
        if tell:
            _tell(edition, [status if status in grave else "reopened"])
        if was == "cancelled":
            facts.takes_place_again.announce(edition)
    audit.note("edition status changed", edition, by=by, old={"status": was}, new={"status": status})


def save_thing(thing: Thing, edition: Edition, *, words: dict[str, Any], by: Person | None) -> Thing:
    """Add or change a room, theme or format. Its address is made from its name once and stays."""
    queries.lock(edition)
    fresh = thing.id is None
    names = frozenset("name floor access_note capacity is_online position colour is_plenary is_break".split())
    old, new = write(thing, words, names)
    if fresh:
        thing.edition_id = edition.id
        thing.slug = _free_slug(thing, edition)
        db.session.add(thing)
        db.session.flush()
    touch(edition)
    audit.note(
        f"{thing.__tablename__[:-1]} {'added' if fresh else 'changed'}", thing, by=by, old=plain(old), new=plain(new)
    )
    return thing


def _free_slug(thing: Room | Track | Format, edition: Edition) -> str:
    with db.session.no_autoflush:
        taken = queries.slugs_taken(type(thing), edition)
    wanted = text.slug(thing.name) or text.code()
    return wanted if wanted not in taken else f"{wanted[:50]}-{text.code(4)}"


def remove_thing(thing: Room | Track | Format, edition: Edition, *, by: Person) -> None:
    """Remove a room, theme or format: sessions in it stay, without it."""
    audit.note(f"{thing.__tablename__[:-1]} removed", thing, by=by, old={"name": thing.name})
    db.session.delete(thing)
    touch(edition)
