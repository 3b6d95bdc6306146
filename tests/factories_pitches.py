"""Rows of calls, pitches and judging for tests. Import as `from tests import factories as make`."""

from datetime import timedelta

from sqlalchemy import select

from blender_event.core import clock, text
from blender_event.core.database import db
from blender_event.people.models import Role
from blender_event.pitches.models import Author, Call, Interest, Pitch, PitchFile
from blender_event.pitches.models_judging import Assignment, Judge, Remark, Review
from blender_event.pitches.models_works import Work
from tests.factories_files import MEDIA_TYPES, kept
from tests.factories_programme import a_person, a_session, numbers, saved, the_edition

DECIDED = ("accepted", "waitlisted", "declined", "confirmed", "cancelled")


def a_call(edition=None, *, title="Bijdragen", is_open=True, **facts):
    """A call of the edition, opened a week ago until in a month; `is_open=False`: closed yesterday. `facts` win."""
    now = clock.now()
    known = {
        "edition_id": the_edition(edition).id,
        "slug": text.slug(title),
        "title": title,
        "intro": "Wat wil je tonen of vragen?",
        "intro_html": "<p>Wat wil je tonen of vragen?</p>",
        "kinds": ["question", "proposal", "running", "finished"],
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=30) if is_open else now - timedelta(days=1),
        "judging_closes_at": now + timedelta(days=44),
        "criteria": [{"key": "a1", "label": "Vernieuwend"}],
        "created_at": now - timedelta(days=8),
    }
    return saved(Call(**known | facts))


def _call(call, edition):
    if call is not None:
        return call
    edition = the_edition(edition)
    found = db.session.scalars(select(Call).where(Call.edition_id == edition.id).order_by(Call.id)).first()
    return found or a_call(edition)


def a_pitch(title="Chatten na school", call=None, *, edition=None, status="submitted", author="Noor Klein", **facts):
    """A pitch of the call (the first one there is, or a new one) by `author`: a name, (name, email), or None for nobody.

    The moments belong to the state; an accepted or confirmed pitch has the session it became, unless `session` is None.
    """
    call = _call(call, edition)
    now = clock.now()
    known = {
        "edition_id": call.edition_id,
        "call_id": call.id,
        "status": status,
        "title": title,
        "kind": "running",
        "summary": "Jongeren chatten na school met een hulpverlener.",
        "what": "Een chat na school.",
        "for_whom": "Jongeren van 12 tot 18 jaar.",
        "intents": ["explore"],
        "agreed_public": True,
        "search_text": text.folded(title),
        "created_at": now - timedelta(days=3),
        "changed_at": now - timedelta(days=2),
        "submitted_at": None if status == "draft" else now - timedelta(days=2),
        "decided_at": now - timedelta(days=1) if status in DECIDED else None,
        "told_at": now - timedelta(days=1) if status in DECIDED else None,
    }
    if status in ("accepted", "confirmed") and not {"session", "session_id"} & facts.keys():
        facts["session"] = a_session(title, edition=call.edition, at=None)
    pitch = saved(Pitch(**known | facts))
    if author is not None:
        name, email = author if isinstance(author, tuple) else (author, None)
        an_author(pitch, name, email)
    return pitch


def an_author(pitch, name="Noor Klein", email=None, role="first", *, status="accepted", person=None, **facts):
    """Who sends the pitch in; `role="co"` for somebody who was invited to it (`status="invited"`: not answered yet)."""
    now = clock.now()
    email = email or f"{text.slug(name).replace('-', '.')}.{next(numbers)}@example.org"
    known = {
        "pitch_id": pitch.id,
        "person_id": person.id if person else None,
        "role": role,
        "status": status,
        "name": name,
        "organisation": "CAW Voorbeeld",
        "email": email,
        "email_key": text.email_key(email),
        "invited_at": now if role == "co" else None,
        "accepted_at": now if status == "accepted" else None,
        "verified_at": now if status == "accepted" else None,
    }
    return saved(Author(**known | facts))


def a_pitch_file(pitch, name="bijlage.pdf", data=b"%PDF-1.4 bijlage", **facts):
    """A document of the pitch, really stored."""
    key, size, digest = kept("pitches", data)
    known = {
        "pitch_id": pitch.id,
        "storage_key": key,
        "name": name,
        "media_type": MEDIA_TYPES[name.rpartition(".")[2].lower()],
        "size": size,
        "sha256": digest,
        "scanned": "clean",
        "uploaded_at": clock.now(),
    }
    return saved(PitchFile(**known | facts))


def a_reviewer(name="Rik Beoordelaar", edition=None, call=None, **facts):
    """A person with the role of reviewer who judges the call (the first one there is, or a new one)."""
    call = _call(call, edition)
    person = a_person(name, role="reviewer", edition=call.edition)
    a_judge(call, person, **facts)
    return person


def a_judge(call, person, **facts):
    """The person judges pitches of the call; they get the role reviewer in its edition when they lack it."""
    here = select(Role).where(Role.person_id == person.id, Role.kind == "reviewer", Role.edition_id == call.edition_id)
    if db.session.scalars(here).first() is None:
        saved(Role(person_id=person.id, kind="reviewer", edition_id=call.edition_id, created_at=clock.now()))
    known = {"edition_id": call.edition_id, "call_id": call.id, "person_id": person.id, "invited_at": clock.now()}
    return saved(Judge(**known | facts))


def an_assignment(pitch, person, **facts):
    """The pitch is this person's to judge."""
    return saved(Assignment(**{"pitch_id": pitch.id, "person_id": person.id, "assigned_at": clock.now()} | facts))


def a_review(pitch, person, advice="yes", **facts):
    """What the person found of the pitch."""
    now = clock.now()
    known = {
        "pitch_id": pitch.id,
        "person_id": person.id,
        "advice": advice,
        "strengths": "Helder en dicht bij de praktijk.",
        "attention": "Wie neemt het over als het project stopt?",
        "is_accessible": True,
        "is_inclusive": True,
        "scores": {"a1": 4},
        "written_at": now,
        "changed_at": now,
    }
    return saved(Review(**known | facts))


def a_remark(pitch, person, words="Past dit bij de infomarkt?", **facts):
    """A line of the discussion about the pitch."""
    known = {"pitch_id": pitch.id, "person_id": person.id, "words": words, "said_at": clock.now()}
    return saved(Remark(**known | facts))


def an_interest(pitch, name="Ines Denkt", email=None, **facts):
    """Somebody who wants to think along with the pitch."""
    now = clock.now()
    email = email or f"{text.slug(name).replace('-', '.')}.{next(numbers)}@example.org"
    known = {
        "edition_id": pitch.edition_id,
        "pitch_id": pitch.id,
        "name": name,
        "email": email,
        "email_key": text.email_key(email),
        "words": "Ik doe dit al in Gent.",
        "consent_at": now,
        "created_at": now,
    }
    return saved(Interest(**known | facts))


def a_work(title="A-buddy", kind="project", **facts):
    """A project or media item from before."""
    known = {
        "slug": f"{text.slug(title)[:40]}-{text.code()}",
        "kind": kind,
        "title": title,
        "search_text": text.folded(title),
        "created_at": clock.now(),
    }
    return saved(Work(**known | facts))
