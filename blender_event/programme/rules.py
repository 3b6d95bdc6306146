"""What may be in a programme: pure answers over values and loaded rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from blender_event.core.errors import Problem
from blender_event.core.text import Words, _
from blender_event.programme.models import Edition, Room, Session
from blender_event.programme.snapshot import Point, Programme

RESERVED_SLUGS = frozenset(
    "en archief mediatheek toegankelijkheid privacy mijn agenda spreker aanmelden afmelden beheer gezond metrics api dev "
    "static favicon.ico robots.txt sitemap.xml onthaal pitches terugblik programma sprekers inschrijven account edities zaal materiaal".split()
)
TURNAROUND = timedelta(minutes=10)
LONGEST_WITHOUT_BREAK = timedelta(hours=3)
LONGEST_EDITION = timedelta(days=31)
YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Slot:
    """A room and a time; half-open, so touching ends do not overlap."""

    room: Room | None
    starts_at: datetime | None
    ends_at: datetime | None

    def overlaps(self, other: "Slot") -> bool:
        if None in (self.starts_at, self.ends_at, other.starts_at, other.ends_at):
            return False
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Clash:
    """Something in the draft that blocks a release (`blocks`) or only warns, and the sessions it concerns."""

    kind: str
    blocks: bool
    message: Words
    uids: tuple[str, ...] = ()


def slot_of(session: Session) -> Slot:
    return Slot(session.room, session.starts_at, session.ends_at)


def slot_is_possible(edition: Edition, slot: Slot) -> Iterable[Problem]:
    """A session ends after it starts and lies within the days of its edition."""
    if (slot.starts_at is None) != (slot.ends_at is None):
        yield Problem(_("Give both a start and an end, or neither."), "starts")
    if slot.starts_at is None or slot.ends_at is None:
        return
    if slot.ends_at <= slot.starts_at:
        yield Problem(_("The session must end after it starts."), "ends")
    first, last = bounds(edition)
    if slot.starts_at < first or slot.ends_at > last:
        yield Problem(_("This lies outside the days of the edition."), "starts")


def bounds(edition: Edition) -> tuple[datetime, datetime]:
    """The first moment of the first day and the end of the night after the last, in the edition's zone."""
    zone = ZoneInfo(edition.zone)
    first = datetime.combine(edition.starts_on, datetime.min.time(), zone)
    last = datetime.combine(edition.ends_on + timedelta(days=1), datetime.min.time(), zone) + timedelta(hours=6)
    return first.astimezone(UTC), last.astimezone(UTC)


def room_is_free(slot: Slot, others: Iterable[Session]) -> Problem | None:
    """A room holds one session at a time; touching ends are fine."""
    for other in others:
        if slot.room is not None and other.room_id == slot.room.id and slot.overlaps(slot_of(other)):
            return Problem(_("%(room)s already holds “%(title)s” then.", room=slot.room.name, title=other.name), "room")
    return None


def people_are_free(speaker_ids: Iterable[int], slot: Slot, others: Iterable[Session]) -> Iterable[Problem]:
    """Nobody is in two places at once."""
    wanted = set(speaker_ids)
    for other in others:
        if not slot.overlaps(slot_of(other)):
            continue
        for part in other.people:
            if part.speaker_id in wanted:
                yield Problem(
                    _("%(name)s is already in “%(title)s” then.", name=part.speaker.name, title=other.name), "speakers"
                )


def slug_is_possible(slug: str, taken: bool) -> Problem | None:
    """An address of an edition is lower case, free, and no word the app needs itself."""
    if slug in RESERVED_SLUGS:
        return Problem(_("The app needs “%(slug)s” itself. Choose another address.", slug=slug), "slug")
    if taken:
        return Problem(_("Another edition already has the address “%(slug)s”.", slug=slug), "slug")
    return None


def days_are_possible(starts_on: date, ends_on: date) -> Problem | None:
    """An edition is a day or a few, in years that calendars can hold."""
    if starts_on.year not in YEARS:
        return Problem(_("Choose a day between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]), "starts_on")
    if ends_on < starts_on:
        return Problem(_("The last day cannot come before the first."), "ends_on")
    if ends_on - starts_on >= LONGEST_EDITION:
        return Problem(_("An edition lasts at most a month. Check the last day."), "ends_on")
    return None


def clashes(programme: Programme, edition: Edition, unconfirmed: Iterable[str] = ()) -> list[Clash]:
    """Everything in a draft programme that blocks its release, and everything worth a second look."""
    alive = [point for point in programme.points if not point.is_cancelled]
    timed = sorted((p for p in alive if p.has_slot), key=lambda p: (p.starts_at, p.ends_at, p.uid))
    first, last = bounds(edition)
    return [
        *_overlaps(timed),
        *(
            Clash("outside", True, _("“%(title)s” lies outside the days of the edition.", title=p.title), (p.uid,))
            for p in timed
            if p.starts_at < first or p.ends_at > last  # type: ignore[operator]
        ),
        *_incomplete(alive),
        *_unconfirmed(alive, set(unconfirmed)),
        *_long_without_break(timed),
    ]


def _overlaps(timed: list[Point]) -> Iterable[Clash]:
    """One sweep over the sessions in order of time, comparing each with those still going on."""
    going_on: list[Point] = []
    for point in timed:
        going_on = [p for p in going_on if p.ends_at + TURNAROUND > point.starts_at]  # type: ignore[operator]
        for other in going_on:
            yield from _between(other, point)
        going_on.append(point)


def _between(one: Point, two: Point) -> Iterable[Clash]:
    at_once = two.starts_at < one.ends_at  # type: ignore[operator]
    uids = (one.uid, two.uid)
    if one.room and two.room and one.room.uid == two.room.uid:
        words = {"room": one.room.name, "one": one.title, "two": two.title}
        if at_once:
            yield Clash("room", True, _("Two sessions in %(room)s at once: “%(one)s” and “%(two)s”.", **words), uids)
        elif two.starts_at != one.ends_at and not one.is_break and not two.is_break:
            yield Clash(
                "turnaround",
                False,
                _("Less than ten minutes in %(room)s between “%(one)s” and “%(two)s”.", **words),
                uids,
            )
    if not at_once:
        return
    for name in {v.name: v for v in one.speakers if v.uid in {w.uid for w in two.speakers}}:
        yield Clash(
            "person",
            True,
            _("%(name)s is in two places at once: “%(one)s” and “%(two)s”.", name=name, one=one.title, two=two.title),
            uids,
        )
    if one.track and two.track and one.track.slug == two.track.slug and not one.is_plenary and not two.is_plenary:
        yield Clash(
            "track",
            False,
            _(
                "“%(one)s” and “%(two)s” share the theme %(track)s at the same time.",
                one=one.title,
                two=two.title,
                track=one.track.name,
            ),
            uids,
        )


def _incomplete(alive: list[Point]) -> Iterable[Clash]:
    for point in alive:
        if not point.has_slot:
            yield Clash("no slot", False, _("“%(title)s” has no time yet.", title=point.title), (point.uid,))
        elif point.room is None and point.is_onsite:
            yield Clash("no room", False, _("“%(title)s” has no room yet.", title=point.title), (point.uid,))
    yield from _undescribed(alive)


def _undescribed(alive: list[Point]) -> Iterable[Clash]:
    """One line for each title: a copied timetable has many points that are still called the same."""
    empty: dict[str, list[str]] = {}
    for point in alive:
        if not point.is_break and not (point.abstract or point.description):
            empty.setdefault(point.title, []).append(point.uid)
    for title, uids in empty.items():
        words = _("“%(title)s” has no description yet.", title=title)
        if len(uids) > 1:
            words = _("“%(title)s” has no description yet, %(count)s times.", title=title, count=len(uids))
        yield Clash("no description", False, words, tuple(uids))


def _unconfirmed(alive: list[Point], unconfirmed: set[str]) -> Iterable[Clash]:
    names: dict[str, tuple[str, list[str]]] = {}
    for point in alive:
        for voice in point.speakers:
            if voice.uid in unconfirmed:
                names.setdefault(voice.uid, (voice.name, []))[1].append(point.uid)
    for name, uids in names.values():
        yield Clash("unconfirmed", False, _("%(name)s has not confirmed yet.", name=name), tuple(uids))


def _long_without_break(timed: list[Point]) -> Iterable[Clash]:
    """Over three hours of programme without a break or a gap of fifteen minutes."""
    begun: datetime | None = None
    until: datetime | None = None
    for point in timed:
        rest = until is not None and point.starts_at - until >= timedelta(minutes=15)  # type: ignore[operator]
        if point.is_break or rest:
            begun, until = None, None
        if point.is_break:
            continue
        begun = begun or point.starts_at
        until = max(until, point.ends_at) if until and point.ends_at else point.ends_at
        if begun and until and until - begun > LONGEST_WITHOUT_BREAK:
            yield Clash(
                "no break",
                False,
                _("More than three hours without a break, up to “%(title)s”.", title=point.title),
                (point.uid,),
            )
            begun, until = None, None


def is_past(edition: Edition, now: datetime) -> bool:
    """Whether the edition is over: after its last hour when that is known, else after its last day.

    A day that was put off is not: its date is the old one, and people must still be able to give their place back.
    """
    if edition.status == "postponed":
        return False
    ends = edition.ends_at or datetime.combine(
        edition.ends_on + timedelta(days=1), datetime.min.time(), ZoneInfo(edition.zone)
    )
    return now >= ends


def registration_phase(edition: Edition, now: datetime) -> str:
    """Where registering stands: soon, open, closed, external, none, cancelled, postponed or past. Says nothing of seats."""
    if edition.status in ("cancelled", "postponed"):
        return edition.status
    if is_past(edition, now):
        return "past"
    if edition.registration_mode == "none":
        return "none"
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    if edition.status == "closed" or (closes is not None and now >= closes):
        return "closed"
    if edition.status != "open" or (opens is not None and now < opens):
        return "soon"
    return "open" if edition.registration_mode == "own" else "external"
