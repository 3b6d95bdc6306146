"""What must never be about pitches and their judging: one line each, with ids and no names."""

from collections.abc import Iterable

from sqlalchemy import exists, func, or_, select

from blender_event.core.database import db
from blender_event.people.models import Role
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.models_judging import Assignment, Judge, Review
from blender_event.pitches.rules import CHOSEN, UNDECIDED
from blender_event.programme.models import Session


def faults() -> Iterable[str]:
    """Every fault found, for `blender check`."""
    yield from _states()
    yield from _people()
    yield from _judging()


def _states() -> Iterable[str]:
    lost = select(Pitch.id, Pitch.status).where(Pitch.status.in_(CHOSEN), Pitch.session_id.is_(None))
    for number, status in db.session.execute(lost.order_by(Pitch.id)):
        yield f"pitch {number}: {status}, and it has no session"
    decided = select(Pitch.id, Pitch.pending, Pitch.status).where(
        Pitch.pending.is_not(None), Pitch.status.not_in(UNDECIDED)
    )
    for number, pending, status in db.session.execute(decided.order_by(Pitch.id)):
        yield f"pitch {number}: {pending} is still to be told, and it is {status}"
    unsent = select(Pitch.id, Pitch.status).where(
        Pitch.status.in_((*CHOSEN, *UNDECIDED, "declined")), Pitch.submitted_at.is_(None)
    )
    for number, status in db.session.execute(unsent.order_by(Pitch.id)):
        yield f"pitch {number}: {status}, and it was never sent in"
    astray = (
        select(Pitch.id)
        .join(Call, Call.id == Pitch.call_id)
        .outerjoin(Session, Session.id == Pitch.session_id)
        .where(or_(Call.edition_id != Pitch.edition_id, Session.edition_id != Pitch.edition_id))
    )
    for number in db.session.scalars(astray.order_by(Pitch.id)):
        yield f"pitch {number}: its call or its session is of another edition"


def _people() -> Iterable[str]:
    first = select(Author.pitch_id, func.count(Author.id).label("amount")).where(Author.role == "first")
    firsts = first.group_by(Author.pitch_id).subquery()
    asked = select(Pitch.id, func.coalesce(firsts.c.amount, 0)).outerjoin(firsts, firsts.c.pitch_id == Pitch.id)
    wrong = asked.where(func.coalesce(firsts.c.amount, 0) != 1).order_by(Pitch.id)
    for number, amount in db.session.execute(wrong):
        yield f"pitch {number}: {amount} first submitters instead of 1"


def _judging() -> Iterable[str]:
    drafts = select(Assignment.pitch_id).join(Pitch, Pitch.id == Assignment.pitch_id).where(Pitch.status == "draft")
    for number in db.session.scalars(drafts.distinct().order_by(Assignment.pitch_id)):
        yield f"pitch {number}: a draft, and somebody is asked to judge it"
    here = or_(Role.edition_id.is_(None), Role.edition_id == Pitch.edition_id)
    may = exists().where(Role.person_id == Review.person_id, Role.kind.in_(("organiser", "reviewer")), here)
    asked = exists().where(Assignment.pitch_id == Review.pitch_id, Assignment.person_id == Review.person_id)
    strange = select(Review.id).join(Pitch, Pitch.id == Review.pitch_id).where(~may, ~asked)
    for number in db.session.scalars(strange.order_by(Review.id)):
        yield f"review {number}: who wrote it was never asked to"
    astray = select(Judge.id).join(Call, Call.id == Judge.call_id).where(Call.edition_id != Judge.edition_id)
    for number in db.session.scalars(astray.order_by(Judge.id)):
        yield f"judge {number}: the call is of another edition"
