"""What materials are called on pages: kinds, licences, states."""

from datetime import datetime

from blender_event.core import uploads
from blender_event.core.templating import day, hour
from blender_event.core.text import Words, _, counted
from blender_event.programme import labels, rules_materials
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.rules_materials import Ending

KINDS: dict[str, Words] = {
    "slides": _("Slides"),
    "handout": _("Handout"),
    "link": _("Link"),
    "recording": _("Recording"),
}
LICENCES: dict[str, Words] = {
    "": _("Not said"),
    "CC BY 4.0": _("CC BY 4.0: everybody may reuse it and names me"),
    "CC BY-SA 4.0": _("CC BY-SA 4.0: the same, and shares it the same way"),
    "CC BY-NC 4.0": _("CC BY-NC 4.0: reuse without earning money, and names me"),
    "CC0": _("CC0: everybody may do anything with it"),
    "all rights reserved": _("All rights reserved: reading only"),
}
SHORT_LICENCES: dict[str, Words] = {"all rights reserved": _("all rights reserved")}
LICENCE_PAGES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/deed.nl",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/deed.nl",
    "CC BY-NC 4.0": "https://creativecommons.org/licenses/by-nc/4.0/deed.nl",
    "CC0": "https://creativecommons.org/publicdomain/zero/1.0/deed.nl",
}
ACCESSIBLE: dict[str, Words] = {"": _("I do not know"), "yes": _("Yes"), "no": _("No")}
PUBLISH: dict[str, Words] = {
    "after": _("After the session"),
    "now": _("At once"),
    "hand": _("When I press “publish”"),
}
_UNPUBLISHED: dict[str, Words] = {
    "now": _("Public once the session is published"),
    "after": _("Public after the session"),
    "hand": _("Waits until you publish it"),
}
TYPES = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.oasis.opendocument.presentation": "ODP",
}
SCANNED: dict[str, Words] = {"clean": _("No virus found"), "unscanned": _("Not scanned for viruses")}


def licence(material: Material) -> Words:
    """The licence in a few words; nothing when it is not said."""
    return SHORT_LICENCES.get(material.licence, material.licence)


def kind_of_file(version: MaterialVersion) -> str:
    return TYPES.get(version.media_type, "")


def facts(material: Material, version: MaterialVersion | None, language: str) -> list[Words]:
    """What one must know before taking a material: type and size, pages, language when it is another, whether it is accessible.

    A licence with a page of its own is said by a link beside these.
    """
    found: list[Words] = []
    if version is not None:
        found.append(f"{kind_of_file(version)}, {uploads.size_in_words(version.size)}")
        if version.pages:
            found.append(counted("%(num)s page", "%(num)s pages", version.pages))
    elif material.kind == "recording":
        found.append(_("Recording"))
    if material.language != language:
        found.append(labels.language_name(material.language))
    if material.accessible == "yes":
        found.append(_("accessible version"))
    if material.licence and material.licence not in LICENCE_PAGES:
        found.append(licence(material))
    return found


def promise(materials: list[Material]) -> Words:
    """What to say of materials that come by themselves; nothing when there are none."""
    if not materials:
        return ""
    if any(material.kind == "slides" for material in materials):
        return _("The slides come here after the session.")
    return _("More about this session comes here after it.")


def state(material: Material, ending: Ending | None, edition: Edition, now: datetime) -> tuple[str, Words]:
    """Where a material stands for the public, as (tone, words)."""
    if material.removed_at is not None:
        return "stop", _("Removed")
    if not material.is_public:
        return "", _("Not public")
    if rules_materials.is_shown(material, ending, edition, now):
        waits = rules_materials.waits_for_hand(material)
        return ("warn", _("An earlier version is public")) if waits else ("good", _("Public"))
    if ending is None:
        return "", _UNPUBLISHED[material.publish if material.published_at is None else "now"]
    begins = rules_materials.moment(material, ending, edition)
    if begins is not None and rules_materials.is_promised(material, ending, edition, now):
        zone = edition.zone
        return "info", _(
            "Public from %(day)s, %(hour)s o’clock", day=day(begins, zone, "short"), hour=hour(begins, zone)
        )
    if material.publish == "hand":
        return "", _("Waits until you publish it")
    return "", _("Not public, because the session does not take place")
