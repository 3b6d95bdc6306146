"""The picture of a file's first page, made after the upload: by a worker that was woken, or by the sweep."""

import tempfile
from pathlib import Path

from blender_event.core import clock, pictures, storage
from blender_event.core.database import db, writing
from blender_event.core.logs import log
from blender_event.core.pictures import Page
from blender_event.programme import queries, queries_materials
from blender_event.programme.models_materials import MaterialVersion, Preview

AT_ONCE = 3  # per sweep: letters must not wait long behind pictures
_KINDS = {"application/pdf": "pdf"} | {
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.presentation": "odp",
}


def make_waiting(most: int = AT_ONCE) -> None:
    """Make pictures of what waits, each in its own transaction; one that fails does not stop the next."""
    waiting = list(queries_materials.waiting_pictures(most))
    db.session.rollback()
    for number in waiting:
        try:
            make(number)
        except Exception as fault:  # noqa: BLE001 - a store that is away comes back
            db.session.rollback()
            log.warning("no picture made", version=number, fault=type(fault).__name__)


def make(number: int) -> None:
    """Make the picture of one version, if it still waits. What breaks the maker stays downloadable, without picture."""
    version = queries_materials.version(number)
    if version is None or version.preview != "waiting":
        db.session.rollback()
        return
    key, kind = version.storage_key, _KINDS.get(version.media_type, "")
    db.session.rollback()
    try:
        page = _look(key, kind)
    except (pictures.Broken, storage.Missing) as fault:
        log.info("file gives no picture", version=number, why=str(fault)[:200])
        _note(number, "broken", None, "")
        return
    if page is None:
        _note(number, "none", None, "")
        return
    _keep(number, page)


def _look(key: str, kind: str) -> Page | None:
    """The first page of a stored file."""
    with tempfile.TemporaryDirectory(prefix="blender-", dir=storage.incoming()) as folder:
        file = Path(folder) / f"file.{kind}"
        storage.fetch(key, file)
        return pictures.first_page(file, kind)


def _keep(number: int, page: Page) -> None:
    """Store the picture, then its row; a picture nobody wants any more is taken out again."""
    key = storage.new_key("previews")
    with tempfile.TemporaryDirectory(prefix="blender-", dir=storage.incoming()) as folder:
        file = Path(folder) / "page.jpg"
        file.write_bytes(page.picture)
        storage.save(key, file)
    if not _note(number, "made", page, key):
        storage.remove(key)


def _note(number: int, state: str, page: Page | None, key: str) -> bool:
    """Write down how it went. False when somebody else was faster, or the version is gone."""
    with writing():
        version = queries_materials.version(number)
        edition = queries.edition_by_id(version.material.edition_id) if version else None
        if version is None or edition is None:
            db.session.rollback()
            return False
        queries.lock(edition)
        db.session.refresh(version)
        if version.preview != "waiting":
            db.session.rollback()
            return False
        _write(version, state, page, key)
        edition.shown_changed()
        db.session.commit()
        return True


def _write(version: MaterialVersion, state: str, page: Page | None, key: str) -> None:
    version.preview = state
    if page is None:
        return
    version.pages = page.pages
    version.picture = Preview(
        storage_key=key, width=page.width, height=page.height, size=len(page.picture), made_at=clock.now()
    )
