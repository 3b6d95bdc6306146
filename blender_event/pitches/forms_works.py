"""What organisers type about an earlier project or a media item."""

from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from blender_event.core.forms import KeyedForm, Line, Lines, OneOf, is_web_address
from blender_event.core.text import Words, _
from blender_event.pitches.models_works import Work

KINDS: dict[str, Words] = {"project": _("Project"), "media": _("Media item")}
_WORDS = ("kind", "title", "subject", "description", "people", "organisation", "medium", "url")


class WorkForm(KeyedForm):
    """Facts only: what is not known stays empty."""

    kind = OneOf(_("Kind"), said=_("Choose a kind."), choices=list(KINDS.items()), default="project")
    title = Line(_("Title"))
    subject = Line(_("What it is about"), longest=300, description=_("Enough when it has no title of its own."))
    description = Lines(_("Description"), longest=3000, description=_("In your own words."))
    people = Line(_("People"), longest=300)
    organisation = Line(_("Organisations"), longest=300)
    year = IntegerField(_("Year"), [Optional(), NumberRange(1980, 2100, _("Give a year, such as 2024."))])
    medium = Line(_("Medium"), longest=100, description=_("Such as presentation, article, website."))
    url = Line(_("Web address"), [is_web_address], longest=500)
    seen = HiddenField(default="0")

    def validate_title(self, field: Line) -> None:
        """It needs a title, or words about what it is."""
        if not field.data and not self.subject.data:
            raise ValidationError(_("Fill in a title, or what it is about."))

    def words(self) -> dict[str, Any]:
        return {name: getattr(self, name).data or "" for name in _WORDS} | {"year": self.year.data}

    def show(self, work: Work) -> None:
        for name in (*_WORDS, "year"):
            getattr(self, name).data = getattr(work, name)
        self.seen.data = str(work.revision)
