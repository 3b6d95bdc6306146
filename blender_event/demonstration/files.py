"""Files of the demonstration, made and stored when they are needed."""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

from blender_event.core import storage, text
from blender_event.demonstration.slides import pdf
from blender_event.programme.rules_materials import Stored


def slides(pages: Sequence[str], title: str) -> Stored:
    """Slides with one line a page, stored as if they were uploaded."""
    return _kept(pdf(pages, title), f"{text.slug(title)}.pdf", "slides")


def document(name: str) -> Stored:
    """An attachment of one page that says what it is called."""
    title = name.removesuffix(".pdf")
    return _kept(pdf([title, "Een bijlage van het voorbeeld"], title), name, "pitches")


def _kept(data: bytes, name: str, area: str) -> Stored:
    key = storage.new_key(area)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.pdf"
        file.write_bytes(data)
        storage.save(key, file)
    return Stored(
        key=key,
        name=name,
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        scanned="unscanned",
    )
