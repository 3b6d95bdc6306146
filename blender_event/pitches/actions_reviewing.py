"""What a reviewer does: write a review, change it, and speak about a pitch with the others who judge it."""

from dataclasses import dataclass, field
from datetime import datetime

from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.core.logs import log
from blender_event.people.models import Person
from blender_event.pitches import queries_reviewing as queries
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.models import Pitch
from blender_event.pitches.models_judging import Remark, Review
from blender_event.programme import queries as programme_queries

NOT_WRITTEN = -1  # what somebody saw who began a review that was not there: no row ever has it


@dataclass(frozen=True, slots=True)
class Opinion:
    """A review as it was typed."""

    advice: str
    strengths: str = ""
    attention: str = ""
    reason: str = ""
    is_accessible: bool = False
    is_inclusive: bool = False
    is_private: bool = False
    scores: dict[str, int] = field(default_factory=dict)

    def is_that_of(self, review: Review) -> bool:
        return all(getattr(review, name) == getattr(self, name) for name in self.__slots__)


def write(pitch: Pitch, opinion: Opinion, *, seen: int, by: Person, now: datetime) -> bool:
    """Keep what a reviewer found. True when something changed; the same words again change nothing.

    `seen` is the revision they began from (`NOT_WRITTEN` for none). Raises `Conflict` (with the review that is there)
    when it was changed since, in another window; `RuleBroken` when judging is closed.
    """
    programme_queries.lock(pitch.edition)
    db.session.refresh(pitch)
    db.session.refresh(pitch.call)
    review = queries.review_by(by, pitch)
    if review is not None and opinion.is_that_of(review):
        return False
    require(rules.may_write(pitch, now))
    if review is None:
        review = Review(pitch_id=pitch.id, person_id=by.id, advice=opinion.advice, written_at=now, changed_at=now)
        db.session.add(review)
    else:
        review.expect(seen)
    for name in opinion.__slots__:
        setattr(review, name, getattr(opinion, name))
    review.changed_at = now
    db.session.flush()
    log.info("review kept", pitch=pitch.id, person=by.id)
    return True


def say(pitch: Pitch, words: str, *, by: Person, now: datetime) -> Remark:
    """Add a line to the discussion that organisers and the judges of the pitch read, and its submitters never do."""
    remark = Remark(pitch_id=pitch.id, person_id=by.id, words=words, said_at=now)
    db.session.add(remark)
    db.session.flush()
    log.info("remark kept", pitch=pitch.id, person=by.id)
    return remark
