"""Letters about what is asked of speakers: an invitation, three reminders, and to organisers that somebody cannot come."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from blender_event.core import links
from blender_event.core.links import Purpose
from blender_event.mail import outbox, rendering
from blender_event.mail.outbox import Written
from blender_event.people.models import Person, SignInLink
from blender_event.programme.models import Edition, Session, Speaker


def own_pages(speaker: Speaker) -> str:
    """Where a speaker finds everything, in the language of their letters."""
    return links.path("speaker.overview", language=_language(speaker))


def _language(speaker: Speaker) -> str:
    return speaker.person.language if speaker.person else "nl"


def _way_in(speaker: Speaker) -> str:
    """The page that mails a link and then leads to the speaker's own: an old letter gives nobody access."""
    return links.address("people.sign_in", language=_language(speaker), next=own_pages(speaker))


def invited(speaker: Speaker, edition: Edition, link: SignInLink, *, days: int, by: Person) -> None:
    """What is asked and by when, and a link that signs in for the first time."""
    person = speaker.person
    if person is None or person.email is None:
        return
    outbox.put(
        kind="speaker_invited",
        to_email=person.email,
        to_name=speaker.name,
        language=person.language,
        edition=edition,
        key=f"speaker-invited-{speaker.id}",
        about=f"speaker:{speaker.id}",
        facts={
            "edition": edition,
            "by": by.name,
            "dates": dates(edition),
            "link": outbox.link(Purpose.SIGN_IN, link.id),
            "days": days,
        },
    )


def dates(edition: Edition) -> list[tuple[str, date]]:
    """What is asked by when, as far as organisers said so."""
    named = (("confirm", edition.confirm_by), ("words", edition.words_by), ("slides", edition.slides_by))
    return [(name, day) for name, day in named if day is not None]


def reminder(speaker: Speaker, edition: Edition, kind: str) -> None:
    """Remind a speaker of `kind`: confirm, biography or slides."""
    person = speaker.person
    if person is None or person.email is None:
        return
    outbox.put(
        kind="speaker_reminder",
        to_email=person.email,
        to_name=speaker.name,
        language=person.language,
        edition=edition,
        key=f"speaker-reminder-{kind}-{speaker.id}",
        about=f"speaker:{speaker.id}",
        facts=_reminding(speaker, edition, kind),
    )


def _reminding(speaker: Speaker, edition: Edition, kind: str) -> dict[str, Any]:
    by = {"confirm": edition.confirm_by, "biography": edition.words_by, "slides": edition.slides_by}[kind]
    return {"edition": edition, "why": kind, "by": by, "way_in": _way_in(speaker)}


def reminder_as_read(speaker: Speaker, edition: Edition, kind: str) -> Written:
    """The letter as this speaker would read it; nothing is written."""
    known = {
        "to_name": speaker.name,
        "contact_email": edition.contact_email,
        "contact_phone": edition.contact_phone,
        "organiser_name": edition.organiser_name,
    }
    made = rendering.render("speaker_reminder", _language(speaker), known | _reminding(speaker, edition, kind))
    email = (speaker.person.email if speaker.person else "") or ""
    return Written(speaker.name, email, made.subject, made.text)


def declined(speaker: Speaker, edition: Edition, sessions: Iterable[Session]) -> None:
    """Tell the edition's mailbox who cannot come; why stands on the page that only organisers open."""
    if not edition.contact_email:
        return
    outbox.put(
        kind="speaker_declined",
        to_email=edition.contact_email,
        to_name=edition.organiser_name,
        language="nl",
        edition=edition,
        key=f"speaker-declined-{speaker.id}",
        about=f"speaker:{speaker.id}",
        facts={
            "edition": edition,
            "name": speaker.name,
            "sessions": [session.name for session in sessions],
            "page": links.address(
                "admin.speakers.change_speaker", language="nl", edition=edition.slug, number=speaker.id
            ),
        },
    )
