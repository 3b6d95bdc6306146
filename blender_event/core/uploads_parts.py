"""Looking at single parts of a package while their bytes pass: tables of contents, relations, and old files that hold programs.

XML is read as a stream; a document type, and so every entity, is refused at its first sign.
"""

import re
from urllib.parse import unquote
from xml.parsers import expat

from blender_event.core.text import Words, _

_MOST_XML = 4 * 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RUNS = tuple(word.encode("utf-16-le") for word in ("_VBA_PROJECT", "\x01Ole10Native", "EncryptedPackage"))
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LINKS = frozenset({"http", "https", "mailto", "tel", "sip", "ftp", "file"})
_SHARE = re.compile(r"(file:)?(//(?![a-z]:)[^/]|/{4,})", re.IGNORECASE)
_LOCAL = re.compile(r"(file:/*)?[a-z]:/|file:///[^/]|(?![a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_LOADED = frozenset(
    {"oleobject", "attachedtemplate", "frame", "subdocument", "externallink", "externallinkpath", "package", "control"}
)


class Doubtful(Exception):
    """Something in a part is not to be kept; the words say what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def has_programs() -> Words:
    """What is said of macros, scripts and controls."""
    return _("This presentation holds macros or other programs. Save it without them, or as PDF.")


def something_else(kind: str) -> Words:
    """What is said of a file that is not of the kind its name says."""
    return _(
        "Its name says %(kind)s, but this file is something else. Open it in your own program and save it again as %(kind)s.",
        kind=kind,
    )


class Exact:
    """The part is these bytes and no others."""

    def __init__(self, wanted: bytes, words: Words) -> None:
        self.wanted = wanted
        self.words = words
        self.seen = b""

    def __call__(self, piece: bytes) -> None:
        self.seen += piece
        if not self.wanted.startswith(self.seen) or (not piece and self.seen != self.wanted):
            raise Doubtful(self.words)


class _Xml:
    """A small XML part, read as it passes; each element comes to `element` with its name without namespace."""

    def __init__(self) -> None:
        self.size = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._element
        self.parser.StartDoctypeDeclHandler = self._document_type

    def __call__(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > _MOST_XML:
            raise _strange()
        try:
            self.parser.Parse(piece, not piece)
        except (expat.ExpatError, ValueError) as fault:
            raise _strange() from fault

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self.element(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _document_type(self, *_rest: object) -> None:
        raise _strange()

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """What is looked at."""


class ContentTypes(_Xml):
    """`[Content_Types].xml`: which part is the document, and whether any of them has macros."""

    def __init__(self) -> None:
        super().__init__()
        self.overrides: dict[str, str] = {}

    def element(self, name: str, attributes: dict[str, str]) -> None:
        media_type = attributes.get("ContentType", "")
        if re.search("macroEnabled|vbaProject|activeX", media_type, re.IGNORECASE):
            raise Doubtful(has_programs())
        if name == "Override":
            self.overrides[attributes.get("PartName", "").lstrip("/")] = media_type

    def main_part(self, wanted: str | re.Pattern[str]) -> str | None:
        """The name of the first part of the wanted type."""
        for part, media_type in self.overrides.items():
            if media_type == wanted if isinstance(wanted, str) else wanted.fullmatch(media_type):
                return part
        return None


class Relations(_Xml):
    """A `.rels` part: links for people are fine; what a program would fetch, run or sign in for by itself is not."""

    def element(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].casefold()
        if name != "Relationship":
            return
        if kind in ("vbaproject", "activexcontrolbinary"):
            raise Doubtful(has_programs())
        if attributes.get("TargetMode", "").casefold() != "external":
            return
        target = re.sub(r"[\x00-\x20]", "", unquote(attributes.get("Target", ""))).replace("\\", "/")
        scheme, is_local = _SCHEME.match(target), _LOCAL.match(target) is not None
        runs = scheme is not None and not is_local and scheme[1].casefold() not in _LINKS
        fetches = (kind in _LOADED and not is_local) or (kind != "hyperlink" and _SHARE.match(target) is not None)
        if runs or fetches:
            raise Doubtful(
                _(
                    "This presentation loads something from another place when it is opened. Take that out, or save it as PDF."
                )
            )


class Manifest(_Xml):
    """`META-INF/manifest.xml` of an ODP: none of its parts is encrypted."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "encryption-data":
            raise Doubtful(self.words)


class OldOffice:
    """A part that is a compound file (old Office) may hold a drawing or a formula, but no macros and no packed program."""

    def __init__(self) -> None:
        self.start = b""
        self.tail = b""

    def __call__(self, piece: bytes) -> None:
        if len(self.start) < len(_OLD_OFFICE):
            self.start += piece[: len(_OLD_OFFICE)]
        if not _OLD_OFFICE.startswith(self.start[: len(_OLD_OFFICE)]):
            return
        seen = self.tail + piece
        if any(word in seen for word in _RUNS):
            raise Doubtful(has_programs())
        self.tail = seen[-64:]


def _strange() -> Doubtful:
    return Doubtful(_("This file is damaged. Open it, save it again and choose it again, or save it as PDF."))
