"""What may be in a registration, and when somebody may register, change or cancel: pure answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from blender_event.core.errors import Problem
from blender_event.core.text import Words, _, counted, email_key
from blender_event.programme import rules as programme
from blender_event.programme.facts import Seats
from blender_event.programme.labels_people import GROUPS, SECTORS
from blender_event.programme.models import Edition
from blender_event.registrations.models import Registration

ATTENDANCES = ("onsite", "online")
NEEDS = (
    "hearing_loop",
    "sign_language",
    "speech_to_text",
    "wheelchair",
    "quiet_room",
    "companion",
    "large_print",
    "vegetarian",
    "vegan",
    "allergy",
)
LARGEST_TEAM = 20


@dataclass(frozen=True, slots=True)
class Details:
    """What a person says of themselves when registering. Every text is already cleaned."""

    first_name: str
    last_name: str = ""
    email: str | None = None
    phone: str = ""
    organisation: str = ""
    job_title: str = ""
    attendance: str = "onsite"
    group: str = "other"
    sectors: tuple[str, ...] = ()
    brings_seeks: str = ""
    listed: bool = False
    needs: tuple[str, ...] = ()
    needs_words: str = ""
    needs_consent: bool = False

    @property
    def has_needs(self) -> bool:
        return bool(self.needs or self.needs_words)


def window_is_open(edition: Edition, now: datetime) -> Problem | None:
    """Visitors register only while the window is open."""
    return (
        None
        if programme.registration_phase(edition, now) == "open"
        else Problem(_("Registration is not open now. Call or mail us and we will look for a way together."))
    )


def edition_takes_people(edition: Edition, now: datetime) -> Problem | None:
    """Organisers may register people outside the window, but not for a day that is over or does not take place."""
    if edition.status == "cancelled":
        return Problem(_("This edition does not take place."))
    return Problem(_("This edition is over.")) if programme.is_past(edition, now) else None


def attendance_is_offered(edition: Edition, attendance: str) -> Problem | None:
    """People come in a way the edition offers."""
    if attendance in ATTENDANCES and edition.offers(attendance):
        return None
    return Problem(_("Choose how you take part."), "attendance")


def is_full(seats: Seats, attendance: str) -> bool:
    """Whether a newcomer must wait: no place left, or others wait already (they are never overtaken)."""
    waiting = seats.onsite_waiting if attendance == "onsite" else seats.online_waiting
    left = seats.left(attendance)
    return waiting > 0 or (left is not None and left <= 0)


def place_or_waiting_list(edition: Edition, seats: Seats, attendance: str) -> Problem | None:
    """When everything is taken, there must be a waiting list."""
    if not is_full(seats, attendance) or edition.has_waiting_list:
        return None
    if attendance == "onsite":
        return Problem(_("All places on site are taken and there is no waiting list."), "attendance")
    return Problem(_("All places online are taken and there is no waiting list."), "attendance")


def team_fits(seats: Seats, attendance: str, people: int) -> Problem | None:
    """All or nothing: a team gets a place for everybody, or none."""
    left = seats.left(attendance)
    if left is None and not is_full(seats, attendance):
        return None
    free = 0 if is_full(seats, attendance) else left or 0
    if free >= people:
        return None
    return Problem(
        counted(
            "There is %(num)s place left and you are with %(people)s. Choose “as many as fit”, or make your team smaller.",
            "There are %(num)s places left and you are with %(people)s. Choose “as many as fit”, or make your team smaller.",
            free,
            people=people,
        ),
        "fit",
    )


def team_is_possible(people: Sequence[Details]) -> Iterable[Problem]:
    """A team has at least one and at most twenty people, all coming the same way, and no address twice."""
    if not people:
        yield Problem(_("Fill in at least one person."), "people")
    if len(people) > LARGEST_TEAM:
        yield Problem(
            _("A team has at most %(most)s people. Register the others separately.", most=LARGEST_TEAM), "people"
        )
    keys = [email_key(one.email) for one in people if one.email]
    if len(keys) != len(set(keys)):
        yield Problem(
            _("The same mail address is there twice. Leave it empty for the colleague who has none."), "people"
        )


def rest_may_wait(edition: Edition, seats: Seats, attendance: str, people: int) -> Problem | None:
    """When not everybody fits, the others need a waiting list."""
    return None if edition.has_waiting_list else team_fits(seats, attendance, people)


def place_is_free(seats: Seats, attendance: str) -> Problem | None:
    """There is a place that nobody has."""
    if seats.left(attendance) == 0:
        return Problem(_("Every place is taken. Raise the number of places first."))
    return None


def may_add_a_place(seats: Seats, attendance: str) -> Problem | None:
    """A place is added for one person only where as many people come as there are places."""
    if surplus(seats, attendance):
        return Problem(_("More people come than there are places. Raise the number of places first."))
    return None


def capacity_is_possible(capacity: int | None, field: str) -> Problem | None:
    if capacity is not None and not 0 <= capacity <= 100_000:
        return Problem(_("Fill in a number of places from 0, or leave it empty for no limit."), field)
    return None


def new_place_is_got(seats: Seats, attendance: str) -> Problem | None:
    """Who changes the way they come keeps the old place unless there is a new one."""
    if not is_full(seats, attendance):
        return None
    if attendance == "onsite":
        return Problem(_("All places on site are taken. You keep the place you have."), "attendance")
    return Problem(_("All places online are taken. You keep the place you have."), "attendance")


def is_active(registration: Registration) -> Problem | None:
    """A cancelled registration is not changed any more."""
    if registration.status != "cancelled":
        return None
    return Problem(_("This registration is cancelled. You can register again if there are places left."))


def can_be_written(registration: Registration) -> Problem | None:
    """A letter reaches the person, or the colleague who registered them."""
    if registration.email or (registration.team is not None and registration.team.contact_email):
        return None
    return Problem(_("We do not have your mail address. Call us and we will help you."))


def has_own_address(registration: Registration) -> Problem | None:
    """A letter reaches the person and nobody else."""
    return None if registration.email else Problem(_("We do not have your mail address. Call us and we will help you."))


def may_still_change(edition: Edition, now: datetime) -> Problem | None:
    """Registrations change until the last day is over."""
    return Problem(_("This edition is over, so nothing changes any more.")) if programme.is_past(edition, now) else None


def consent_is_given(details: Details) -> Problem | None:
    """Needs can say something about health: they are kept only with an explicit yes."""
    if details.has_needs and not details.needs_consent:
        return Problem(_("Tick that we may keep your needs, or clear them."), "needs_consent")
    return None


def is_known(details: Details) -> Iterable[Problem]:
    """A name, one of the groups, and only known sectors and needs."""
    if not details.first_name:
        yield Problem(_("Fill in your first name."), "first_name")
    if details.group not in GROUPS:
        yield Problem(_("Choose the group you belong to."), "group")
    if not set(details.sectors) <= SECTORS.keys():
        yield Problem(_("Choose sectors from the list."), "sectors")
    problem = needs_are_known(details)
    if problem is not None:
        yield problem


def needs_are_known(details: Details) -> Problem | None:
    if set(details.needs) <= set(NEEDS):
        return None
    return Problem(_("Choose needs from the list."), "needs")


def promotable(seats: Seats, attendance: str) -> int:
    """How many of those who wait get a place now. None while the edition is over its capacity."""
    waiting = seats.onsite_waiting if attendance == "onsite" else seats.online_waiting
    left = seats.left(attendance)
    return waiting if left is None else min(waiting, left)


def surplus(seats: Seats, attendance: str) -> int:
    """How many more are confirmed than there are places: zero unless the capacity was lowered."""
    taken = seats.onsite_taken if attendance == "onsite" else seats.online_taken
    capacity = seats.onsite_capacity if attendance == "onsite" else seats.online_capacity
    return 0 if capacity is None else max(0, taken - capacity)


def place_in_line(position: int) -> Words:
    """“you are the second in line”: the first ten in words."""
    return (
        _IN_LINE[position - 1]
        if 1 <= position <= len(_IN_LINE)
        else _("you are number %(number)s in line", number=position)
    )


_IN_LINE = (
    _("you are first in line"),
    _("you are second in line"),
    _("you are third in line"),
    _("you are fourth in line"),
    _("you are fifth in line"),
    _("you are sixth in line"),
    _("you are seventh in line"),
    _("you are eighth in line"),
    _("you are ninth in line"),
    _("you are tenth in line"),
)
