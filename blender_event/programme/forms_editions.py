"""What organisers type about an edition: its day, place, texts and frame."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TimeField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from blender_event.core.forms import BlenderForm, KeyedForm, Line, Lines, is_web_address, needed
from blender_event.core.text import _
from blender_event.programme.forms_sessions import lines
from blender_event.programme.models import Edition, Format, Room, Track
from blender_event.programme.rules import YEARS

GROUPS = (
    ("field", _("Field work")),
    ("research", _("Research")),
    ("civil_society", _("Civil society")),
    ("policy", _("Policy")),
    ("ict", _("ICT")),
    ("education", _("Education")),
    ("other", _("Other")),
)
PLACEHOLDERS = ("first_name", "name", "edition", "reference", "date", "place")
_TEXTS = (
    "title motto venue_name street postcode city country intro route accessibility confirmation_note organiser_name "
    "contact_email contact_phone price_note online_note source_label source_url registration_mode registration_url zone "
    "kind join_url"
).split()
_LISTS = ("audiences", "organisers")
_PLACE = NumberRange(-1000, 1000, _("Give a number from -1,000 to 1,000."))


def _address(_form: Any, field: Any) -> None:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", field.data or ""):
        raise ValidationError(_("Use small letters, digits and hyphens, such as 2027."))


def _zone(_form: Any, field: Any) -> None:
    if field.data not in available_timezones():
        raise ValidationError(_("This time zone is not known. Use a name such as Europe/Brussels."))


def _placeholders(_form: Any, field: Any) -> None:
    """Only names of the fixed list may stand between braces; anything else is an error here, not in a letter."""
    for name in re.findall(r"\{([^{}]*)\}", field.data or ""):
        if name not in PLACEHOLDERS:
            raise ValidationError(
                _(
                    "“{%(name)s}” is not known. You can use: %(known)s.",
                    name=name,
                    known=", ".join(f"{{{n}}}" for n in PLACEHOLDERS),
                )
            )


def _in_our_time(_form: Any, field: Any) -> None:
    if field.data and field.data.year not in YEARS:
        raise ValidationError(_("Choose a day between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))


def _mail(_form: Any, field: Any) -> None:
    if field.data and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", field.data):
        raise ValidationError(_("Fill in a whole e-mail address, such as blender@example.org."))


class NewEditionForm(BlenderForm):
    """The least an edition needs."""

    slug = Line(
        _("Address"),
        [needed(_("Choose an address, such as 2027.")), _address],
        description=_("What stands behind the slash, such as 2027."),
    )
    title = Line(_("Title"), [needed(_("Fill in a title."))])
    motto = Line(_("Motto"))
    starts_on = DateField(_("First day"), [needed(_("Choose a day."))])
    ends_on = DateField(_("Last day"), [Optional()], description=_("Leave empty when it is one day."))

    def words(self) -> dict[str, Any]:
        plain = {name: getattr(self, name).data or "" for name in ("slug", "title", "motto")}
        return plain | {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data or self.starts_on.data}


class CopyEditionForm(BlenderForm):
    """A new edition after an earlier one."""

    slug = Line(
        _("Address"),
        [needed(_("Choose an address, such as 2027.")), _address],
        description=_("What stands behind the slash, such as 2027."),
    )
    title = Line(_("Title"), [needed(_("Fill in a title."))])
    motto = Line(_("Motto"))
    starts_on = DateField(
        _("First day"),
        [needed(_("Choose a day."))],
        description=_("We propose the same weekday. Every other date moves along."),
    )
    with_sessions = BooleanField(_("Also copy the time grid, without people and their sessions' words"))


class EditionForm(BlenderForm):
    """The facts and texts of an edition; they are public as soon as they are saved."""

    title = Line(_("Title"), [needed(_("Fill in a title."))])
    slug = Line(
        _("Address"),
        [needed(_("Choose an address, such as 2027.")), _address],
        description=_("Links to the old address stop working."),
    )
    motto = Line(_("Motto"))
    ordinal = IntegerField(
        _("Which edition is it?"), [Optional(), NumberRange(1, 200, _("Give a number from 1 to 200."))]
    )
    kind = SelectField(_("Kind"), choices=(("networking_day", _("Networking day")), ("meeting", _("Meeting"))))
    starts_on = DateField(_("First day"), [needed(_("Choose a day."))])
    starts_time = TimeField(_("Starts at"), [Optional()])
    ends_on = DateField(_("Last day"), [needed(_("Choose a day."))])
    ends_time = TimeField(_("Ends at"), [Optional()])
    zone = Line(_("Time zone"), [_zone])
    venue_name = Line(_("Venue"))
    street = Line(_("Street and number"))
    postcode = Line(_("Postcode"), longest=20)
    city = Line(_("City"), longest=100)
    country = SelectField(_("Country"), choices=(("BE", _("Belgium")), ("NL", _("Netherlands"))))
    intro = Lines(
        _("Introduction"), longest=20_000, description=_("Markdown: **bold**, lists with -, headings with ##.")
    )
    route = Lines(_("How to get there"), longest=10_000)
    accessibility = Lines(_("Accessibility"), longest=10_000)
    confirmation_note = Lines(
        _("Practical information in the confirmation"),
        [_placeholders],
        longest=4000,
        description=_("Plain text. You can use {first_name}, {edition}, {date} and {place}."),
    )
    audiences = Lines(_("For whom"), description=_("One per line."))
    organisers = Lines(_("Organised by"), description=_("One per line."))
    organiser_name = Line(_("Name of the organiser"))
    contact_email = Line(_("E-mail address for questions"), [_mail], longest=320)
    contact_phone = Line(_("Phone number for questions"), longest=60)
    price_note = Line(_("Price"))
    online_note = Line(_("What is online"))
    join_url = Line(
        _("Link to join online"),
        [is_web_address],
        longest=500,
        description=_("Only people who take part online see it."),
    )
    source_label = Line(_("Source"))
    source_url = Line(_("Address of the source"), [is_web_address], longest=500)
    registration_mode = RadioField(
        _("How do people register?"),
        choices=(("own", _("Here")), ("external", _("On another site")), ("none", _("They do not register"))),
    )
    registration_url = Line(_("Address of that other site"), [is_web_address], longest=500)
    registration_opens_at = DateTimeLocalField(
        _("Registration opens"), [Optional(), _in_our_time], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )
    registration_closes_at = DateTimeLocalField(
        _("Registration closes"), [Optional(), _in_our_time], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )
    offers_onsite = BooleanField(_("On site"))
    offers_online = BooleanField(_("Online"))
    has_waiting_list = BooleanField(_("A waiting list when it is full"))
    tell = RadioField(
        _("When the day, the hours or the place change"),
        choices=(("yes", _("Mail everyone concerned")), ("no", _("Tell nobody"))),
        default="yes",
    )
    seen = HiddenField()

    def words(self) -> dict[str, Any]:
        """The fields as the action takes them; windows become moments in the edition's zone."""
        plain: dict[str, Any] = {name: getattr(self, name).data or "" for name in _TEXTS}
        plain |= {
            name: getattr(self, name).data
            for name in ("ordinal", "starts_on", "ends_on", "starts_time", "ends_time", "slug")
        }
        plain |= {
            name: bool(getattr(self, name).data) for name in ("offers_onsite", "offers_online", "has_waiting_list")
        }
        plain |= {name: lines(getattr(self, name).data) for name in _LISTS}
        for name in ("registration_opens_at", "registration_closes_at"):
            plain[name] = _aware(getattr(self, name).data, plain["zone"])
        return plain

    def show(self, edition: Edition) -> None:
        """Fill the form with an edition as it is now."""
        names = [
            *_TEXTS,
            "ordinal",
            "starts_on",
            "ends_on",
            "starts_time",
            "ends_time",
            "slug",
            "offers_onsite",
            "offers_online",
            "has_waiting_list",
        ]
        for name in names:
            getattr(self, name).data = getattr(edition, name)
        for name in _LISTS:
            getattr(self, name).data = "\n".join(getattr(edition, name))
        for name in ("registration_opens_at", "registration_closes_at"):
            moment = getattr(edition, name)
            getattr(self, name).data = (
                moment.astimezone(ZoneInfo(edition.zone)).replace(tzinfo=None) if moment else None
            )
        self.seen.data = str(edition.revision)


def _aware(local: datetime | None, zone: str) -> datetime | None:
    return local.replace(tzinfo=ZoneInfo(zone)) if local else None


class StatusForm(BlenderForm):
    """Announce, open, close, cancel or postpone."""

    state = RadioField(_("State"), name="status")
    note = Lines(
        _("What visitors read about it"),
        longest=1000,
        description=_("For example why, and what happens to registrations."),
    )
    tell = RadioField(
        _("Who gets a message"), choices=(("yes", _("Everyone concerned")), ("no", _("Nobody"))), default="yes"
    )
    seen = HiddenField()


class RoomForm(KeyedForm):
    """A room."""

    name = Line(_("Name"), [needed(_("Fill in a name."))], longest=120)
    floor = Line(_("Where in the building"), longest=120)
    access_note = Line(_("Accessibility"), longest=300)
    capacity = IntegerField(_("Places"), [Optional(), NumberRange(0, 100_000, _("Give a number from 0 to 100,000."))])
    is_online = BooleanField(_("What happens here can be followed online"))
    position = IntegerField(_("Place in the list"), [Optional(), _PLACE], default=0)

    def words(self) -> dict[str, Any]:
        plain = {name: getattr(self, name).data or "" for name in ("name", "floor", "access_note")}
        return plain | {
            "capacity": self.capacity.data,
            "is_online": bool(self.is_online.data),
            "position": self.position.data or 0,
        }


class TrackForm(KeyedForm):
    """A theme; its colour is one of the eight pairs of colour and sign."""

    name = Line(_("Name"), [needed(_("Fill in a name."))], longest=120)
    colour = RadioField(_("Colour and sign"), coerce=int, choices=[(n, str(n)) for n in range(1, 9)], default=1)
    position = IntegerField(_("Place in the list"), [Optional(), _PLACE], default=0)

    def words(self) -> dict[str, Any]:
        return {"name": self.name.data, "colour": self.colour.data, "position": self.position.data or 0}


class FormatForm(KeyedForm):
    """A format."""

    name = Line(_("Name"), [needed(_("Fill in a name."))], longest=120)
    is_plenary = BooleanField(_("For everyone: nobody has to choose"))
    is_break = BooleanField(_("A break"))
    position = IntegerField(_("Place in the list"), [Optional(), _PLACE], default=0)

    def words(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "is_plenary": bool(self.is_plenary.data),
            "is_break": bool(self.is_break.data),
            "position": self.position.data or 0,
        }


THINGS: dict[str, tuple[type[Room] | type[Track] | type[Format], type[BlenderForm]]] = {
    "zalen": (Room, RoomForm),
    "themas": (Track, TrackForm),
    "vormen": (Format, FormatForm),
}
