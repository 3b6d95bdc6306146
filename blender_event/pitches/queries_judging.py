"""What a jury found, for organisers: per pitch how many were asked and wrote, what they advise, and their words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from blender_event.core.database import db
from blender_event.people.models import Address
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.models_judging import Assignment, Judge, Remark, Review


@dataclass(slots=True)
class Judged:
    """What came of judging one pitch. `advices` counts each advice; `scores` and `score` are means of 1 to 5."""

    asked: int = 0  # people asked, those who wrote included
    written: int = 0  # reviews with an opinion
    not_mine: int = 0  # “not for me”
    advices: Counter[str] = field(default_factory=Counter)  # yes, maybe, no, not_mine
    conditions: Counter[str] = field(default_factory=Counter)  # how many ticked is_accessible, is_inclusive, is_private
    scores: dict[str, float] = field(default_factory=dict)  # key of a criterion → mean
    score: float | None = None  # the mean of those means

    @property
    def missing(self) -> int:
        """Who was asked and did not answer yet."""
        return self.asked - self.written - self.not_mine

    @property
    def spread(self) -> int:
        """0: all agree, 1: neighbours, 2: a yes meets a no."""
        return rules.spread(self.advices)


def judged(pitch_ids: Iterable[int]) -> dict[int, Judged]:
    """What came of judging each of these pitches, in three statements whatever their number."""
    ids = list(pitch_ids)
    found = {number: Judged() for number in ids}
    if not ids:
        return found
    asked: dict[int, set[int]] = {number: set() for number in ids}
    for number, person in [*_assigned(ids), *_of_the_whole_jury(ids)]:
        asked[number].add(person)
    scores: dict[int, dict[str, list[int]]] = {number: {} for number in ids}
    for review in _reviews(ids):
        asked[review.pitch_id].add(review.person_id)
        _count(found[review.pitch_id], review, scores[review.pitch_id])
    for number, one in found.items():
        one.asked = len(asked[number])
        one.scores = {key: mean for key, given in scores[number].items() if (mean := rules.mean(given)) is not None}
        one.score = rules.mean(one.scores.values())
    return found


def _count(into: Judged, review: Any, scores: dict[str, list[int]]) -> None:
    """One review added to what was found; “not for me” counts for nothing else."""
    into.advices[review.advice] += 1
    if review.advice == "not_mine":
        into.not_mine += 1
        return
    into.written += 1
    for name in rules.CONDITIONS:
        into.conditions[name] += bool(getattr(review, name))
    for key, points in review.scores.items():
        scores.setdefault(key, []).append(points)


def _assigned(ids: list[int]) -> Sequence[tuple[int, int]]:
    asked = select(Assignment.pitch_id, Assignment.person_id).where(Assignment.pitch_id.in_(ids))
    return [(row.pitch_id, row.person_id) for row in db.session.execute(asked)]


def _of_the_whole_jury(ids: list[int]) -> Sequence[tuple[int, int]]:
    """Where everyone judges: every judge of the call, but nobody their own pitch."""
    asked = (
        select(Pitch.id, Judge.person_id)
        .join(Call, Call.id == Pitch.call_id)
        .join(Judge, Judge.call_id == Call.id)
        .where(Pitch.id.in_(ids), Call.judged_by == "everyone", ~is_author(Judge.person_id))
    )
    return [(row.id, row.person_id) for row in db.session.execute(asked)]


def is_author(person_id: Any) -> ColumnElement[bool]:
    """Whether this person sent the pitch of the outer query in, by their person or by an address of theirs."""
    by_address = exists().where(Address.person_id == person_id, Address.email_key == Author.email_key)
    mine = or_(Author.person_id == person_id, by_address.correlate_except(Address))
    return exists().where(Author.pitch_id == Pitch.id, mine).correlate_except(Author)


def _reviews(ids: list[int]) -> Sequence[Any]:
    """What is counted of each review, without its words: a table asks this of fifty pitches at a time."""
    asked = select(Review.pitch_id, Review.person_id, Review.advice, Review.scores, *map(_column, rules.CONDITIONS))
    return db.session.execute(asked.where(Review.pitch_id.in_(ids)).order_by(Review.id)).all()


def _column(name: str) -> Any:
    return getattr(Review, name)


def reviews_of(pitch: Pitch) -> Sequence[Review]:
    """Every review of a pitch with its writer, in the order they were written."""
    asked = select(Review).where(Review.pitch_id == pitch.id).options(joinedload(Review.person))
    return db.session.scalars(asked.order_by(Review.written_at, Review.id)).all()


def remarks_of(pitch: Pitch) -> Sequence[Remark]:
    """The discussion about a pitch, the oldest first, with who spoke."""
    asked = select(Remark).where(Remark.pitch_id == pitch.id).options(joinedload(Remark.person))
    return db.session.scalars(asked.order_by(Remark.said_at, Remark.id)).all()


def asked_of(pitch: Pitch) -> set[int]:
    """The people (ids) who are asked to judge this pitch now."""
    return {person for _pitch, person in [*_assigned([pitch.id]), *_of_the_whole_jury([pitch.id])]}
