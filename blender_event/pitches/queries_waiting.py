"""What waits for an organiser among the pitches, as numbers, in one statement."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, case, func, select

from blender_event.core.database import db
from blender_event.core.text import Words, _
from blender_event.pitches.models import Call, Pitch
from blender_event.pitches.queries_organise import JUDGING, VIEWS, left_behind
from blender_event.programme.models import Edition, Session
from blender_event.programme.rules import Clash


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
    numbers: list[int] = list(db.session.execute(asked).one())
    return Waiting(*numbers)


def undecided(edition: Edition) -> ScalarSelect[int]:
    """The number beside the menu, as a part of somebody else's statement."""
    return (
        select(func.count())
        .select_from(Pitch)
        .where(Pitch.edition_id == edition.id, VIEWS["undecided"])
        .scalar_subquery()
    )


def lost(edition: Edition) -> list[Clash]:
    """Sessions that still stand while the pitch they were made from is gone: worth a second look before publishing."""
    return [Clash("pitch gone", False, _gone(status, title), (uid,)) for uid, title, status in left_behind(edition)]


def _gone(status: str, title: str) -> Words:
    if status == "withdrawn":
        return _("“%(title)s”: the pitch it was made from was withdrawn.", title=title)
    return _("“%(title)s”: the pitch it was made from was cancelled.", title=title)
