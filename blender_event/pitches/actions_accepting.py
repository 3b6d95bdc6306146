"""An accepted pitch becomes a session with its speakers: nothing is typed twice, and from then on each goes its own way."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.text import folded, spoken
from blender_event.people import queries as people_queries
from blender_event.people.models import Person
from blender_event.pitches import actions, labels, queries_organise
from blender_event.pitches.models import Author, Pitch
from blender_event.programme import actions as programme_actions
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.rules import Slot

DESCRIBED = ("what", "why", "result")  # the answers a description is made of, each under its question
MOST = {"summary": 600, "for_whom": 1000, "accessibility": 2000}  # letters that their places in a session take
LANGUAGES = ("nl", "en")
_BETWEEN = re.compile(r"[\n;]+")
_SENTENCE = re.compile(r"[.!?](?=\s)")


def become_session(pitch: Pitch, *, by: Person | None, now: datetime) -> Session:
    """Make the session of an accepted pitch, without a time, and bring its authors in as speakers. The lock is held.

    Where somebody said before that they come to this day, the pitch counts as confirmed: they are not asked twice.
    """
    edition = pitch.edition
    cast = [(_speaker(author, edition, by=by), "speaker") for author in pitch.authors if _speaks(author)]
    cast = list({speaker.id: (speaker, role) for speaker, role in cast}.values())
    session = programme_actions.create_session(
        edition, words=words_of(pitch, edition), slot=Slot(None, None, None), cast=cast, by=by
    )
    pitch.session = session
    db.session.flush()
    if any(speaker.status == "confirmed" for speaker, _role in cast):
        actions.step(pitch, "confirmed", who="speaker", now=now)
    return session


def words_of(pitch: Pitch, edition: Edition) -> dict[str, Any]:
    """The session's words as the pitch has them."""
    kind = next((kind for kind in programme_queries.formats(edition) if kind.slug == pitch.format_slug), None)
    return {
        "title": pitch.title,
        "language": pitch.language,
        "is_onsite": edition.offers_onsite or not edition.offers_online,
        "is_online": edition.offers_online and not edition.offers_onsite,
        "capacity": pitch.most_participants,
        "abstract": _beginning(pitch.summary),
        "description": described(pitch),
        "audience": "" if _is_long(pitch, "for_whom") else pitch.for_whom,
        "accessibility": "" if _is_long(pitch, "accessibility") else pitch.accessibility,
        "partners": _names(pitch.partners),
        "format_id": kind.id if kind is not None else None,
        "track_id": _track(pitch, edition),
    }


def described(pitch: Pitch) -> str:
    """The longer answers as Markdown, each under its question in the pitch's language; one alone needs no heading.

    An answer too long for its own place in a session is among them: whoever changes the session has nothing to cut first.
    """
    long = [name for name in MOST if _is_long(pitch, name)]
    names = [name for name in ("summary", *DESCRIBED, "for_whom", "accessibility") if name in (*DESCRIBED, *long)]
    answers = [(name, getattr(pitch, name)) for name in names if getattr(pitch, name)]
    if len(answers) == 1:
        return answers[0][1]
    parts = [f"## {spoken(labels.QUESTIONS[name], pitch.language)}\n\n{answer}" for name, answer in answers]
    return "\n\n".join(parts)


def _is_long(pitch: Pitch, name: str) -> bool:
    return len(getattr(pitch, name)) > MOST[name]


def _beginning(summary: str) -> str:
    """The whole of it, or the sentences that fit; without any, the words."""
    if len(summary) <= MOST["summary"]:
        return summary
    sentences = [found.end() for found in _SENTENCE.finditer(summary, 0, MOST["summary"])]
    if sentences:
        return summary[: sentences[-1]]
    cut = summary[: MOST["summary"] - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _names(words: str) -> list[str]:
    """Partners, one a line or with semicolons; on a single line commas part them too."""
    parts = _BETWEEN.split(words)
    if len(parts) == 1:
        parts = words.split(",")
    return [part.strip() for part in parts if part.strip()]


def _track(pitch: Pitch, edition: Edition) -> int | None:
    """The edition's theme with the name of one of the pitch's themes, the first one first."""
    tracks = {folded(track.name): track.id for track in reversed(programme_queries.tracks(edition))}
    for theme in pitch.themes:
        for language in LANGUAGES:
            name = folded(spoken(labels.THEMES.get(theme, theme), language))
            if name in tracks:
                return tracks[name]
    return None


def _speaks(author: Author) -> bool:
    return author.speaks and author.status == "accepted" and bool(author.name or author.email)


def _speaker(author: Author, edition: Edition, *, by: Person | None) -> Speaker:
    """The author as a speaker of this edition: the one they are already, or a new one that has to be confirmed."""
    person = None
    if author.email:
        person = people_queries.person_for(author.email, author.name, author.language)
        db.session.flush()
        author.person = person
        known = programme_queries.speaking(person, edition)
        if known:
            return known[0]
    words = {
        "name": author.name or (author.email or "").partition("@")[0],
        "role": author.job_title,
        "organisation": author.organisation,
        "status": "invited",
    }
    return programme_actions.add_speaker(edition, words=words, person=person, by=by)


def speaker_confirmed(speaker: Speaker) -> None:
    """Who says they come confirms the accepted pitches they sent in."""
    now = clock.now()
    for pitch in queries_organise.spoken_by(speaker, "accepted"):
        actions.step(pitch, "confirmed", who="speaker", now=now)


def people_of(pitches: Sequence[Pitch]) -> set[str]:
    """The addresses of everybody who becomes a speaker."""
    return {author.email_key or author.name for pitch in pitches for author in pitch.authors if _speaks(author)}
