"""Letters the programme writes to its speakers: one per speaker and release, saying how things are now."""

from collections.abc import Iterable

from blender_event.core import ics, links
from blender_event.mail import outbox
from blender_event.mail import queries as mail
from blender_event.mail.outbox import Attachment
from blender_event.programme import entries, queries
from blender_event.programme.changes import Change
from blender_event.programme.models import Edition, Speaker
from blender_event.programme.snapshot import Point, Programme


def sessions_changed(speaker: Speaker, edition: Edition, programme: Programme, found: Iterable[Change]) -> None:
    """Tell a speaker how their sessions stand after a release. An earlier, unsent letter of this kind is replaced.

    What that one would have told stands in the new one too.
    """
    person = speaker.person
    if person is None or person.email is None:
        return
    key = f"speaker-sessions-{speaker.id}"
    told = [
        change
        for change in [*_untold(key, edition), *found]
        if speaker.uid in change.speakers and change.concerns_people
    ]
    uids = {change.uid for change in told}
    points = [point for point in programme.points if point.uid in uids]
    removed = list({change.uid: change.title for change in told if change.kind == "removed"}.values())
    outbox.put(
        kind="speaker_sessions",
        to_email=person.email,
        to_name=speaker.name,
        language=person.language,
        edition=edition,
        key=key,
        about=f"speaker:{speaker.id}",
        facts={
            "name": speaker.name,
            "edition": edition,
            "points": points,
            "speaks": {point.uid: any(voice.uid == speaker.uid for voice in point.speakers) for point in points},
            "removed": removed,
            "zone": edition.zone,
            "programme_url": links.address("programme.programme_list", language=person.language, edition=edition.slug),
        },
        attachments=[file for point in points for file in _attachments(point, programme, edition, person.language)],
    )


def _untold(key: str, edition: Edition) -> list[Change]:
    """The changes of earlier releases of which the letter has not left yet."""
    if not mail.waits(key):
        return []
    return [
        change
        for release in queries.told_since(edition, mail.last_told(key, edition.id))
        for change in queries.changes_of(release)
    ]


def _attachments(point: Point, programme: Programme, edition: Edition, language: str) -> list[Attachment]:
    """The session as a calendar file; none when it has no time or its entry cannot be written."""
    entry = entries.session(point, programme, edition, language, busy=True)
    calendar = entries.calendar(edition, edition.title, "", language)
    if entry is None:
        return []
    try:
        return [Attachment(f"{point.slug}.ics", ics.event_file(calendar, entry))]
    except ValueError:
        return []


def edition_changed(speaker: Speaker, edition: Edition, what: list[str]) -> None:
    """Tell a speaker that the day itself changed. `what` holds date, time, place, cancelled, postponed or reopened."""
    person = speaker.person
    if person is None or person.email is None:
        return
    calendar = entries.calendar(edition, edition.title, "", person.language)
    day = entries.day(edition, person.language)
    outbox.put(
        kind="speaker_edition",
        to_email=person.email,
        to_name=speaker.name,
        language=person.language,
        edition=edition,
        key=f"speaker-edition-{speaker.id}",
        about=f"speaker:{speaker.id}",
        facts={
            "name": speaker.name,
            "edition": edition,
            "what": what,
            "edition_url": links.address("programme.edition_page", language=person.language, edition=edition.slug),
        },
        attachments=[Attachment(f"{edition.slug}.ics", ics.event_file(calendar, day))],
    )
