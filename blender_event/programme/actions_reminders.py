"""What organisers ask of speakers: by when, an invitation, and reminders that each go out once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.people import actions as people
from blender_event.people.models import Person
from blender_event.programme import notices_speakers, queries, queries_speakers, rules_speakers
from blender_event.programme.actions import plain, write
from blender_event.programme.models import Edition, Speaker

DATES = frozenset({"confirm_by", "words_by", "slides_by"})


def set_dates(
    edition: Edition,
    *,
    confirm_by: date | None,
    words_by: date | None,
    slides_by: date | None,
    seen: int,
    by: Person,
) -> None:
    """By when speakers confirm, write and send slides. Raises `Conflict`, and `RuleBroken` for a day that is too late."""
    queries.lock(edition)
    require(rules_speakers.dates_follow(confirm_by, words_by, slides_by, edition.ends_on))
    words = {"confirm_by": confirm_by, "words_by": words_by, "slides_by": slides_by}
    if all(getattr(edition, name) == day for name, day in words.items()):
        return
    edition.expect(seen)
    old, new = write(edition, words, DATES)
    if new:
        audit.note("dates for speakers changed", edition, by=by, old=plain(old), new=plain(new))


def invite(speaker: Speaker, edition: Edition, *, now: datetime, by: Person) -> bool:
    """Mail a speaker a link that signs them in, for a week. False when that was done less than three days ago."""
    queries.lock(edition)
    db.session.refresh(speaker, with_for_update=True)
    return bool(
        _each_once([speaker], rules_speakers.INVITED, now=now, write_to=lambda one: _invite(one, edition, now, by))
    )


def _invite(speaker: Speaker, edition: Edition, now: datetime, by: Person) -> None:
    assert speaker.person is not None
    link = people.make_link(
        speaker.person, lasts=people.INVITED_FOR, now=now, next_path=notices_speakers.own_pages(speaker)
    )
    notices_speakers.invited(speaker, edition, link, days=people.INVITED_FOR.days, by=by)
    audit.note("speaker invited", speaker, by=by)


def remind(edition: Edition, kind: str, numbers: Iterable[int], *, now: datetime, by: Person) -> int:
    """Remind these speakers of their yes, biography or slides; returns how many letters that made.

    Whoever did it meanwhile, said no, has no address or heard of it less than three days ago gets none: so two
    clicks, or two organisers, are one letter.
    """
    queries.lock(edition)
    db.session.expire_all()  # what the page read before the lock may have changed
    wanted = set(numbers)
    lacking = [one for one in queries_speakers.lacking(edition, kind) if one.id in wanted]
    return _each_once(lacking, kind, now=now, write_to=lambda one: _remind(one, edition, kind, by))


def _remind(speaker: Speaker, edition: Edition, kind: str, by: Person) -> None:
    notices_speakers.reminder(speaker, edition, kind)
    audit.note("speaker reminded", speaker, by=by, new={"why": kind})


def _each_once(speakers: Iterable[Speaker], kind: str, *, now: datetime, write_to: Callable[[Speaker], None]) -> int:
    sent = 0
    for speaker in speakers:
        if speaker.person is None or speaker.person.email is None:
            continue
        if not rules_speakers.may_be_reminded(speaker, kind, now):
            continue
        speaker.reminded = {**speaker.reminded, kind: now.isoformat()}
        write_to(speaker)
        sent += 1
    return sent


def saw_needs(edition: Edition, *, by: Person) -> None:
    """Each look at what speakers need is written down before it is shown."""
    audit.note("needs of speakers seen", edition, by=by)
