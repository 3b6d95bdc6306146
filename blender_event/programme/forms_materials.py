"""What may be typed about slides and other materials, and the file itself."""

import hashlib
from typing import Any

from wtforms import FileField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from blender_event.core import uploads
from blender_event.core.forms import BlenderForm, KeyedForm, Line, is_web_address, needed
from blender_event.core.text import Words, _
from blender_event.programme import labels
from blender_event.programme.labels_materials import ACCESSIBLE, LICENCES
from blender_event.programme.models_materials import Material

PRIVATE = "private"
WHO_SEES: dict[str, Words] = {
    "after": _("Everybody, after the session"),
    "now": _("Everybody, at once"),
    "hand": _("Everybody, once I press “publish”"),
    PRIVATE: _("Nobody: only the organisers and the computer in the room"),
}


class FactsFields:
    """What is said of a material; who sees it and when is one question."""

    title = Line(_("Title"), [Optional()], longest=200)
    publish = RadioField(_("Who gets to see this, and when?"), choices=list(WHO_SEES.items()), default="after")
    language = SelectField(_("Language"), choices=list(labels.LANGUAGES.items()))
    licence = SelectField(_("Licence"), choices=list(LICENCES.items()), default="")
    accessible = RadioField(
        _("Is this an accessible version?"),
        choices=list(ACCESSIBLE.items()),
        default="",
        description=_("Somebody with a screen reader can follow it: real text, headings, descriptions of pictures."),
    )

    def words(self, default_title: str = "") -> dict[str, Any]:
        """What was typed, by the name of the column."""
        chosen = self.publish.data
        found = {
            "title": self.title.data or default_title,
            "language": self.language.data,
            "licence": self.licence.data,
            "accessible": self.accessible.data,
            "is_public": chosen != PRIVATE,
        }
        return found if chosen == PRIVATE else found | {"publish": chosen}


class FileForm(FactsFields, KeyedForm):
    """A new file of a session, with what is said of it."""

    file = FileField(_("The file"))
    kind = RadioField(
        _("What is it?"),
        choices=[("slides", _("Slides")), ("handout", _("A handout or another document, as PDF"))],
        default="slides",
    )

    def kinds(self) -> frozenset[str]:
        return uploads.DOCUMENTS if self.kind.data == "handout" else uploads.SLIDES


class ReplaceForm(KeyedForm):
    """The next version of a file."""

    file = FileField(_("The new file"))


class LinkForm(FactsFields, KeyedForm):
    """A link or a recording that stands elsewhere."""

    kind = RadioField(
        _("What is it?"), choices=[("link", _("A link to a page")), ("recording", _("A recording"))], default="link"
    )
    title = Line(_("Title"), [needed(_("Give it a title, so that people know what they open."))], longest=200)
    url = Line(
        _("Web address"), [needed(_("Give the web address, such as https://example.org.")), is_web_address], longest=500
    )


class ChangeForm(FactsFields, BlenderForm):
    """What is said of a material that is there already."""

    seen = HiddenField()
    title = Line(_("Title"), [needed(_("Give it a title, so that people know what they open."))], longest=200)
    url = Line(
        _("Web address"), [needed(_("Give the web address, such as https://example.org.")), is_web_address], longest=500
    )

    @classmethod
    def of(cls, material: Material) -> "ChangeForm":
        """The form with what is known; a file has no address of its own to change."""
        known = {name: getattr(material, name) for name in ("title", "language", "licence", "accessible", "url")}
        known |= {"publish": material.publish if material.is_public else PRIVATE, "seen": str(material.revision)}
        form = cls(data=known)
        if not material.url:
            del form.url
        return form

    def words(self, default_title: str = "") -> dict[str, Any]:
        known = super().words(default_title)
        return known | {"url": self.url.data} if self.url is not None else known


def digest(form: KeyedForm, sha256: str) -> str:
    """What was sent, the bytes of the file included."""
    return hashlib.sha256(f"{form.digest()} {sha256}".encode()).hexdigest()
