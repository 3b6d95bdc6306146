"""The colours can be read, the style sheets stay small and old phones understand them."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLE = (STATIC / "style" / "blender.css").read_text()
TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{3,6})\b")

TEXT = """
ink/page ink/surface ink/sunken soft/page soft/surface soft/sunken link/page link/surface link/sunken
link/action-tint link/error-tint link/warn-tint link/online-tint on-action/action on-action/action-hover
ink/action-tint soft/action-tint page/ink on-shape/face on-shape/online on-lens/lens face-ink/face-tint ink/face-tint
soft/face-tint online-ink/online-tint ink/online-tint soft/online-tint error/page error/surface error/error-tint
warn/surface warn/warn-tint on-strip/strip ink/error-tint ink/warn-tint
""".split()
PARTS = """
edge/page edge/surface edge/sunken action/page action/surface action/action-tint focus/page focus/surface focus/sunken
focus-on-shape/face focus-on-shape/online focus/action-tint face-ink/page online-ink/page lens/face lens/online leaf/page
""".split()
TRACKS = [f"t{number}/{paper}" for number in range(1, 9) for paper in ("page", "surface", "sunken")]


def colours(scheme):
    """The tokens of one scheme; dark ones lie over the light ones."""
    light, dark = re.findall(r":root \{(.*?)\n *\}", STYLE, re.DOTALL)[:2]
    return dict(TOKEN.findall(light)) | (dict(TOKEN.findall(dark)) if scheme == "dark" else {})


def brightness(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(pair, known):
    """WCAG 2's ratio of two tokens written as “front/back”."""
    front, back = (brightness(known[name]) for name in pair.split("/"))
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (PARTS, 3), (TRACKS, 4.5)], ids=["text", "parts", "tracks"])
def test_every_pair_of_colours_in_use_can_be_read(scheme, pairs, least):
    known = colours(scheme)

    assert {pair: round(contrast(pair, known), 2) for pair in pairs if contrast(pair, known) < least} == {}


def test_the_measure_itself_knows_black_on_white():
    assert round(contrast("ink/paper", {"ink": "#000", "paper": "#FFFFFF"}), 2) == 21


def test_the_style_of_public_pages_stays_under_nine_kilobytes():
    assert len(gzip.compress(STYLE.encode())) <= 9 * 1024


@pytest.mark.parametrize("sheet", sorted((STATIC / "style").glob("*.css")), ids=lambda sheet: sheet.name)
def test_style_sheets_ask_nothing_of_others_and_nothing_of_new_browsers(sheet):
    assert re.findall(r":has\(|clamp\(|@layer|url\(\"?https?:|@import|\n\s+&", sheet.read_text()) == []


def test_every_drawing_that_templates_name_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    templates = STATIC.parent / "templates"
    named = {
        name for page in templates.rglob("*.html") for name in re.findall(r'icon\("([a-z-]+)"\)', page.read_text())
    }
    glyphs = "circle leaf square-outline square ring diamond half bars".split()

    assert named | {f"glyph-{glyph}" for glyph in glyphs} <= drawn
