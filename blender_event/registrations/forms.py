"""What may be typed to register: one form over three steps, and one for teams. Labels and choices in the reader's words."""

from collections.abc import Iterable, Iterator
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from blender_event.core import text
from blender_event.core.forms import AnyOf, BlenderForm, KeyedForm, Line, Lines, OneOf, is_an_address, needed
from blender_event.core.text import Words, _
from blender_event.programme.labels_people import GROUPS, SECTORS
from blender_event.programme.models import Edition
from blender_event.registrations import rules
from blender_event.registrations.rules import Details

LAST_STEP = 3
ATTENDANCES: dict[str, Words] = {"onsite": _("On site"), "online": _("Online")}
GROUP_HINTS: dict[str, Words] = {
    "field": _("social worker, carer, manager…"),
    "research": _("researcher, university or college"),
    "civil_society": _("umbrella organisation, association, expert by experience"),
    "policy": _("local, Flemish, federal"),
    "ict": _("developer, designer, supplier"),
    "education": _("teacher, student"),
    "other": _("something else, or you would rather not say"),
}
NEEDS: dict[str, Words] = {
    "hearing_loop": _("Hearing loop"),
    "sign_language": _("Flemish Sign Language interpreter"),
    "speech_to_text": _("Speech-to-text interpreter"),
    "wheelchair": _("Room for a wheelchair or walking aid"),
    "quiet_room": _("A quiet room"),
    "companion": _("Somebody comes along to support me (free)"),
    "large_print": _("Programme in large print"),
    "vegetarian": _("Vegetarian meal"),
    "vegan": _("Vegan meal"),
    "allergy": _("Meal without something I cannot eat (write it below)"),
}


def fitting(form: Any, edition: Edition, *, present: str = "") -> None:
    """Offer only the ways of taking part the edition has (and the one somebody has already); one alone is chosen."""
    offered = [way for way in rules.ATTENDANCES if edition.offers(way) or way == present]
    form.attendance.choices = [(way, ATTENDANCES[way]) for way in offered]
    if not form.attendance.data and len(offered) == 1:
        form.attendance.data = offered[0]


class AboutYou:
    """The questions about a person that can be changed later too."""

    first_name = Line(_("First name"), [needed(_("Fill in your first name"))], longest=100)
    last_name = Line(_("Last name"), longest=100)
    phone = Line(_("Phone"), longest=60)
    organisation = Line(_("Organisation"), longest=200)
    job_title = Line(_("Job title"), longest=200)
    attendance = OneOf(_("How do you take part?"), said=_("Choose how you take part"))
    group = OneOf(
        _("Which group do you belong to?"), said=_("Choose the group you belong to"), choices=list(GROUPS.items())
    )
    sectors = AnyOf(_("Which sectors do you work in?"), choices=list(SECTORS.items()))
    brings_seeks = Lines(_("What do you bring, what are you looking for?"), longest=2000)
    listed = BooleanField(_("Show my name and organisation in the list of participants"))


class RegistrationForm(AboutYou, KeyedForm):
    """Three steps: about you, what you need, a last look. Every answer travels along, so that nothing is ever lost."""

    STEPS = {
        1: ("first_name", "last_name", "email", "phone", "organisation", "job_title", "attendance", "group"),
        2: ("sectors", "needs", "needs_words", "needs_consent", "brings_seeks", "listed"),
        3: (),
    }

    step = HiddenField()
    email = Line(_("E-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254)
    needs = AnyOf(_("What do you need to take part well?"), choices=list(NEEDS.items()))
    needs_words = Lines(_("Something else, or more about it"), longest=2000)
    needs_consent = BooleanField(_("You may keep what I need, to arrange it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [name for names in self.STEPS.values() for name in names]
        others = [name for name in self._fields if name not in asked]
        self._fields: dict[str, Field] = {
            name: self._fields[name] for name in asked + others
        }  # problems in the order of the page

    @classmethod
    def for_edition(cls, edition: Edition) -> "RegistrationForm":
        form = cls()
        fitting(form, edition)
        form._needs_in_own_words()
        return form

    def _needs_in_own_words(self) -> None:
        """A need that is not in the list is kept as words: nobody's need is refused for how it was sent."""
        others = [need for need in self.needs.data or [] if need not in NEEDS]
        if others:
            self.needs.data = [need for need in self.needs.data or [] if need in NEEDS]
            words = [self.needs_words.data or "", *(text.clean(other, lines=True, longest=2000) for other in others)]
            self.needs_words.data = "\n".join(part for part in words if part)

    @property
    def shown(self) -> int:
        """The step these answers were sent from."""
        return int(self.step.data) if self.step.data in ("1", "2", "3") else 1

    def first_wrong_step(self, last: int) -> int | None:
        """The first step up to `last` with something to mend; its problems, and those after it, are then known."""
        wrong = [step for step in range(1, last + 1) if not self._is_right(step)]
        return min(wrong) if wrong else None

    def _is_right(self, step: int) -> bool:
        right = all([self[name].validate(self) for name in self.STEPS[step]])
        if step == 2 and (self.needs.data or self.needs_words.data) and not self.needs_consent.data:
            self.needs_consent.errors = [_("Tick that we may keep your needs, or clear them")]
            return False
        return right

    def step_of(self, problem_fields: Iterable[str | None]) -> int:
        """The first step that holds one of these fields; the last one when none does."""
        fields = set(problem_fields)
        return next((step for step, names in self.STEPS.items() if fields & set(names)), LAST_STEP)

    def carried(self, shown: int) -> Iterator[tuple[str, str]]:
        """Name and value of every answer that is not asked on step `shown`."""
        for step, names in self.STEPS.items():
            for name in names if step != shown else ():
                value = self[name].data
                if isinstance(value, list):
                    yield from ((name, item) for item in value)
                elif value:
                    yield name, "y" if value is True else str(value)

    def answers(self, step: int) -> list[tuple[Words, Words]]:
        """What was answered in a step, in words, for a last look."""
        asked = bool(self.needs.data or self.needs_words.data)
        names = [name for name in self.STEPS[step] if asked or name != "needs_consent"]
        return [(self[name].label.text, said(self[name])) for name in names]

    def details(self) -> Details:
        """What the action takes."""
        return Details(
            **about(self),
            email=self.email.data or None,
            needs=tuple(self.needs.data or ()),
            needs_words=self.needs_words.data or "",
            needs_consent=self.needs_consent.data,
        )


def about(form: Any) -> dict[str, Any]:
    """The answers of `AboutYou` as `Details` wants them."""
    names = ("first_name", "last_name", "phone", "organisation", "job_title", "attendance", "group", "brings_seeks")
    return {name: form[name].data or "" for name in names} | {
        "sectors": tuple(form.sectors.data or ()),
        "listed": form.listed.data,
    }


def said(field: Any) -> Words:
    """An answer as people read it."""
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if isinstance(field, RadioField | SelectMultipleField):
        given = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(label) for value, label, *_rest in field.iter_choices() if value in given)
    return field.data or ""


class MemberForm(Form):
    """One person of a team. Without an address, letters go to the contact."""

    first_name = Line(_("First name"), longest=100)
    last_name = Line(_("Last name"), longest=100)
    email = Line(_("E-mail address"), [is_an_address], longest=254)

    @property
    def is_empty(self) -> bool:
        return not (self.first_name.data or self.last_name.data or self.email.data)

    def validate_first_name(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise ValidationError(_("Fill in the first name"))


class TeamForm(KeyedForm):
    """A team in one go: one contact, the people, and what to do when not everybody fits."""

    contact_name = Line(_("Your name"), [needed(_("Fill in your name"))])
    contact_email = Line(
        _("Your e-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254
    )
    contact_phone = Line(_("Your phone number"), longest=60)
    organisation = Line(_("Organisation"), longest=200)
    attendance = OneOf(_("How do you take part?"), said=_("Choose how you take part"))
    group = OneOf(
        _("Which group do you belong to?"), said=_("Choose the group you belong to"), choices=list(GROUPS.items())
    )
    people = FieldList(FormField(MemberForm), min_entries=3, max_entries=rules.LARGEST_TEAM)
    fit = OneOf(
        _("What if there are not enough places?"),
        said=_("Choose what to do when not everybody fits"),
        choices=[
            ("all", _("Then nobody is registered, and I look further")),
            ("as_many", _("As many as fit, the others on the waiting list")),
        ],
        default="all",
    )

    @classmethod
    def for_edition(cls, edition: Edition) -> "TeamForm":
        form = cls()
        fitting(form, edition)
        return form

    def add_rows(self, amount: int = 1) -> None:
        """Room for one more person, up to the largest team."""
        for _place in range(min(amount, rules.LARGEST_TEAM - len(self.people))):
            self.people.append_entry()

    def details(self) -> list[Details]:
        """Everybody whose row was filled in."""
        shared = {
            "organisation": self.organisation.data or "",
            "attendance": self.attendance.data,
            "group": self.group.data,
        }
        rows = [row.form for row in self.people if not row.form.is_empty]
        return [
            Details(
                first_name=row.first_name.data or "",
                last_name=row.last_name.data or "",
                email=row.email.data or None,
                **shared,
            )
            for row in rows
        ]


class LostLinkForm(BlenderForm):
    """Whose link it is."""

    email = Line(_("E-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254)
