"""What organisers type about a day that was."""

from typing import Any

from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from blender_event.core.forms import BlenderForm, Line, Lines, is_web_address, needed
from blender_event.core.text import _
from blender_event.recaps.models import Recap


class RecapForm(BlenderForm):
    """The recap of an edition, in Markdown."""

    title = Line(_("Title"), [needed(_("Fill in a title."))], description=_("A title that says something."))
    author = Line(_("Author"))
    written_on = DateField(_("Date"), [Optional()])
    summary = Lines(
        _("Summary"), longest=2000, description=_("One paragraph. It is shown under the title and in search results.")
    )
    body = Lines(
        _("Text"), longest=60_000, description=_("Markdown: ## for a heading, **bold**, lists with -, quotes with >.")
    )
    themes = Lines(_("Themes"), longest=2000, description=_("One per line."))
    call = Lines(_("What now?"), longest=5000, description=_("What readers can do next. Markdown."))
    source_label = Line(_("Source"))
    source_url = Line(_("Address of the source"), [is_web_address], longest=500)
    seen = HiddenField(default="0")

    def words(self) -> dict[str, Any]:
        plain = {
            name: getattr(self, name).data or ""
            for name in "title author summary body call source_label source_url".split()
        }
        themes = [line.strip() for line in (self.themes.data or "").splitlines() if line.strip()]
        return plain | {"written_on": self.written_on.data, "themes": themes}

    def show(self, recap: Recap) -> None:
        for name in self.words():
            getattr(self, name).data = getattr(recap, name)
        self.themes.data = "\n".join(recap.themes)
        self.seen.data = str(recap.revision)
