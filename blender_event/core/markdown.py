"""Markdown as organisers and speakers write it, made into safe HTML once, when it is saved."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LONGEST = 100_000
MOST_LINKS = 2_000
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code", "pre", "hr"}
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
_parser.disable("image")


def html(source: str | None) -> str:
    """Allow-listed HTML of CommonMark `source`: no raw HTML, no images, no `h1` (it becomes `h2`), links without referrer."""
    text = _bounded(source)
    if not text.strip():
        return ""
    rendered = _parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )


def _bounded(source: str | None) -> str:
    """The text at most `LONGEST` long; thousands of brackets are words, not links: matching them takes quadratic time."""
    text = (source or "")[:LONGEST]
    return text if text.count("[") <= MOST_LINKS else text.replace("[", "\\[")


_HEADING = re.compile("<(/?)h([1-6])>")


def beneath(html_text: str, level: int) -> Markup:
    """Our own HTML with its headings brought under a page's: the highest becomes `level`, and none is skipped."""
    used = sorted({int(found[2]) for found in _HEADING.finditer(html_text)})
    last = level - 1

    def place(found: re.Match[str]) -> str:
        nonlocal last
        wanted = level + used.index(int(found[2]))
        if not found[1]:
            last = min(wanted, last + 1, 6)
        return f"<{found[1]}h{last}>"

    return Markup(_HEADING.sub(place, html_text))  # noqa: S704 - made by `html`


def parted(html_text: str) -> tuple[Markup, str]:
    """What comes before the first heading, and the rest."""
    found = _HEADING.search(html_text)
    place = found.start() if found else len(html_text)
    return Markup(html_text[:place]), html_text[place:]  # noqa: S704 - made by `html`


def first_paragraph(html_text: str) -> Markup:
    """The first paragraph with its tags, or nothing."""
    found = re.search("<p>.*?</p>", html_text, re.DOTALL)
    return Markup(found[0] if found else "")  # noqa: S704 - made by `html`


def blocks(source: str | None) -> list[tuple[str, str]]:
    """CommonMark `source` without its marks, for letters: (`heading`, `words` or `item`, text) in order.

    A link becomes its words with the address behind them, unless they are the same.
    """
    found: list[tuple[str, str]] = []
    kind = "words"
    in_item = 0
    for token in _parser.parse(_bounded(source)):
        in_item += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type in ("heading_open", "paragraph_open"):
            kind = "heading" if token.type == "heading_open" else "item" if in_item else "words"
        elif token.type == "inline":
            found.append((kind, _words(token.children or [])))
        elif token.type in ("code_block", "fence"):
            found.append(("words", token.content.strip()))
    return [(kind, words) for kind, words in found if words]


def _words(tokens: list[Token]) -> str:
    """The text of one line or paragraph; line breaks inside it become spaces."""
    pieces: list[str] = []
    address, began = "", 0
    for token in tokens:
        if token.type == "link_open":
            address, began = str(token.attrGet("href") or ""), len(pieces)
        elif token.type == "link_close":
            if address.removeprefix("mailto:") != "".join(pieces[began:]):
                pieces.append(f" ({address})")
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        else:
            pieces.append(token.content)
    return "".join(pieces).strip()
