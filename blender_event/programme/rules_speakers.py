"""What is asked of speakers and by when, what they may still do, and when they may be reminded again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blender_event.core.errors import Problem
from blender_event.core.text import _
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.rules import is_past

REMINDERS = ("confirm", "biography", "slides")
REMIND_AFTER = timedelta(days=3)
INVITED = "invited"  # beside the reminders in `Speaker.reminded`


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked of a speaker: confirm, words, slides or profile; `by` is its last day."""

    what: str
    is_done: bool
    by: date | None
    is_late: bool


def asked(
    speaker: Speaker, edition: Edition, sessions: Iterable[Session], with_slides: Collection[int], *, today: date
) -> list[Asked]:
    """Everything that is asked, in the order of its dates of old: yes, who you are, words, slides."""
    own = talks(speaker, sessions)
    found = [
        ("confirm", speaker.status == "confirmed", edition.confirm_by),
        ("profile", has_profile(speaker), edition.words_by),
    ]
    if own:
        found.append(("words", all(is_described(session) for session in own), edition.words_by))
        found.append(("slides", all(session.id in with_slides for session in own), edition.slides_by))
    return [Asked(what, done, by, not done and by is not None and by < today) for what, done, by in found]


def talks(speaker: Speaker, sessions: Iterable[Session]) -> list[Session]:
    """The sessions in which somebody has a story to tell: not what they host, no breaks, nothing that is cancelled."""
    return [
        session
        for session in sessions
        if not session.is_cancelled
        and not (session.format is not None and session.format.is_break)
        and any(part.speaker_id == speaker.id and part.role == "speaker" for part in session.people)
    ]


def is_described(session: Session) -> bool:
    return bool(session.abstract or session.description)


def has_profile(speaker: Speaker) -> bool:
    """Somebody said who they are, and whether that may be shown."""
    return bool(speaker.biography) and (speaker.consented_at is not None or speaker.withheld_at is not None)


def lacks(speaker: Speaker, kind: str, sessions: Iterable[Session], with_slides: Collection[int]) -> bool:
    """Whether somebody may be reminded of `kind`: a yes, a biography or slides are missing. Nobody who said no is."""
    if speaker.declined_at is not None:
        return False
    if kind == "confirm":
        return speaker.status != "confirmed"
    if kind == "biography":
        return not speaker.biography
    return any(session.id not in with_slides for session in talks(speaker, sessions))


def may_still_answer(edition: Edition, now: datetime) -> Problem | None:
    """Saying yes or no means something until the day is over."""
    if is_past(edition, now):
        return Problem(_("This edition is over."))
    return None


def is_written(title: str, subject: str) -> Problem | None:
    """People must be able to call the session something."""
    return None if title or subject else Problem(_("Fill in a title."), "title")


def speaks_once(others: Sequence[Speaker]) -> Problem | None:
    """A person is one speaker in an edition, whatever they do there."""
    if not others:
        return None
    return Problem(
        _("%(name)s has this address already. Somebody speaks once per edition.", name=others[0].name), "email"
    )


def reminded_at(speaker: Speaker, kind: str) -> datetime | None:
    """When somebody was last reminded of this."""
    said = speaker.reminded.get(kind)
    return datetime.fromisoformat(said) if said else None


def may_be_reminded(speaker: Speaker, kind: str, now: datetime) -> bool:
    """Not again within three days, whoever asks."""
    last = reminded_at(speaker, kind)
    return last is None or now >= last + REMIND_AFTER


def dates_follow(
    confirm_by: date | None, words_by: date | None, slides_by: date | None, last: date
) -> Iterable[Problem]:
    """What is asked is asked before the day is over."""
    for name, day in (("confirm_by", confirm_by), ("words_by", words_by), ("slides_by", slides_by)):
        if day is not None and day > last:
            yield Problem(_("This is after the last day of the edition."), name)
