"""What somebody leaves who would like to think along."""

from wtforms import BooleanField
from wtforms.validators import ValidationError

from blender_event.core.forms import KeyedForm, Line, Lines, is_an_address, needed
from blender_event.core.text import _


def _agreed(_form: object, field: BooleanField) -> None:
    if not field.data:
        raise ValidationError(_("Tick this, or we may not keep what you typed."))


class ThinkAlongForm(KeyedForm):
    """“Ik denk mee” with one pitch."""

    name = Line(_("Your name"), [needed(_("Fill in your name"))], longest=100)
    organisation = Line(_("Organisation"))
    email = Line(_("Your e-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254)
    words = Lines(
        _("What would you like to bring or ask?"),
        longest=2000,
        description=_("A few sentences are enough. Write nothing by which a client can be recognised."),
    )
    consent = BooleanField(
        _("The organisers may keep this, and use it to bring us together"),
        [_agreed],
        description=_("Nobody else sees it. You can have it removed at any moment."),
    )
