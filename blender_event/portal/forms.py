"""What holders of a link may type about their own registration."""

from typing import Any

from wtforms import BooleanField, HiddenField

from blender_event.core.forms import AnyOf, BlenderForm, Line, Lines, carried_number, is_an_address, needed
from blender_event.core.text import _
from blender_event.programme.models import Edition
from blender_event.registrations.forms import NEEDS, AboutYou, about, fitting
from blender_event.registrations.models import Registration
from blender_event.registrations.rules import Details


class ButtonForm(BlenderForm):
    """Only the button and its CSRF token."""


class ChangeForm(AboutYou, BlenderForm):
    """The registration as it is, to change; `revision` is what the person saw."""

    revision = HiddenField()

    @classmethod
    def of(cls, registration: Registration, edition: Edition) -> "ChangeForm":
        form = cls(obj=registration)
        fitting(form, edition, present=registration.attendance)
        return form

    @property
    def seen(self) -> int:
        return carried_number(self.revision.data)

    def details(self) -> Details:
        return Details(**about(self))


class NeedsForm(BlenderForm):
    """What somebody needs, with their yes; all empty takes it away again."""

    needs = AnyOf(_("What do you need to take part well?"), choices=list(NEEDS.items()))
    needs_words = Lines(_("Something else, or more about it"), longest=2000)
    needs_consent = BooleanField(_("You may keep what I need, to arrange it"))

    def details(self, first_name: str) -> Details:
        return Details(
            first_name=first_name,
            needs=tuple(self.needs.data or ()),
            needs_words=self.needs_words.data or "",
            needs_consent=self.needs_consent.data,
        )

    def show(self, registration: Registration) -> None:
        """Fill in what is known."""
        if registration.needs is not None:
            self.needs.data = list(registration.needs.choices)
            self.needs_words.data = registration.needs.words
            self.needs_consent.data = True


class AddressForm(BlenderForm):
    """Another mail address: it gets a link that proves it."""

    email: Any = Line(
        _("New e-mail address"), [needed(_("Fill in the new e-mail address")), is_an_address], longest=254
    )
