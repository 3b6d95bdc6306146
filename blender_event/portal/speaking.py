"""What a speaker sees of one edition: what is asked, and each of their sessions with what is done and what is public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from blender_event.core import clock
from blender_event.programme import queries, queries_speakers, rules, rules_speakers
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.rules_speakers import Asked
from blender_event.programme.snapshot import Point, Programme


@dataclass(frozen=True, slots=True)
class Talk:
    """One session of a speaker: the draft's row, what is published of it, and how far it is."""

    session: Session
    point: Point | None
    is_told: bool  # has a story of their own to tell: words and slides are asked
    is_described: bool
    has_slides: bool
    is_waiting: bool  # its words are other words than what is published

    @property
    def is_cancelled(self) -> bool:
        return self.session.is_cancelled


@dataclass(frozen=True, slots=True)
class Story:
    """A speaker in one edition."""

    edition: Edition
    speaker: Speaker
    is_past: bool
    asked: list[Asked]
    talks: list[Talk]

    @property
    def open(self) -> list[Asked]:
        """What is still to do."""
        return [one for one in self.asked if not one.is_done]

    def first_without(self, what: str) -> Talk | None:
        """The session whose words or slides are asked first."""
        told = [talk for talk in self.talks if talk.is_told]
        if what == "words":
            return next((talk for talk in told if not talk.is_described), None)
        return next((talk for talk in told if not talk.has_slides), None)


def story(edition: Edition, speaker: Speaker, now: datetime) -> Story:
    """Everything a speaker's page of an edition shows, in a fixed number of statements."""
    sessions = queries_speakers.sessions_of(speaker)
    slides = queries_speakers.with_slides(edition)
    is_past = rules.is_past(edition, now)
    asked = rules_speakers.asked(speaker, edition, sessions, slides, today=clock.today(edition.zone))
    if is_past or edition.status == "cancelled":
        asked = []
    return Story(edition, speaker, is_past, asked, list(_talks(speaker, sessions, slides, queries.published(edition))))


def _talks(
    speaker: Speaker, sessions: Iterable[Session], slides: set[int], programme: Programme | None
) -> Iterable[Talk]:
    told = {session.id for session in rules_speakers.talks(speaker, sessions)}
    for session in sessions:
        point = published(programme, session)
        yield Talk(
            session=session,
            point=point,
            is_told=session.id in told,
            is_described=rules_speakers.is_described(session),
            has_slides=session.id in slides,
            is_waiting=point is not None and waits(session, point),
        )


def published(programme: Programme | None, session: Session) -> Point | None:
    """A session as everybody sees it now; None while it is only in the draft."""
    return programme.by_code.get(session.code) if programme else None


def waits(session: Session, point: Point) -> bool:
    """Whether the words in the draft are others than the published ones."""
    mine = (session.name, session.abstract, session.description, session.audience, session.bring, session.accessibility)
    theirs = (point.title, point.abstract, point.description, point.audience, point.bring, point.accessibility)
    return mine != theirs or tuple(session.takeaways) != point.takeaways
