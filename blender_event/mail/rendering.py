"""One source, two parts: a letter's template becomes its subject, its text and its HTML.

The template is `templates/mail/<kind>.txt` with the blocks `subject` and `body`. Its own characters are marks: a blank
line parts paragraphs, `* ` begins an item of a list, a line `[[words|address]]` is the button and `[words|address]` a
link. What a value holds (a name, a title) is never a mark and never a link, whatever it looks like.
"""

import re
import textwrap
from dataclasses import dataclass
from typing import Any, Literal

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, Undefined
from markupsafe import Markup, escape

from blender_event.core import templating, text

WIDTH = 75
LONGEST_SUBJECT = 300
_MARKS = "[]|*\n%"
_GUARDED = {ord(mark): chr(0xE000 + place) for place, mark in enumerate(_MARKS)}
_RELEASED = {0xE000 + place: mark for place, mark in enumerate(_MARKS)}
_PLACEHOLDER = re.compile("\x02[^\x02\x03]+\x03")  # `outbox.link`: only a value that is nothing else may be one
_NO_PLACEHOLDER = dict.fromkeys((2, 3))
_NO_GUARDS = dict.fromkeys(_RELEASED)
_LINK = re.compile(r"\[(?P<words>[^\[\]|]+)\|(?P<address>[^\[\]|]+)\]")
_BUTTON = re.compile(r"\[" + _LINK.pattern + r"\]")
_SAFE_ADDRESS = re.compile(r"(https?://|webcal://|mailto:|tel:|\x02)")
# What mail programs would make a link of by themselves: broken by an element that shows nothing.
_LINKLIKE = re.compile(r"://|(?<=\w)\.(?=[A-Za-z]{2,})|(?<=\w)@(?=\w)")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, a list, a button or a link of a letter."""

    kind: Literal["words", "items", "button", "link"]
    lines: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(kind: str, language: str, facts: dict[str, Any]) -> Rendered:
    """The letter of this kind in `language`, from `facts` alone: no request, no visitor's language."""
    with force_locale(language):
        source = _environment().get_template(f"mail/{kind}.txt").render(**facts, language=language)
        head, _mark, body = source.partition("%%")
        subject = safe_header(_released(head))[:LONGEST_SUBJECT].rstrip()
        parts = parse(body)
        html = current_app.jinja_env.get_template("mail/base.html").render(
            parts=parts, subject=subject, language=language, unlinked=unlinked
        )
    return Rendered(subject, as_text(parts), html)


def safe_header(value: str) -> str:
    """A value for a mail header: one line, no control characters, and nothing that reads as an encoded word (RFC 2047)."""
    return text.clean(value, longest=1000).replace("=?", "= ?")


def parse(source: str) -> list[Part]:
    """The parts of a rendered template, in order."""
    parts = []
    for block in re.split(r"\n[ \t]*\n", source):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        parts.extend(_parts(lines))
    return parts


def _parts(lines: list[str]) -> list[Part]:
    parts: list[Part] = []
    for line in lines:
        if found := _BUTTON.fullmatch(line) or _LINK.fullmatch(line):
            kind: Literal["button", "link"] = "button" if line.startswith("[[") else "link"
            parts.append(Part(kind, (_released(found["words"]).strip(),), _address(found["address"])))
        elif line.startswith("* "):
            earlier = parts.pop().lines if parts and parts[-1].kind == "items" else ()
            parts.append(Part("items", (*earlier, _released(line[2:]).strip())))
        else:
            earlier = parts.pop().lines if parts and parts[-1].kind == "words" else ()
            parts.append(Part("words", (*earlier, _released(line))))
    return [_as_one_paragraph(part) for part in parts]


def _as_one_paragraph(part: Part) -> Part:
    """Lines of a template flow together; line breaks inside a value stay."""
    if part.kind != "words":
        return part
    return Part("words", tuple(" ".join(part.lines).split("\n")))


def _address(value: str) -> str:
    address = _released(value).strip()
    if not _SAFE_ADDRESS.match(address):
        raise ValueError("a link in a letter leads to a whole address")
    return address


def as_text(parts: list[Part]) -> str:
    """The text part: lines of at most 75 characters, addresses unbroken on lines of their own."""
    return "\n\n".join(_in_text(part) for part in parts) + "\n"


def _in_text(part: Part) -> str:
    if part.kind in ("button", "link"):
        return f"{part.lines[0]}:\n{part.address}"
    if part.kind == "items":
        return "\n".join(_wrapped(line, "- ", "  ") for item in part.lines for line in item.split("\n"))
    return "\n".join(_wrapped(line) for line in part.lines)


def _wrapped(line: str, first: str = "", later: str = "") -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )


def unlinked(line: str) -> Markup:
    """A line of the HTML part, escaped, in which mail programs find no address to make a link of."""
    pieces, last = [], 0
    for found in _LINKLIKE.finditer(line):
        pieces += [escape(line[last : found.start()]), Markup("<span>%s</span>") % found.group()]
        last = found.end()
    return Markup("").join([*pieces, escape(line[last:])])


def _environment() -> Environment:
    """The app's templates, where the value of every expression loses its power to be a mark."""
    if "mail_templates" not in current_app.extensions:
        kept = templating.compiled(current_app, "mail")
        found = current_app.jinja_env.overlay(finalize=_guarded, autoescape=False, bytecode_cache=kept)
        current_app.extensions["mail_templates"] = found
    return current_app.extensions["mail_templates"]


def _guarded(value: Any) -> str:
    if value is None or isinstance(value, Undefined):
        return ""
    words = str(value)
    if not _PLACEHOLDER.fullmatch(words):
        words = words.translate(_NO_PLACEHOLDER)
    return words.replace("\r\n", "\n").translate(_NO_GUARDS).translate(_GUARDED)


def _released(value: str) -> str:
    return value.translate(_RELEASED)
