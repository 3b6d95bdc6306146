"""Content lines of RFC 5545: text made safe, escaped, and folded at 75 octets."""

import re
from collections.abc import Iterable
from urllib.parse import quote

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ROUND_A_BREAK = re.compile(r"[ \t]*\n\s*")
_ENDS_AN_ADDRESS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$&'*+/=_{|}~-]+@[A-Za-z0-9.-]+")
_QUOTES = str.maketrans({'"': "'", "^": "^^"})

LIMIT = 75


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


def mail_address(email: str) -> str:
    """`mailto:` with the address; the conventional `invalid:nomail` when it is none."""
    return f"mailto:{email.strip()}" if _MAIL_ADDRESS.fullmatch(email.strip()) else "invalid:nomail"


def escaped(text: str) -> str:
    """Clean text as a TEXT value (RFC 5545 §3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def quoted(text: str) -> str:
    """Clean text as a quoted parameter value; a double quote cannot be written and becomes a single one (RFC 6868)."""
    return f'"{phrase(text).translate(_QUOTES)}"'


def folded(line: str) -> bytes:
    """One content line in UTF-8 with its CRLF, never cut inside a character or an escape (RFC 5545 §3.1)."""
    octets = line.encode()
    if len(octets) <= LIMIT:
        return octets + b"\r\n"
    pieces, start, room = [], 0, LIMIT
    while len(octets) - start > room:
        end = _cut(octets, start, start + room)
        pieces.append(octets[start:end])
        start, room = end, LIMIT - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _cut(octets: bytes, start: int, end: int) -> int:
    while octets[end] & 0xC0 == 0x80:
        end -= 1
    before = octets[start:end]
    backslashes = len(before) - len(before.rstrip(b"\\"))
    return end - backslashes % 2


def written(lines: Iterable[str]) -> bytes:
    """Content lines as bytes."""
    return b"".join(map(folded, lines))
