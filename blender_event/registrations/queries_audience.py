"""Who comes, as a speaker may know it: numbers, and the names of who agreed to be in the list of participants."""

from dataclasses import dataclass

from sqlalchemy import func, select

from blender_event.core.database import db
from blender_event.programme.models import Edition
from blender_event.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Audience:
    """How many have a place, per way of taking part and per group (the largest first), and who may be named."""

    onsite: int
    online: int
    groups: list[tuple[str, int]]
    names: list[tuple[str, str]]  # of a person and their organisation

    @property
    def total(self) -> int:
        return self.onsite + self.online


def audience(edition: Edition) -> Audience:
    """Everybody with a place in an edition, in two statements."""
    amount = func.count()
    comes = (Registration.edition_id == edition.id, Registration.status == "confirmed")
    asked = select(Registration.attendance, Registration.group, amount).where(*comes)
    ways, groups = {"onsite": 0, "online": 0}, dict[str, int]()
    for attendance, group, number in db.session.execute(asked.group_by(Registration.attendance, Registration.group)):
        ways[attendance] += number
        groups[group] = groups.get(group, 0) + number
    named = select(Registration.first_name, Registration.last_name, Registration.organisation).where(
        *comes, Registration.listed
    )
    rows = db.session.execute(named.order_by(Registration.sort_key, Registration.id))
    names = [(f"{row.first_name} {row.last_name}".strip(), row.organisation) for row in rows]
    return Audience(**ways, groups=sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])), names=names)
