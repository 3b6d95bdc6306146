"""What organisers may type about registrations. Less is required than of visitors: nobody needs a mail address."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from blender_event.core.forms import AnyOf, BlenderForm, KeyedForm, Line, Lines, OneOf, is_an_address, needed
from blender_event.core.text import _
from blender_event.programme.labels_people import GROUPS, SECTORS
from blender_event.programme.models import Edition
from blender_event.registrations import labels, rules
from blender_event.registrations.forms import NEEDS, about, fitting
from blender_event.registrations.models import Needs, Parked, Registration
from blender_event.registrations.rules import Details

MOST_PLACES = 100_000


class AboutSomebody:
    """The questions about a person, asked of an organiser."""

    first_name = Line(_("First name"), [needed(_("Fill in a first name."))], longest=100)
    last_name = Line(_("Last name"), longest=100)
    email = Line(_("E-mail address"), [is_an_address], longest=254)
    phone = Line(_("Phone"), longest=60)
    organisation = Line(_("Organisation"), longest=200)
    job_title = Line(_("Job title"), longest=200)
    attendance = OneOf(_("Takes part"), said=_("Choose how this person takes part."))
    group = OneOf(_("Group"), said=_("Choose a group."), choices=list(GROUPS.items()), default="other")
    sectors = AnyOf(_("Sectors"), choices=list(SECTORS.items()))
    brings_seeks = Lines(_("Brings and looks for"), longest=2000)
    listed = BooleanField(_("In the list of participants (only when the person asks for it)"))

    def details(self) -> Details:
        """What the action takes."""
        return Details(**about(self), email=self.email.data or None)


class ChangeForm(AboutSomebody, BlenderForm):
    """Change what a registration says; `seen` is the revision the organiser looks at."""

    seen = HiddenField()

    @classmethod
    def of(cls, registration: Registration, edition: Edition) -> "ChangeForm":
        form = cls(obj=registration, data={"seen": str(registration.revision)})
        fitting(form, edition, present=registration.attendance)
        return form


class ParkedForm(AboutSomebody, BlenderForm):
    """A form that was put aside, to be registered after all."""

    @classmethod
    def of(cls, parked: Parked, edition: Edition) -> "ParkedForm":
        typed = {name: value for name, value in parked.details.items() if isinstance(value, str)}
        chosen = [part.strip() for part in typed.pop("sectors", "").split(",")]
        group = typed.pop("group", "")
        known = {
            "sectors": [sector for sector in chosen if sector in SECTORS],
            "group": group if group in GROUPS else "other",
        }
        form = cls(data=typed | known | {"listed": bool(typed.get("listed"))})
        fitting(form, edition)
        return form


class AskedNeeds:
    """What somebody needs, with their yes."""

    needs = AnyOf(_("What does this person need to take part well?"), choices=list(NEEDS.items()))
    needs_words = Lines(_("In their own words"), longest=2000)
    needs_consent = BooleanField(_("The person says that we may keep this, to arrange it"))

    def needed_things(self) -> dict[str, Any]:
        return {
            "needs": tuple(self.needs.data or ()),
            "needs_words": self.needs_words.data or "",
            "needs_consent": bool(self.needs_consent.data),
        }


class NewForm(AboutSomebody, AskedNeeds, KeyedForm):
    """Register somebody by phone, from paper or at the desk."""

    source = OneOf(_("How did you get these details?"), said=_("Choose how you got these details."))
    given_by = Line(_("Who gave you the details?"), description=_("Leave empty when it was the person."))
    told = BooleanField(_("The person knows that we keep these details, and what for"))
    language = OneOf(
        _("Language of the mails"), said=_("Choose a language."), choices=list(labels.LANGUAGES.items()), default="nl"
    )
    note = Lines(_("Note, for organisers only"), longest=2000)

    @classmethod
    def for_edition(cls, edition: Edition, *, with_needs: bool) -> "NewForm":
        """Without the right to see needs there are no questions about them."""
        form = cls()
        fitting(form, edition)
        form.source.choices = [(source, words) for source, words in labels.SOURCES.items() if source != "web"]
        if not with_needs:
            del form.needs, form.needs_words, form.needs_consent
        return form

    def validate_told(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Tell the person first, then tick this."))

    def details(self) -> Details:
        asked = self.needed_things() if "needs" in self._fields else {}
        return Details(**about(self), email=self.email.data or None, **asked)


class NeedsForm(AskedNeeds, BlenderForm):
    """Needs somebody told an organiser."""

    @classmethod
    def of(cls, needs: Needs | None) -> "NeedsForm":
        present = {"needs": needs.choices, "needs_words": needs.words} if needs is not None else {}
        return cls(data=present)

    def details(self, registration: Registration) -> Details:
        return Details(first_name=registration.first_name, **self.needed_things())


class NoteForm(BlenderForm):
    """Words about a registration for organisers only."""

    note = Lines(_("Note, for organisers only"), longest=5000)
    seen = HiddenField()


class GivePlaceForm(BlenderForm):
    """Let somebody who waits come in before others."""

    reason = Line(_("Why does this person go first?"), longest=300)
    add_place = BooleanField(_("Add one place for this person"))

    def asks_for_a_reason(self) -> bool:
        """Who passes others gets a reason that those others can be told."""
        if self.reason.data:
            return False
        self.reason.errors = [_("Write why, so that others can be told.")]
        return True


def _number_of_places(_form: Any, field: Any) -> None:
    typed = field.data or ""
    if typed and not (typed.isascii() and typed.isdigit() and int(typed[:9]) <= MOST_PLACES):
        raise ValidationError(_("Fill in a number of places from 0, or leave it empty for no limit."))


class PlacesForm(BlenderForm):
    """How many may come; empty: no limit."""

    capacity_onsite = Line(_("Places on site"), [_number_of_places], longest=9)
    capacity_online = Line(_("Places online"), [_number_of_places], longest=9)
    seen = HiddenField()

    def places(self) -> dict[str, int | None]:
        return {
            way: int(self[f"capacity_{way}"].data) if self[f"capacity_{way}"].data else None
            for way in rules.ATTENDANCES
        }


class LastInForm(BlenderForm):
    """“Last in, first out”, for as many people as the organiser saw."""

    expected = HiddenField()
