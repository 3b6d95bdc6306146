"""What editions, levels, languages and roles are called on pages."""

from blender_event.core.text import Words, _
from blender_event.programme.models import Edition

LEVELS: dict[str, Words] = {
    "starter": _("for starters"),
    "advanced": _("for the experienced"),
    "everyone": _("for everyone"),
}
LANGUAGES: dict[str, Words] = {"nl": _("Dutch"), "en": _("English"), "fr": _("French"), "de": _("German")}
ROLES: dict[str, Words] = {"speaker": _("Speaker"), "host": _("Host"), "moderator": _("Moderator")}
ATTENDANCES: dict[str, Words] = {"onsite": _("on site"), "online": _("online")}
_ORDINALS: tuple[Words, ...] = (
    _("First networking day"),
    _("Second networking day"),
    _("Third networking day"),
    _("Fourth networking day"),
    _("Fifth networking day"),
    _("Sixth networking day"),
    _("Seventh networking day"),
    _("Eighth networking day"),
    _("Ninth networking day"),
    _("Tenth networking day"),
)


def edition_name(edition: Edition) -> Words:
    """The title, with “netwerkdag” when it is one and does not say so: the bare name means another product."""
    if edition.kind != "networking_day" or "netwerkdag" in edition.title.casefold():
        return edition.title
    return _("%(title)s, networking day", title=edition.title)


def edition_year(edition: Edition) -> Words:
    """What stands under the word mark: which year's networking day, or meeting."""
    if edition.kind == "networking_day":
        return _("networking day %(year)s", year=edition.starts_on.year)
    return _("meeting %(year)s", year=edition.starts_on.year)


def ordinal_label(edition: Edition) -> Words:
    """Which networking day this is, in words up to the tenth; nothing when that is not known."""
    if edition.ordinal is None or edition.ordinal < 1:
        return ""
    if edition.ordinal <= len(_ORDINALS):
        return _ORDINALS[edition.ordinal - 1]
    return _("Networking day number %(number)s", number=edition.ordinal)


def language_name(code: str) -> Words:
    return LANGUAGES.get(code, code)


def level_name(level: str) -> Words:
    return LEVELS.get(level, level)
