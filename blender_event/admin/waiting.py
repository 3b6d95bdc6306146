"""What waits for an organiser, as rows of the dashboard: a number, what, why, and one verb."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from blender_event.admin import queries
from blender_event.admin.queries import Figures, MailState
from blender_event.core.text import Words, _, counted
from blender_event.programme import release
from blender_event.programme.labels_people import GROUPS
from blender_event.programme.models import Edition

OVERDUE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how many, what, why in one sentence, and the one thing to do."""

    number: int
    title: Words
    text: Words
    href: str
    label: Words


@dataclass(frozen=True, slots=True)
class Tile:
    """A number, what it counts, and the people behind it."""

    number: int
    text: Words
    href: str | None
    label: Words


def tasks(edition: Edition, figures: Figures) -> list[Task]:
    """In the order of how much waits on them: what the public does not see, who is not reached, who has no place."""
    rows = [
        _unreleased(edition),
        _held(edition, figures),
        _trouble(edition, figures),
        *_over_capacity(edition, figures),
        _parked(edition, figures),
        _declined(edition, figures),
        _speakers(edition, figures),
        _unverified(edition, figures),
    ]
    return [row for row in rows if row is not None]


def _task(number: int, title: Words, text: Words, href: str, label: Words) -> Task | None:
    return Task(number, title, text, href, label) if number > 0 else None


def _unreleased(edition: Edition) -> Task | None:
    number = len(release.unreleased(edition))
    title = counted("change is not online yet", "changes are not online yet", number)
    text = _("Visitors still see version %(number)s.", number=edition.released_number)
    if edition.released_number is None:
        text = _("Visitors see no programme yet.")
    return _task(number, title, text, url_for("admin.release.publish", edition=edition), _("Look and publish"))


def _held(edition: Edition, figures: Figures) -> Task | None:
    title = counted("mail is held back", "mails are held back", figures.held)
    text = _("A backup was put back. Check whether they were sent before.")
    return _task(figures.held, title, text, url_for("admin.outbox", edition=edition, show="held"), _("Look at them"))


def _trouble(edition: Edition, figures: Figures) -> Task | None:
    title = counted("mail did not arrive", "mails did not arrive", figures.trouble)
    text = _("%(failed)s refused, %(stuck)s tried too often.", failed=figures.failed, stuck=figures.stuck)
    return _task(figures.trouble, title, text, url_for("admin.outbox", edition=edition, show="trouble"), _("Solve"))


def _over_capacity(edition: Edition, figures: Figures) -> list[Task | None]:
    found = []
    for attendance, taken in (("onsite", figures.onsite), ("online", figures.online)):
        places = edition.capacity(attendance)
        over = 0 if places is None else taken - places
        title = counted("person more than there are places", "people more than there are places", over)
        text = _("There are %(places)s places on site.", places=places)
        if attendance == "online":
            text = _("There are %(places)s places online.", places=places)
        href = url_for("admin.registrations.listing", edition=edition, attendance=attendance, status="confirmed")
        found.append(_task(over, title, text, href, _("See who comes")))
    return found


def _parked(edition: Edition, figures: Figures) -> Task | None:
    title = counted("form looks like a machine’s", "forms look like a machine’s", figures.parked)
    text = _("Somebody filled in a field that people do not see. It may still be a person.")
    return _task(figures.parked, title, text, url_for("admin.registrations.parked", edition=edition), _("Look at them"))


def _speakers(edition: Edition, figures: Figures) -> Task | None:
    number = figures.invited_speakers
    if not number:
        return None
    names = queries.invited_speakers(edition)
    more = number - len(names)
    text: Words = ", ".join(names)
    if more > 0:
        text = counted("%(names)s and %(num)s more.", "%(names)s and %(num)s more.", more, names=text)
    title = counted("speaker has not confirmed yet", "speakers have not confirmed yet", number)
    href = url_for("admin.speakers.speakers", edition=edition, show="confirm")
    return _task(number, title, text, href, _("See the speakers"))


def _declined(edition: Edition, figures: Figures) -> Task | None:
    names = queries.declined_speakers(edition) if figures.declined_speakers else []
    title = counted("speaker cannot come", "speakers cannot come", figures.declined_speakers)
    href = url_for("admin.speakers.speakers", edition=edition, show="declined")
    return _task(figures.declined_speakers, title, ", ".join(names), href, _("Look and decide"))


def _unverified(edition: Edition, figures: Figures) -> Task | None:
    title = counted("address is not confirmed yet", "addresses are not confirmed yet", figures.unverified)
    text = _("Nobody has opened the link in the mail yet. There may be a typing mistake.")
    href = url_for("admin.registrations.listing", edition=edition, verified="no")
    return _task(figures.unverified, title, text, href, _("See whose"))


def tiles(edition: Edition, figures: Figures, *, sees_needs: bool) -> list[Tile]:
    """Four numbers with the people behind them; who needs what only for who may see it."""
    on_site: Words = _("on site")
    if edition.capacity_onsite is not None:
        on_site = _("on site, of %(places)s", places=edition.capacity_onsite)
    online: Words = _("online")
    if edition.capacity_online is not None:
        online = _("online, of %(places)s", places=edition.capacity_online)
    listing = "admin.registrations.listing"
    needs = url_for("admin.registrations.needs", edition=edition) if sees_needs else None
    return [
        Tile(
            figures.onsite,
            on_site,
            url_for(listing, edition=edition, attendance="onsite", status="confirmed"),
            _("See who comes"),
        ),
        Tile(
            figures.online,
            online,
            url_for(listing, edition=edition, attendance="online", status="confirmed"),
            _("See who follows"),
        ),
        Tile(
            figures.waiting,
            _("on the waiting list"),
            url_for("admin.registrations.waiting_list", edition=edition),
            _("See the waiting list"),
        ),
        Tile(figures.needs, _("asked for something to take part"), needs, _("See the needs")),
    ]


def groups(rows: list[tuple[str, int]]) -> list[tuple[Words, int]]:
    return [(GROUPS.get(group, group), number) for group, number in rows]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether mail goes out: good, warn or stop, in words and with what was measured."""

    light: str
    words: Words
    state: MailState


def mail_health(state: MailState, *, now: datetime) -> Health:
    """Stop when letters are overdue by more than ten minutes, warn when the mail server was not found or letters are held."""
    if state.oldest_due is not None and now - state.oldest_due > OVERDUE:
        return Health("stop", _("Mail does not go out."), state)
    if state.unreached:
        return Health("warn", _("The mail server does not answer. We keep trying."), state)
    if state.held:
        return Health("warn", _("Mails are held back until an organiser releases them."), state)
    return Health("good", _("Mail goes out."), state)
