"""Markdown as organisers and speakers write it, made into safe HTML once, when it is saved."""

import nh3
from markdown_it import MarkdownIt

LONGEST = 100_000
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code", "pre", "hr"}
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
_parser.disable("image")


def html(source: str | None) -> str:
    """Allow-listed HTML of CommonMark `source`: no raw HTML, no images, no `h1` (it becomes `h2`), links without referrer."""
    text = (source or "")[:LONGEST]
    if not text.strip():
        return ""
    rendered = _parser.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )
