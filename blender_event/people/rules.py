"""What a role allows, which path may follow signing in, and whether a code of six digits is right."""

import hmac
import re
from collections.abc import Iterable
from datetime import datetime

import pyotp

from blender_event.core.errors import Problem
from blender_event.core.text import _
from blender_event.people.models import Role

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,299}")
STEP_SECONDS = 30


def may_organise(roles: Iterable[Role], edition_id: int | None) -> bool:
    """Whether these are the roles of an organiser of this edition; of any edition when None."""
    return any(role.kind == "organiser" and _reaches(role, edition_id) for role in roles)


def is_chief(roles: Iterable[Role]) -> bool:
    """Whether these roles reach every edition, those to come included."""
    return any(role.kind == "organiser" and role.edition_id is None for role in roles)


def may_see_needs(roles: Iterable[Role], edition_id: int | None) -> bool:
    """Whether these roles hold the extra right to read what people need to take part."""
    return any(role.kind == "organiser" and role.sees_needs and _reaches(role, edition_id) for role in roles)


def may_help_at_the_desk(roles: Iterable[Role], edition_id: int | None) -> bool:
    return any(role.kind in ("desk", "organiser") and _reaches(role, edition_id) for role in roles)


def may_review(roles: Iterable[Role], edition_id: int | None) -> bool:
    """Whether these roles let somebody judge pitches; organisers may, when pitches are given to them."""
    return any(role.kind in ("reviewer", "organiser") and _reaches(role, edition_id) for role in roles)


def _reaches(role: Role, edition_id: int | None) -> bool:
    return edition_id is None or role.edition_id is None or role.edition_id == edition_id


def may_give(roles: Iterable[Role], *, edition_id: int | None, sees_needs: bool) -> Problem | None:
    """Nobody gives more than they have: all editions only from a chief, the needs only from who sees them."""
    roles = list(roles)
    if edition_id is None and not is_chief(roles):
        return Problem(_("Only an organiser of every edition may give access to every edition."), "reach")
    if sees_needs and not may_see_needs(roles, edition_id):
        return Problem(_("You may only give this right when you have it yourself."), "sees_needs")
    return None


def is_new(existing: Role | None) -> Problem | None:
    """A person has a kind of access to an edition once."""
    if existing is None:
        return None
    return Problem(_("This person already has this access. Change it in the list."), "email")


def a_chief_remains(role: Role, chiefs: int) -> Problem | None:
    """The last organiser of every edition stays, or nobody could let others in."""
    if role.kind == "organiser" and role.edition_id is None and chiefs <= 1:
        return Problem(_("This is the last organiser of every edition. Give somebody else that access first."))
    return None


def own_path(address: str | None) -> str:
    """`address` when it surely is a path of this site, else nothing.

    A browser drops tabs and line breaks and reads `\\` as `/`, so any of those refuses the whole address.
    """
    return address if address and _OWN_PATH.fullmatch(address) else ""


def matching_step(secret: str, digits: str, *, now: datetime, after: int | None) -> int | None:
    """The time step (RFC 6238) whose code this is: the present one or a neighbour, later than the last one used."""
    present = int(now.timestamp()) // STEP_SECONDS
    codes = pyotp.HOTP(secret)
    found = None
    for step in (present - 1, present, present + 1):
        right = hmac.compare_digest(codes.at(step).encode(), digits.encode())
        if right and (after is None or step > after):
            found = step
    return found
