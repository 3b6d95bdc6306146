"""Sessions and days as calendar entries: what feeds and letters are both made from, so that they cannot disagree."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from blender_event.core import links
from blender_event.core.ics import Calendar, Entry
from blender_event.programme.models import Edition
from blender_event.programme.snapshot import Point, Programme


def session(
    point: Point, programme: Programme, edition: Edition, language: str, *, busy: bool = False, join_url: str = ""
) -> Entry | None:
    """A published session as an entry, or None when it has no time. `join_url` only in a person's own feed."""
    if point.starts_at is None or point.ends_at is None:
        return None
    url = links.address("programme.session_page", language=language, edition=edition.slug, session=point.slug)
    return Entry(
        uid=point.uid,
        sequence=point.sequence + edition.sequence,  # cancelling the day cancels its sessions
        changed_at=max(point.changed_at, edition.calendar_changed_at),
        summary=point.title,
        starts_at=point.starts_at,
        ends_at=point.ends_at,
        zone=programme.day.zone,
        location=_location(point, programme),
        description=_description(point, url, join_url),
        url=url,
        status=_status(edition, point.is_cancelled),
        busy=busy and not point.is_break,
        categories=tuple(
            name for name in (point.track and point.track.name, point.format and point.format.name) if name
        ),
        conference_url=join_url,
        language=point.language,
    )


def _location(point: Point, programme: Programme) -> str:
    room = point.room.name if point.room else ""
    place = "" if point.is_online and not point.is_onsite else programme.day.place
    return ", ".join(part for part in (room, place) if part) or ("online" if point.is_online else "")


def _description(point: Point, url: str, join_url: str) -> str:
    people = ", ".join(" – ".join(part for part in (v.name, v.organisation) if part) for v in point.speakers)
    return "\n\n".join(part for part in (people, point.abstract, join_url, url) if part)


def day(
    edition: Edition,
    language: str,
    *,
    uid: str = "",
    sequence: int = 0,
    changed_at: datetime | None = None,
    busy: bool = True,
    url: str = "",
    description: str = "",
    cancelled: bool = False,
    join_url: str = "",
) -> Entry:
    """The whole day of an edition: its hours when they are known, else as whole days.

    A registration gives its own `uid`, `sequence` and `changed_at`; the later of both moments and the sum of both
    sequences count, because either may change what the person must see.
    """
    starts_at, ends_at, whole_days = _hours(edition)
    page = url or links.address("programme.edition_page", language=language, edition=edition.slug)
    return Entry(
        uid=uid or edition.uid,
        sequence=edition.sequence + sequence,
        changed_at=max(edition.calendar_changed_at, changed_at or edition.calendar_changed_at).astimezone(UTC),
        summary=f"{edition.title}: {edition.motto}" if edition.motto else edition.title,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=edition.zone,
        location=edition.place,
        description="\n\n".join(part for part in (description, join_url, page) if part),
        url=page,
        status=_status(edition, cancelled),
        busy=busy,
        conference_url=join_url,
        whole_days=whole_days,
        language="nl",
    )


def _hours(edition: Edition) -> tuple[datetime, datetime, bool]:
    """From when to when, and whether that means whole days because the hours are not known."""
    if edition.starts_at is not None and edition.ends_at is not None:
        return edition.starts_at, edition.ends_at, False
    zone = ZoneInfo(edition.zone)
    first = datetime.combine(edition.starts_on, datetime.min.time(), zone)
    return first, datetime.combine(edition.ends_on + timedelta(days=1), datetime.min.time(), zone), True


def _status(edition: Edition, cancelled: bool) -> Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]:
    """Of the day and of everything in it: what is postponed has no certain time."""
    if cancelled or edition.status == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if edition.status == "postponed" else "CONFIRMED"


def calendar(edition: Edition, name: str, source: str, language: str) -> Calendar:
    """The envelope of a feed; the organiser is a mailbox of the edition, never a participant."""
    return Calendar(
        name=name,
        description=edition.motto,
        zone=edition.zone,
        organiser_name=edition.organiser_name or "Blender",
        organiser_email=edition.contact_email or links.mailbox(),
        url=links.address("programme.edition_page", language=language, edition=edition.slug),
        source=source,
        colour="darkgreen",
        language=language,
    )
