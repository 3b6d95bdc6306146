"""Values that may stand in a calendar: text made safe, addresses cleaned, and types for what icalendar writes otherwise."""

import re
from urllib.parse import quote

from icalendar import Parameters, vCalAddress, vCategory, vRecur, vText, vUri

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ROUND_A_BREAK = re.compile(r"[ \t]*\n\s*")
_ENDS_AN_ADDRESS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=_{|}~-]+@[A-Za-z0-9.-]+")


def paragraph(text: str) -> str:
    """The text with every kind of line break as one newline, and without control characters."""
    if text.isprintable():
        return text.strip()
    return _NEVER.sub("", _BREAKS.sub("\n", text)).replace("\t", " ").strip()


def phrase(text: str) -> str:
    """The text on one line: a title or a place has no line breaks."""
    if text.isprintable():
        return text.strip()
    return _ROUND_A_BREAK.sub(" ", paragraph(text))


def web_address(url: str) -> str:
    """The address when it is a web address, up to its first control character; otherwise nothing."""
    address = _ENDS_AN_ADDRESS.split(url.strip(), maxsplit=1)[0].strip()
    if not _WEB_ADDRESS.match(address):
        return ""
    return quote(address, safe="%:/?#[]@!$&'()*+,;=~")


class Text(vText):
    """A TEXT value with the escapes of RFC 5545 §3.3.11 and no others: icalendar takes “C:\\Nieuw” for a line break."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


class Rule(vRecur):
    """A recurrence rule in the order calendars have always written it: the month, then the day."""

    canonical_order = ("FREQ", "BYMONTH", "BYDAY")  # type: ignore[assignment]


class _Quoted(Parameters):
    """Parameters whose CN is always between quotes, whatever stands in it."""

    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]


def categories(names: list[str]) -> vCategory:
    """Clean names as one CATEGORIES value."""
    found = vCategory([])
    found.cats = [Text(name) for name in names]
    return found


def link(url: str, **parameters: str) -> vUri | None:
    """A URI value for a web address; None for anything else."""
    address = web_address(url)
    return vUri(address, params=parameters) if address else None


def mailbox(name: str, email: str) -> vCalAddress:
    """An organiser: `mailto:` with the address, the conventional `invalid:nomail` when it is none.

    A double quote cannot stand in a name and becomes a single one, as readers without RFC 6868 expect.
    """
    known = _MAIL_ADDRESS.fullmatch(email.strip())
    found = vCalAddress(f"mailto:{email.strip()}" if known else "invalid:nomail")
    named = phrase(name).replace('"', "'")
    found.params = _Quoted(CN=named) if named else Parameters()
    return found
