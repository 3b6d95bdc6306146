"""The letters to judges: what is asked of them now, and a reminder of what waits. They name no pitch and no submitter."""

from datetime import datetime
from typing import Any

from blender_event.core import links
from blender_event.core.links import Purpose
from blender_event.mail import outbox
from blender_event.people import actions as people
from blender_event.people import rules as people_rules
from blender_event.pitches.models_judging import Judge

PAGE = "admin.review.listing"


def asked(judge: Judge, *, waiting: int, now: datetime) -> None:
    """Somebody judges a call, with so many pitches to begin with. A later one replaces it while it waits to leave."""
    _put("review_invited", judge, waiting=waiting, now=now)


def reminded(judge: Judge, *, waiting: int, now: datetime) -> None:
    """So many pitches still wait for this judge."""
    _put("review_reminder", judge, waiting=waiting, now=now)


def withdrawn(judge: Judge) -> None:
    """Nothing is asked of them any more: letters that wait do not leave."""
    for kind in ("review_invited", "review_reminder"):
        outbox.withdraw(_key(kind, judge))


def _key(kind: str, judge: Judge) -> str:
    return f"{kind} {judge.id}"


def _put(kind: str, judge: Judge, *, waiting: int, now: datetime) -> None:
    person, call = judge.person, judge.call
    if person.email is None:
        return
    outbox.put(
        kind=kind,
        key=_key(kind, judge),
        to_email=person.email,
        to_name=person.name,
        language=person.language,
        edition=call.edition,
        about=f"judges:{judge.id}",
        facts={
            "call_title": call.title,
            "edition_title": call.edition.title,
            "waiting": waiting,
            "closes_at": call.judging_closes_at,
            "zone": call.edition.zone,
            "is_blind": call.is_blind,
            "page": links.address(PAGE, language=person.language, edition=call.edition.slug),
            "days": people.INVITED_FOR.days,
        }
        | _way_in(judge, now),
    )


def _way_in(judge: Judge, now: datetime) -> dict[str, Any]:
    """A link that signs somebody in who only judges; whoever may do more asks for a link of half an hour, as always."""
    person, edition = judge.person, judge.call.edition
    if people_rules.may_organise(person.roles, None):
        return {"link": ""}
    page = links.path(PAGE, language=person.language, edition=edition.slug)
    link = people.make_link(person, lasts=people.INVITED_FOR, now=now, next_path=page)
    return {"link": outbox.link(Purpose.SIGN_IN, link.id)}
