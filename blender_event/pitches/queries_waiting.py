"""What waits for an organiser among the pitches, as numbers, in one statement."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, case, func, select

from blender_event.core.database import db
from blender_event.pitches.models import Call, Pitch
from blender_event.pitches.queries_organise import JUDGING, VIEWS
from blender_event.programme.models import Edition, Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pitches nobody was asked to judge, judged and undecided ones, decisions nobody knows, sessions whose pitch is gone."""

    unasked: int = 0
    judged: int = 0
    untold: int = 0
    left_behind: int = 0


def waiting(edition: Edition) -> Waiting:
    """How many of each. Where everybody of a jury judges, nobody has to be asked."""
    unasked = and_(VIEWS["undecided"], Call.judged_by == "assigned", JUDGING["unasked"], JUDGING["none"])
    judged = and_(VIEWS["undecided"], JUDGING["done"])
    gone = and_(VIEWS["gone"], Session.status == "planned")
    asked = (
        select(*(func.count(case((condition, 1))) for condition in (unasked, judged, VIEWS["pending"], gone)))
        .select_from(Pitch)
        .join(Call, Call.id == Pitch.call_id)
        .outerjoin(Session, Session.id == Pitch.session_id)
        .where(Pitch.edition_id == edition.id)
    )
    return Waiting(*db.session.execute(asked).one())


def undecided(edition: Edition) -> ScalarSelect[int]:
    """The number beside the menu, as a part of somebody else's statement."""
    return (
        select(func.count())
        .select_from(Pitch)
        .where(Pitch.edition_id == edition.id, VIEWS["undecided"])
        .scalar_subquery()
    )
