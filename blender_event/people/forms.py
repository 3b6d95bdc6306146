"""What may be typed to sign in, to give access, and about oneself."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from blender_event.core.forms import BlenderForm, Line, needed
from blender_event.core.text import _


def looks_like_an_address(_form: Any, field: Any) -> None:
    """One `@` with something on both sides and no spaces: the rest is for the mail server to say."""
    name, _at, host = (field.data or "").partition("@")
    if not name or "." not in host.strip(".") or "@" in host or any(c in field.data for c in ' ,;<>()"\\'):
        raise ValidationError(_("Fill in a whole e-mail address, such as ada@example.org"))


class SignInForm(BlenderForm):
    """Whose link it is, and where the person wanted to go."""

    next = HiddenField()
    email = Line(_("E-mail address"), [needed(_("Fill in your e-mail address")), looks_like_an_address], longest=254)


class ButtonForm(BlenderForm):
    """Only the button and its CSRF token."""


class CodeForm(BlenderForm):
    """Six digits of an app."""

    code = Line(_("Code of six digits"), [needed(_("Fill in the code your app shows"))], longest=12)


class InvitationForm(BlenderForm):
    """Who gets in, and to what."""

    name = Line(_("Name"), [needed(_("Fill in the name of the person"))])
    email = Line(_("E-mail address"), [needed(_("Fill in the e-mail address")), looks_like_an_address], longest=254)
    kind = RadioField(
        _("What may this person do?"),
        choices=[("organiser", _("Organise")), ("desk", _("Welcome people at the desk"))],
        default="organiser",
    )
    reach = RadioField(
        _("Where?"),
        choices=[("here", _("Only in this edition")), ("everywhere", _("In every edition"))],
        default="here",
    )
    sees_needs = BooleanField(_("May see what people need to take part"))
    language = SelectField(
        _("Language of the invitation"), choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )

    @classmethod
    def for_giver(cls, *, chief: bool, sees_needs: bool) -> "InvitationForm":
        """The form without what the giver cannot give."""
        form = cls()
        if not chief:
            del form.reach
        if not sees_needs:
            del form.sees_needs
        return form

    @property
    def reaches_everywhere(self) -> bool:
        return self.reach is not None and self.reach.data == "everywhere"

    @property
    def gives_needs(self) -> bool:
        return self.sees_needs is not None and bool(self.sees_needs.data)


class RoleForm(BlenderForm):
    """What one person may see here."""

    sees_needs = BooleanField(_("May see what people need to take part"))


class AccountForm(BlenderForm):
    """How somebody is called, and the language of their letters."""

    name = Line(_("Your name"), [needed(_("Fill in your name"))])
    language = SelectField(_("Language of your mails"), choices=[("nl", _("Dutch")), ("en", _("English"))])
