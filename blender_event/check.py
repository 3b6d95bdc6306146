"""Integrity: what should not be, one line for each fault. Reads only."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import select

from blender_event import orphans
from blender_event.core import clock, links, storage
from blender_event.core.database import db
from blender_event.mail import queries as mail
from blender_event.pitches import queries_faults as pitches
from blender_event.programme import queries as programme
from blender_event.programme import queries_faults as materials
from blender_event.programme.models import Edition
from blender_event.registrations import queries as registrations
from blender_event.registrations.models import Registration


def faults() -> list[str]:
    """Every fault found, each said in one line with ids and no names."""
    found = [*registrations.faults(), *pitches.faults(), *materials.faults()]
    for edition in db.session.scalars(select(Edition).order_by(Edition.slug)):
        found += _feeds(edition)
    return [*found, *_letters(), *_files()]


def _feeds(edition: Edition) -> Iterator[str]:
    """Every public calendar answers and holds what it should; everybody's own does too."""
    if not edition.is_public:
        return
    published = programme.published(edition)
    yield from _feed(links.path("calendars.programme_feed", edition=edition.slug), _released_with_a_time(edition) or 1)
    if published:
        for endpoint, parts in (
            ("track_feed", published.tracks),
            ("format_feed", published.formats),
            ("room_feed", published.rooms),
        ):
            for part in parts:
                yield from _feed(links.path(f"calendars.{endpoint}", edition=edition.slug, slug=part.slug))
        for voice in published.voices:
            yield from _feed(links.path("calendars.speaker_feed", edition=edition.slug, speaker=voice.slug))
        for point in published.points:
            if point.has_slot:
                yield from _feed(links.path("calendars.session_file", edition=edition.slug, session=point.slug), 1)
    asked = select(Registration).where(Registration.edition_id == edition.id, Registration.status != "cancelled")
    for registration in db.session.scalars(asked.order_by(Registration.id)):
        address = links.path("calendars.personal_feed", token=registrations.feed_token(registration))
        yield from _feed(address, shown=f"the calendar of registration {registration.id}")


def _released_with_a_time(edition: Edition) -> int:
    """How many sessions of the release, as it was stored, have a time: a damaged one counts too."""
    row = programme.release_number(edition, edition.released_number) if edition.released_number is not None else None
    return sum(point["starts_at"] is not None for point in row.snapshot["points"]) if row else 0


def _feed(path: str, events: int | None = None, shown: str = "") -> Iterator[str]:
    """Ask for a calendar as a reader would; `events` is how many it must hold."""
    client = current_app.test_client(use_cookies=False)
    try:
        answer = client.get(path, base_url=current_app.config["BASE_URL"] or None)
    except Exception as fault:  # noqa: BLE001 - a calendar that breaks is what is looked for
        yield f"{shown or path}: {type(fault).__name__}"
        return
    if answer.status_code != 200 or not answer.data.startswith(b"BEGIN:VCALENDAR"):
        yield f"{shown or path}: answers {answer.status_code}"
    elif events is not None and answer.data.count(b"BEGIN:VEVENT") != events:
        yield f"{shown or path}: {answer.data.count(b'BEGIN:VEVENT')} events instead of {events}"


def _letters() -> Iterator[str]:
    for letter in mail.overdue(clock.now()):
        yield f"letter {letter.id}: {letter.status}, should have gone out at {letter.due_at.isoformat()}"


def _files() -> Iterator[str]:
    """Files without a row, and rows without their file. A column that names a file is called `storage_key`."""
    named = orphans.named()
    stored = set(storage.keys())
    yield from (f"file {key}: no row knows it" for key in sorted(stored - named))
    yield from (f"file {key}: a row names it and it is not there" for key in sorted(named - stored))
