"""Markdown becomes a short list of harmless tags, whatever is written."""

import sys
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_event.core import markdown

ALLOWED = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code", "pre", "hr"}


class Tags(HTMLParser):
    """Every tag and attribute in a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_paragraphs_lists_links_and_emphasis_are_shown():
    html = markdown.html("Kom *zeker* naar **Gent**.\n\n* een\n* [twee](https://example.org)\n\n## Kop")

    assert "<p>Kom <em>zeker</em> naar <strong>Gent</strong>.</p>" in html
    assert '<a href="https://example.org" rel="nofollow noopener noreferrer">twee</a>' in html
    assert "<h2>Kop</h2>" in html


def test_a_heading_of_level_one_gives_way_to_the_page():
    assert markdown.html("# Titel") == "<h2>Titel</h2>\n"


def test_nothing_becomes_nothing():
    assert markdown.html(None) == markdown.html("  \n ") == ""


HOSTILE = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "<svg onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![beeld](https://evil.example/volg.png)",
    '[x](https://example.org "onmouseover=alert(1)")',
    "<a href=\"https://example.org\" onclick='x'>klik</a>",
    "<iframe src=https://evil.example></iframe>",
    "`<script>`",
    "    <script>alert(1)</script>",
    "[a]: javascript:alert(1)\n[a]",
    "<!-- --><b>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_becomes_harmless(source):
    tags = Tags(markdown.html(source)).found

    assert {tag for tag, _attributes in tags} <= ALLOWED
    for _tag, attributes in tags:
        assert set(attributes) <= {"href", "rel"}
        assert urlsplit(attributes.get("href", "")).scheme in ("", "https", "http", "mailto", "tel")


@given(st.text(alphabet="<>[]()!*_`#\n\\\"'&:/ajscriptonx=;", max_size=200))
def test_no_text_at_all_becomes_another_tag(source):
    tags = Tags(markdown.html(source)).found

    assert {tag for tag, _attributes in tags} <= ALLOWED
    assert {name for _tag, attributes in tags for name in attributes} <= {"href", "rel"}


@pytest.mark.parametrize(
    "source",
    [
        "*" * 1000,
        "[" * 10_000,
        "> " * 5_000,
        "* " * 5_000 + "x",
        "`" * 10_000,
        "a](b" * 10_000,
        "<" * 50_000,
        "x " * 500_000,
        "[a](b" * 20_000,
        "_*" * 10_000,
    ],
    ids=[
        "stars",
        "brackets",
        "quotes",
        "lists",
        "ticks",
        "half links",
        "smaller than",
        "1 MB",
        "open links",
        "emphasis",
    ],
)
def test_heavy_text_takes_a_bounded_amount_of_work(source):
    """Calls are counted instead of seconds: a busy machine changes nothing. Two million calls are about a second."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        html = markdown.html(source)
    finally:
        sys.setprofile(None)

    assert calls < 2_000_000
    assert len(html) < 1_200_000


def test_a_text_loses_its_marks_in_a_letter_and_keeps_its_words_and_addresses():
    source = "### Met de trein\n\nStap **uit** in [Gent](https://example.org/gent).\n\n- één\n- twee\n\n<https://example.org>"

    assert markdown.blocks(source) == [
        ("heading", "Met de trein"),
        ("words", "Stap uit in Gent (https://example.org/gent)."),
        ("item", "één"),
        ("item", "twee"),
        ("words", "https://example.org"),
    ]
    assert markdown.blocks(None) == []
