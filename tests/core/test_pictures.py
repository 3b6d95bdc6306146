"""Pictures of files, made by a process that may break: what comes out, and that nothing else does."""

import io
import os
import time

import pytest
from PIL import Image

from blender_event.core import pictures
from blender_event.core.pictures import Broken, Crop
from tests import files


@pytest.fixture
def kept(tmp_path):
    def keep(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        return path

    return keep


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def colour(picture, x, y):
    """Which of the colours of the test pictures is there."""
    found = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    known = {"green": (12, 120, 90), "white": (255, 255, 255), "red": (220, 0, 0)}
    return min(known, key=lambda name: sum(abs(a - b) for a, b in zip(known[name], found, strict=True)))


def test_the_first_page_of_a_pdf_is_a_jpeg_of_800_pixels_and_its_pages_are_counted(kept):
    page = pictures.first_page(kept(files.a_pdf(3)), "pdf")

    assert (page.width, page.height, page.pages) == (800, 450, 3)
    assert opened(page.picture).size == (800, 450)
    assert opened(page.picture).getextrema() != ((255, 255),) * 3  # its words are seen


def test_a_presentation_shows_the_picture_it_carries_and_its_slides_are_counted(kept):
    pptx = pictures.first_page(kept(files.a_pptx(12, thumbnail=files.a_jpeg(256, 144))), "pptx")
    odp = pictures.first_page(kept(files.an_odp(7, thumbnail=files.a_png(256, 192))), "odp")

    assert (pptx.width, pptx.height, pptx.pages) == (256, 144, 12)
    assert (odp.width, odp.height, odp.pages) == (256, 192, 7)
    assert colour(opened(odp.picture), 0.4, 0.6) == "green"


def test_a_presentation_without_a_picture_has_no_first_page_and_still_its_number_of_slides(kept):
    assert pictures.first_page(kept(files.a_pptx(4)), "pptx") is None
    assert pictures.first_page(kept(files.an_odp(4)), "odp") is None
    assert pictures.pages_in(kept(files.an_odp(4)), "odp") == 4


def test_a_portrait_is_square_and_cut_where_it_was_asked(kept):
    photo = kept(files.a_jpeg(800, 400))

    middle = opened(pictures.portrait(photo))
    left = opened(pictures.portrait(photo, Crop(0, 0.5, 0.5)))
    right = opened(pictures.portrait(photo, Crop(0.75, 0, 0.5)))

    assert {picture.size for picture in (middle, left, right)} == {(640, 640)}
    assert (colour(middle, 0.3, 0.7), colour(middle, 0.7, 0.7)) == ("green", "white")
    assert (colour(left, 0.1, 0.1), colour(left, 0.9, 0.9)) == ("green", "green")
    assert colour(right, 0.5, 0.5) == "white"


@pytest.mark.parametrize("crop", [Crop(9, 9, 9), Crop(-3, -3, -3), Crop(0, 0, 0)])
def test_a_crop_outside_the_picture_is_brought_inside(kept, crop):
    assert opened(pictures.portrait(kept(files.a_jpeg(300, 200)), crop)).size == (640, 640)


def test_a_crop_that_is_no_number_is_refused(kept):
    with pytest.raises(Broken):
        pictures.portrait(kept(files.a_jpeg()), Crop(float("nan"), 0, 1))


def test_a_photograph_that_was_held_upright_stands_upright(kept):
    photo = kept(files.a_jpeg(400, 400, turned=6))  # turned a quarter to the right: its top left is now at the right

    upright = opened(pictures.portrait(photo))

    assert (colour(upright, 0.9, 0.1), colour(upright, 0.1, 0.1)) == ("red", "green")


def test_where_and_with_what_a_photograph_was_taken_is_gone(kept):
    data = files.a_jpeg(with_place=True)
    assert b"CanaryCamera" in data

    made = pictures.portrait(kept(data))

    assert b"CanaryCamera" not in made
    assert b"Exif" not in made
    assert dict(opened(made).getexif()) == {}


def test_a_png_with_holes_stands_on_white(kept):
    made = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(made, "PNG")

    assert colour(opened(pictures.portrait(kept(made.getvalue()))), 0.5, 0.5) == "white"


@pytest.mark.parametrize(
    ("what", "data", "kind"),
    [
        ("nothing", b"", "pdf"),
        ("half a PDF", files.a_pdf(40)[:900], "pdf"),
        ("no PDF", b"%PDF-1.4\n" + bytes(range(256)) * 50 + b"%%EOF", "pdf"),
        ("a PDF without pages", files.a_pdf(0), "pdf"),
        ("no zip", b"PK\x03\x04" + b"\0" * 99, "pptx"),
        ("a PPTX whose picture is none", files.a_pptx(thumbnail=files.an_svg()), "pptx"),
        ("a PPTX whose picture is vast", files.a_pptx(thumbnail=files.a_vast_png(20_000)), "pptx"),
        ("an ODP with entities", files.an_odp(content='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "odp"),
        ("an ODP of endless content", files.an_odp(content="<a>" + " " * 70_000_000 + "</a>"), "odp"),
    ],
)
def test_a_file_that_breaks_the_child_says_so_and_we_live(kept, what, data, kind):
    with pytest.raises(Broken):
        pictures.first_page(kept(data), kind)


@pytest.mark.parametrize("data", [files.an_svg(), files.a_vast_png(), files.a_jpeg()[:200], b"GIF89a" + b"\0" * 40])
def test_no_portrait_is_made_of_what_is_no_photograph(kept, data):
    with pytest.raises(Broken):
        pictures.portrait(kept(data))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("takes all memory", "x = [bytearray(10**8) for _ in range(10**6)]"),
        ("writes for ever", "import sys\nwhile True: sys.stdout.buffer.write(b'a' * 10**6)"),
        ("ends by a signal", "import os; os.kill(os.getpid(), 11)"),
        ("answers something odd", "import sys; sys.stdout.write('{\"pages\": 1}\\nno picture')"),
        ("answers nothing", "pass"),
    ],
)
def test_whatever_the_child_does_it_cannot_hurt_us(kept, tmp_path, monkeypatch, what, words):
    child = tmp_path / "child.py"
    child.write_text(
        f"import sys\nsys.path.insert(0, {str(pictures._CHILD.parent)!r})\nimport pictures_child\npictures_child.give_up()\n{words}\n"
    )
    monkeypatch.setattr(pictures, "_CHILD", child)

    with pytest.raises(Broken):
        pictures.first_page(kept(files.a_pdf()), "pdf")


def test_a_child_that_never_ends_is_ended(kept, tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(pictures, "_CHILD", child)
    monkeypatch.setattr(pictures, "_SECONDS", 0.5)
    started = time.perf_counter()

    with pytest.raises(Broken, match="no answer in time"):
        pictures.first_page(kept(files.a_pdf()), "pdf")

    assert time.perf_counter() - started < 10


def test_the_child_sees_no_file_and_no_secret_of_ours(kept, tmp_path, monkeypatch):
    monkeypatch.setenv("BLENDER_SECRET_KEY", "canary")
    child = tmp_path / "child.py"
    child.write_text(
        "import os, sys\n"
        "found = sorted(os.listdir('/proc/self/fd'))\n"
        "open_files = [os.readlink(f'/proc/self/fd/{n}') for n in found if os.path.lexists(f'/proc/self/fd/{n}')]\n"
        "assert 'canary' not in str(dict(os.environ)), 1\n"
        "assert not any('blender_event' in name for name in sys.modules)\n"
        "assert len(open_files) <= 4 and not any('secret' in name for name in open_files), open_files\n"
        "sys.stdout.write('{\"pages\": 1}\\n')\n"
    )
    monkeypatch.setattr(pictures, "_CHILD", child)
    secret = (tmp_path / "secret").open("w")
    os.set_inheritable(secret.fileno(), True)

    try:
        assert pictures.first_page(kept(files.a_pdf()), "pdf") is None
    finally:
        secret.close()
