"""Words: translation without Flask in sight, and the one place where typed text is cleaned."""

import re
import secrets
import unicodedata
from typing import TypeAlias

from babel.support import NullTranslations
from flask import g
from flask_babel import LazyString, force_locale, get_locale, get_translations
from markupsafe import Markup, escape

_LINE_BREAKS = re.compile("\r\n|\r|\u2028|\u2029|\x85")
_BIDI = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"}
_INVISIBLE = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

Words: TypeAlias = str | LazyString


class _Said(LazyString):
    """Words that are escaped in HTML like any other text: Flask-Babel's own claim to be safe, names in them included."""

    def __html__(self) -> Markup:
        return escape(str(self))


_catalogues: dict[str, NullTranslations] = {}


def catalogue() -> NullTranslations:
    """The translations for the present reader, found in one step: a page looks up hundreds of words."""
    if not g:
        return NullTranslations()
    locale = getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()
    language = locale.language if locale else ""
    found = _catalogues.get(language)
    if found is None:
        found = _catalogues[language] = get_translations()
    return found


def _now(message: str, **values: object) -> str:
    words: str = catalogue().ugettext(message)
    return words % values if values else words


def _now_counted(singular: str, plural: str, number: int, **values: object) -> str:
    words: str = catalogue().ungettext(singular, plural, number)
    return words % {"num": number, **values}


def _(message: str, **values: object) -> LazyString:
    """The message (an English message id) in the reader's language, looked up when it is shown."""
    return _Said(_now, message, **values)


def counted(singular: str, plural: str, number: int, **values: object) -> LazyString:
    """The singular or plural message for `number`, which fills `%(num)s`."""
    return _Said(_now_counted, singular, plural, number, **values)


def spoken(words: Words, language: str) -> str:
    """The words in one language, whatever the reader's: for what is kept, not shown now."""
    with force_locale(language):
        return str(words)


def clean(text: str | None, *, lines: bool = False, longest: int = 200) -> str:
    """What somebody typed, safe to store: NFC, no control characters, no bidi overrides, at most `longest` characters.

    With `lines`, line breaks survive as `\\n` and tabs as they are; without, they become spaces.
    Text that shows nothing at all (spaces, zero-width characters) becomes the empty string.
    Zero-width joiners stay: names and emoji need them.
    """
    text = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", text or ""))
    text = "".join(c for c in text if c not in _BIDI and (c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")))
    if not lines:
        text = " ".join(text.split())
    if not _INVISIBLE.sub("", text):
        return ""
    return text.strip()[:longest].rstrip()


def folded(text: str | None) -> str:
    """The text without capitals and diacritics, for searching and sorting: “Đặng” and “dang” are found together."""
    plain = unicodedata.normalize("NFKD", (text or "").casefold()).replace("đ", "d").replace("ø", "o").replace("ł", "l")
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’ʼ`\u200d").strip()


def slug(text: str, longest: int = 60) -> str:
    """A readable part for an address: lower case letters and digits with hyphens, possibly empty."""
    return re.sub("[^a-z0-9]+", "-", folded(text)).strip("-")[:longest].strip("-")


def code(length: int = 6) -> str:
    """A random word of an alphabet without look-alikes: about five bits a character."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(length))


def email_key(address: str) -> str:
    """What makes two addresses the same: case and outer spaces are folded, nothing else (PRODUCT §5.9)."""
    return unicodedata.normalize("NFC", address).strip().casefold()
