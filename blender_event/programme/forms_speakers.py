"""What organisers type to ask speakers for something: by when, and whom they remind."""

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from blender_event.core.forms import AnyOf, BlenderForm
from blender_event.core.text import _
from blender_event.programme.models import Edition, Speaker


class DatesForm(BlenderForm):
    """By when speakers confirm, write and send slides; empty asks for no date."""

    confirm_by = DateField(_("Confirm by"), [Optional()])
    words_by = DateField(
        _("Words and profile by"), [Optional()], description=_("Leave yourself time to read them before you publish.")
    )
    slides_by = DateField(
        _("Slides by"),
        [Optional()],
        description=_("Speakers can still replace them after that, until the last minute."),
    )
    seen = HiddenField()

    def show(self, edition: Edition) -> None:
        for name in ("confirm_by", "words_by", "slides_by"):
            getattr(self, name).data = getattr(edition, name)
        self.seen.data = str(edition.revision)

    def dates(self) -> dict[str, Any]:
        return {name: getattr(self, name).data for name in ("confirm_by", "words_by", "slides_by")}


class RemindForm(BlenderForm):
    """Who gets the reminder; everybody who may, unless somebody is taken out."""

    to = AnyOf(_("Who gets this mail"))

    def offer(self, speakers: Sequence[Speaker], chosen: Sequence[int]) -> None:
        """Who can be chosen. Who did it since the page was shown is no mistake: the action leaves them out."""
        self.to.choices = [(str(one.id), f"{one.name} ({one.person.email})") for one in speakers if one.person]
        if not self.was_sent():
            self.to.data = [str(number) for number in chosen]

    def numbers(self) -> list[int]:
        return [int(number) for number in self.to.data or ()]
