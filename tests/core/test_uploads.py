"""What a file is: the good ones that real programs write, the hostile ones, names, sizes and words."""

import hashlib
import io
import os
import struct
import tracemalloc
import zipfile

import pytest

from blender_event.core import storage, uploads, uploads_packages
from blender_event.core.errors import RuleBroken
from tests import files

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("in_english")]
MOST = 50 * 1024 * 1024


def take(data, name, kinds=uploads.SLIDES, most=MOST):
    with uploads.received(files.an_upload(data, name), kinds=kinds, most_bytes=most) as upload:
        assert upload.path.read_bytes() == data
        return upload


def refusal(data, name, kinds=uploads.SLIDES, most=MOST):
    with pytest.raises(RuleBroken) as broken:
        take(data, name, kinds, most)
    assert [problem.field for problem in broken.value.problems] == ["file"]
    assert list(storage.incoming().iterdir()) == []
    return str(broken.value)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("dia.pdf", files.a_pdf(3), "pdf"),
        ("DIA.PDF", b"\xef\xbb\xbf\r\n" + files.a_pdf(), "pdf"),
        ("dia.pdf", files.a_pdf() + b"\0" * 9000, "pdf"),
        ("dia.pdf", b"%PDF-1.7\n" + b"PK\x05\x06" + bytes(30) + b"\n%%EOF", "pdf"),
        ("dia.pptx", files.a_pptx(3, thumbnail=files.a_jpeg()), "pptx"),
        ("dia.odp", files.an_odp(3, thumbnail=files.a_png()), "odp"),
        ("dia.met.punten.pptx", files.a_pptx(), "pptx"),
        ("met grafiek.pptx", files.a_pptx(more=[("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", files.a_workbook())]), "pptx"),
        ("met formule.pptx", files.a_pptx(more=[("ppt/embeddings/oleObject1.bin", files.an_old_office_file("Equation Native"))]), "pptx"),
        ("met link.pptx", files.a_linking_pptx("hyperlink", "https://example.org/a?b=1"), "pptx"),
        ("met adres.pptx", files.a_linking_pptx("hyperlink", "mailto:info@example.org"), "pptx"),
        ("met film.pptx", files.a_linking_pptx("video", "https://video.example.org/1"), "pptx"),
        ("met eigen map.pptx", files.a_linking_pptx("hyperlink", "file:///C:\\Users\\sam\\a.docx"), "pptx"),
        ("met eigen grafiek.pptx", files.a_linking_pptx("oleObject", "file:///C:\\Users\\sam\\a.xlsx"), "pptx"),
        ("met wit.pptx", files.a_pptx(more=[("ppt/media/wit.bmp", b"\xff" * 90_000)]), "pptx"),
    ],
)  # fmt: skip
def test_what_people_make_is_taken(app, name, data, kind):
    upload = take(data, name)

    assert (upload.name, upload.kind, upload.size) == (name, kind, len(data))
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.media_type == uploads.MEDIA_TYPES[kind]
    assert not upload.path.exists()


@pytest.mark.parametrize("what", list(files.the_hostile()))
def test_what_is_hostile_is_refused_and_leaves_nothing(app, what):
    name, data = files.the_hostile()[what]

    words = refusal(data, name)

    assert words.endswith(".")
    assert any(verb in words for verb in ("Choose", "Save", "save", "Take", "Open", "Make"))  # each says what to do


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("a bomb", "What is in this file is too large."),
        ("passwords", "This file has a password."),
        ("a password on an ODP", "This file has a password."),
        ("a password as Office sets it", "This file has a password or an old format."),
        ("macros", "This presentation holds macros or other programs."),
        ("an SVG", "An SVG can hold a program."),
        ("half a PDF", "This PDF stops halfway."),
        ("a zip in it", "Another file is packed in this presentation."),
        ("a template from elsewhere", "This presentation loads something from another place"),
        ("nothing at all", "This file is empty."),
    ],
)
def test_each_reason_is_said_in_plain_words(app, what, words):
    name, data = files.the_hostile()[what]

    assert refusal(data, name).startswith(words)


@pytest.mark.parametrize("ending", ["pptm", "ppt", "key", "ppsx"])
def test_who_brings_another_kind_of_presentation_hears_how_to_save_it(app, ending):
    assert refusal(b"x", f"dia.{ending}") == "Save your presentation as PPTX, ODP or PDF and choose that file."


def test_only_kinds_that_are_asked_for_are_taken(app):
    assert refusal(files.a_pptx(), "a.pptx", uploads.DOCUMENTS) == "Choose a file of this kind: PDF."
    assert take(files.a_png(), "ik.png", uploads.PICTURES).kind == "png"
    assert take(files.a_jpeg(), "ik.JPG", uploads.PICTURES).kind == "jpeg"
    for name, data in (("ik.png", files.a_jpeg()), ("ik.jpg", files.an_svg()), ("ik.jpg", b"GIF89a")):
        assert "this file is something else" in refusal(data, name, uploads.PICTURES)
    assert refusal(files.an_svg(), "ik.svg", uploads.PICTURES).endswith("JPEG, PNG.")


def test_a_file_that_is_too_large_is_not_read_to_its_end(app):
    class Endless:
        read_so_far = 0

        def read(self, size=-1):
            self.read_so_far += size
            return b"a" * size

        def close(self):
            pass

    endless = Endless()
    upload = files.an_upload(b"", "a.pdf")
    upload.stream = endless

    with (
        pytest.raises(RuleBroken, match="larger than 1 MB"),
        uploads.received(upload, kinds=uploads.SLIDES, most_bytes=1024 * 1024),
    ):
        pass

    assert endless.read_so_far < 2 * 1024 * 1024


def test_no_file_is_asked_for(app):
    for nothing in (None, files.an_upload(b"", ""), files.an_upload(b"x", None)):
        with (
            pytest.raises(RuleBroken, match=r"Choose a file\."),
            uploads.received(nothing, kinds=uploads.SLIDES, most_bytes=MOST),
        ):
            pass


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("dia.pdf", "dia.pdf"),
        ("C:\\Users\\sam\\dia.pdf", "dia.pdf"),
        ("../../etc/dia.pdf", "dia.pdf"),
        ("een\r\ntwee.pdf", "een twee.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("  dia.pdf. ", "dia.pdf"),
        ("e\u0301en.pdf", "\u00e9en.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 10),
        ("<script>.pdf", "<script>.pdf"),
    ],
)
def test_a_name_is_cleaned_and_keeps_its_ending(given, shown):
    assert uploads.shown_name(given) == shown


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked_and_takes_no_memory(app):
    data = files.a_bomb(200)
    assert len(data) < 300_000

    tracemalloc.start()
    refusal(data, "a.pptx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5_000_000


def test_what_is_declared_in_all_is_limited(app, monkeypatch):
    content = os.urandom(60_000)
    data = files.a_pptx(more=[(f"ppt/media/{n}.png", content) for n in range(20)])

    monkeypatch.setattr(uploads_packages, "MOST_BYTES", 1_000_000)
    assert refusal(data, "a.pptx").startswith("What is in this file is too large.")
    monkeypatch.setattr(uploads_packages, "MOST_BYTES", 2_000_000)
    take(data, "a.pptx")


def test_workbooks_count_with_the_presentation_they_are_in(app, monkeypatch):
    book = files.a_workbook([("xl/media/a.png", os.urandom(300_000))])
    data = files.a_pptx(more=[(f"ppt/embeddings/{n}.xlsx", book) for n in range(4)])

    monkeypatch.setattr(uploads_packages, "MOST_BYTES", 2_000_000)
    assert refusal(data, "a.pptx").startswith(
        "What is in this file is too large."
    )  # 1.2 MB packed, 2.4 MB with what is in them


def test_nests_of_zips_do_not_unfold(app):
    """As “42.zip” does: a small file in a small file in a small file."""
    inner = files.a_zip([("a", "a" * 90_000)])
    for depth in range(5):
        inner = files.a_zip([(f"{depth}-{n}.bin", inner) for n in range(16)])

    assert refusal(files.a_pptx(more=[("ppt/media/a.bin", inner)]), "a.pptx").startswith("Another file is packed")


def test_a_file_with_two_tables_of_contents_is_refused(app):
    """Readers that look for another end record would see other files."""
    shadow = files.a_zip([("word/document.xml", "x")])
    commented = bytearray(files.a_pptx())
    commented[-2:] = struct.pack("<H", len(shadow))

    assert "damaged" in refusal(bytes(commented) + shadow, "a.pptx")
    assert "damaged" in refusal(shadow + files.a_pptx(), "a.pptx")


def test_a_name_in_the_table_that_is_not_the_name_of_the_entry_is_refused(app):
    data = bytearray(files.a_pptx())
    at = data.rindex(b"ppt/slides/slide1.xml")
    data[at : at + 21] = b"ppt/slides/slide9.xml"

    assert "damaged" in refusal(bytes(data), "a.pptx")


def test_two_entries_of_one_name_are_refused(app):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = files.a_pptx(more=[("ppt/presentation.xml", "<other/>")])

    assert "damaged" in refusal(data, "a.pptx")


def test_a_changed_byte_is_noticed(app):
    data = bytearray(
        files.a_zip([*_parts(files.a_pptx()), ("ppt/media/a.png", "abc" * 50)], stored=("ppt/media/a.png",))
    )
    data[data.index(b"abcabc")] ^= 1

    assert "damaged" in refusal(bytes(data), "a.pptx")


def _parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_what_was_left_while_coming_in_is_swept(app):
    left, folder = storage.incoming() / "landing-x", storage.incoming() / "blender-x"
    left.write_bytes(b"half")
    folder.mkdir()
    (folder / "file").write_bytes(b"half")
    for path in (left, folder):
        os.utime(path, (1000, 1000))

    uploads.forget_landed(older_than=900)
    assert sorted(storage.incoming().iterdir()) == [folder, left]
    uploads.forget_landed(older_than=1100)
    assert list(storage.incoming().iterdir()) == []


def test_words_under_the_name_of_the_file_are_no_file(app):
    with (
        pytest.raises(RuleBroken, match="Choose a file"),
        uploads.received("geen bestand", kinds={"pdf"}, most_bytes=9),
    ):
        pass
