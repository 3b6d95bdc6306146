"""The process that opens files of strangers: `pictures.py` runs this file by its path, with the file as standard input.

It knows nothing of the app. Before it looks at anything it gives up memory, time, files and output.
On standard output: one line of JSON, then a JPEG or nothing. Any other end than 0 means that the file is broken.
"""

import io
import json
import os
import resource
import sys
import warnings
import zipfile
from typing import IO, Any
from xml.parsers import expat

LONG_SIDE = 800
PORTRAIT_SIDE = 640
MOST_PIXELS = 50_000_000
MOST_THUMBNAIL = 8 * 1024 * 1024
MOST_XML = 64 * 1024 * 1024
MOST_SLIDES = 5000
_LIMITS = {
    resource.RLIMIT_AS: 1024 * 1024 * 1024,
    resource.RLIMIT_CPU: 25,
    resource.RLIMIT_FSIZE: 5 * 1024 * 1024,
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CORE: 0,
}


def give_up() -> None:
    """From here on little is possible, and none of it can be had back."""
    for what, most in _LIMITS.items():
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))
    os.nice(10)


def first_page(file: IO[bytes], kind: str) -> tuple[int, Any]:
    """How many pages there are, and the first as a picture, or None."""
    if kind == "pdf":
        return _first_of_pdf(file)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        if kind == "pptx":
            pages = sum(1 for name in names if _is_slide(name))
            found = [name for name in names if name.lower() in ("docprops/thumbnail.jpeg", "docprops/thumbnail.png")]
        else:
            pages = _slides_of_odp(package)
            found = [name for name in names if name == "Thumbnails/thumbnail.png"]
        if not found or package.getinfo(found[0]).file_size > MOST_THUMBNAIL:
            return pages, None
        with package.open(found[0]) as picture:
            return pages, _opened(io.BytesIO(picture.read(MOST_THUMBNAIL)))


def _is_slide(name: str) -> bool:
    number = name.removeprefix("ppt/slides/slide").removesuffix(".xml")
    return name == f"ppt/slides/slide{number}.xml" and number.isdigit()


def _first_of_pdf(file: IO[bytes]) -> tuple[int, Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    page = document[0]
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("a page without a size")
    return len(document), page.render(scale=LONG_SIDE / max(width, height), may_draw_forms=False).to_pil()


def _slides_of_odp(package: zipfile.ZipFile) -> int:
    """Counts `draw:page` while the content passes; a document type, and so every entity, is refused."""
    pages = 0

    def seen(name: str, _attributes: dict[str, str]) -> None:
        nonlocal pages
        pages += name == "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 page"

    def refuse(*_told: object) -> None:
        raise ValueError("a document type")

    reader = expat.ParserCreate(namespace_separator=" ")
    reader.StartElementHandler = seen
    reader.StartDoctypeDeclHandler = refuse
    read = 0
    with package.open("content.xml") as content:
        while piece := content.read(64 * 1024):
            read += len(piece)
            if read > MOST_XML:
                raise ValueError("too much content")
            reader.Parse(piece, False)
    reader.Parse(b"", True)
    return pages


def _opened(file: IO[bytes]) -> Any:
    """A PNG or JPEG as an upright RGB picture; its size is looked at before a pixel of it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    closed = Image.open(file, formats=["PNG", "JPEG"])
    if not 0 < closed.width * closed.height <= MOST_PIXELS:
        raise ValueError("too many pixels")
    picture: Image.Image = ImageOps.exif_transpose(closed)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("RGB")


def portrait(file: IO[bytes], crop: tuple[float, ...]) -> Any:
    """The square that was asked for, or the middle, kept inside the picture."""
    picture = _opened(file)
    width, height = picture.size
    shorter = min(width, height)
    side = shorter * min(1.0, max(0.1, crop[2])) if crop else shorter
    left = crop[0] * width if crop else (width - side) / 2
    top = crop[1] * height if crop else (height - side) / 2
    left, top = min(max(0.0, left), width - side), min(max(0.0, top), height - side)
    return picture.resize((PORTRAIT_SIDE, PORTRAIT_SIDE), box=(left, top, left + side, top + side))


def written(picture: Any, pages: int) -> bytes:
    """The answer: a new JPEG of bare pixels, smaller than the long side allows."""
    if picture is None:
        return json.dumps({"pages": pages}).encode() + b"\n"
    from PIL import Image

    picture = picture.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    made = io.BytesIO()
    bare.save(made, "JPEG", quality=82, optimize=True)
    told = {"pages": pages, "width": bare.width, "height": bare.height}
    return json.dumps(told).encode() + b"\n" + made.getvalue()


def main(words: list[str]) -> None:
    give_up()
    file = sys.stdin.buffer
    if words[0] == "first_page":
        pages, picture = first_page(file, words[1])
        if not 0 < pages <= MOST_SLIDES:
            raise ValueError("no pages")
    else:
        pages, picture = 1, portrait(file, tuple(map(float, words[1:4])))
    sys.stdout.buffer.write(written(picture, pages))


if __name__ == "__main__":
    main(sys.argv[1:])
