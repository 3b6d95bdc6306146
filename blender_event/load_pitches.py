"""Pitches and reviews of any size for an edition of measurements and tests: through the real tables, without letters."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from blender_event.core import clock, links, text
from blender_event.core.database import db
from blender_event.people.models import Person, Role
from blender_event.pitches import labels
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.models_judging import ADVICES, Assignment, Judge, Review
from blender_event.programme import labels_people
from blender_event.programme.models import Edition

PER_JUDGE = 50  # pitches, about
STATES = ("submitted",) * 7 + ("waitlisted", "declined", "withdrawn")
GROUPS = ("field", "research", "civil_society", "policy", "ict")
FIRST = "Jane Mary Alice Marie Jozef Isala Paul Henri Ada Norbert Grace Alan".split()
LAST = "Addams,Richmond,Salomon,Kamphuis,Guislain,Van Diest,Otlet,La Fontaine,Lovelace,Wiener,Hopper,Turing".split(",")
WORDS = "chat beeldbellen nabijheid drempel taal vertrouwen groep dossier privacy scherm buurt jongeren ouderen".split()


def fill(edition: Edition, *, pitches: int, reviews: int) -> None:
    """One call with so many pitches, judged as evenly as `reviews` allows. The same size gives the same words."""
    chance = random.Random(f"{edition.slug} {pitches} {reviews}")
    call = _call(edition)
    rows = [_pitch(call, number, chance) for number in range(pitches)]
    _insert(Pitch, rows)
    asked = select(Pitch.id, Pitch.code).where(Pitch.call_id == call.id).order_by(Pitch.id)
    ids = [number for number, _code in db.session.execute(asked)]
    _insert(Author, [_author(number, place, chance) for place, number in enumerate(ids)])
    jury = _jury(call, pitches, reviews)
    pairs = [(ids[place % pitches], jury[(place % pitches + place // pitches) % len(jury)]) for place in range(reviews)]
    _insert(Assignment, [_assignment(pitch, person) for pitch, person in pairs])
    _insert(Review, [_review(pitch, person, chance) for pitch, person in pairs])


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 500):
        db.session.execute(insert(table), rows[start : start + 500])


def _call(edition: Edition) -> Call:
    now = clock.now()
    call = Call(
        edition_id=edition.id, slug="bijdragen", title="Bijdragen", kinds=list(labels.KINDS), created_at=now,
        opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30),
        criteria=[{"key": "a1", "label": "Vernieuwend"}],
    )  # fmt: skip
    db.session.add(call)
    db.session.flush()
    return call


def _pitch(call: Call, number: int, chance: random.Random) -> dict[str, Any]:
    now = clock.now()
    title = f"{_sentence(chance, 4)} ({number + 1})"
    words = " ".join(f"{_sentence(chance, 9)}." for _sentence_number in range(12))
    return {
        "edition_id": call.edition_id,
        "call_id": call.id,
        "code": text.code(),
        "status": STATES[number % len(STATES)],
        "pending": ("accepted", None, None)[number % 3] if STATES[number % len(STATES)] == "submitted" else None,
        "title": title,
        "kind": chance.choice(list(labels.KINDS)),
        "summary": words,
        "what": words,
        "for_whom": _sentence(chance, 6),
        "themes": sorted(chance.sample(list(labels.THEMES), 2)),
        "sectors": sorted(chance.sample(list(labels_people.SECTORS), 2)),
        "group": chance.choice(GROUPS),
        "format_slug": "workshop",
        "search_text": text.folded(f"{title} {words}"),
        "created_at": now - timedelta(minutes=2 * number),
        "changed_at": now - timedelta(minutes=number),
        "submitted_at": now - timedelta(minutes=number),
    }


def _author(pitch: int, place: int, chance: random.Random) -> dict[str, Any]:
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    email = f"{text.slug(name)}.{place}@pitches.example.org"
    return {
        "pitch_id": pitch,
        "name": name,
        "organisation": f"Huis van {chance.choice(WORDS)}",
        "email": email,
        "email_key": email,
        "link_version": links.first_version(),
        "accepted_at": clock.now(),
    }


def _jury(call: Call, pitches: int, reviews: int) -> list[int]:
    """As many judges as it takes: nobody judges a pitch twice, and nobody has a hundred."""
    many = max(1, -(-reviews // max(1, pitches)), pitches * -(-reviews // max(1, pitches)) // PER_JUDGE)
    now = clock.now()
    people = [
        Person(name=f"{FIRST[place % len(FIRST)]} Jury {place + 1}", session_key=links.random_token(), created_at=now)
        for place in range(many)
    ]
    db.session.add_all(people)
    db.session.flush()
    for person in people:
        db.session.add(Role(person_id=person.id, kind="reviewer", edition_id=call.edition_id, created_at=now))
        db.session.add(Judge(edition_id=call.edition_id, call_id=call.id, person_id=person.id, invited_at=now))
    db.session.flush()
    return [person.id for person in people]


def _assignment(pitch: int, person: int) -> dict[str, Any]:
    return {"pitch_id": pitch, "person_id": person, "made_by": "evenly", "assigned_at": clock.now()}


def _review(pitch: int, person: int, chance: random.Random) -> dict[str, Any]:
    now: datetime = clock.now()
    return {
        "pitch_id": pitch,
        "person_id": person,
        "advice": chance.choice(ADVICES),
        "strengths": _sentence(chance, 10),
        "attention": _sentence(chance, 10),
        "is_accessible": chance.random() < 0.5,
        "scores": {"a1": chance.randrange(1, 6)},
        "written_at": now,
        "changed_at": now,
    }


def _sentence(chance: random.Random, amount: int) -> str:
    return " ".join(chance.choices(WORDS, k=amount)).capitalize()
