"""Files, opaque and outside the web root, through one library for local folders and object stores alike."""

from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from obstore.store import ObjectStore, from_url


def store() -> ObjectStore:
    """The store of this installation: BLENDER_STORAGE_URL, or `uploads/` in the instance folder."""
    address = current_app.config["STORAGE_URL"]
    if address.startswith("file://"):
        Path(address.removeprefix("file://")).mkdir(parents=True, exist_ok=True)
    return from_url(address)


def keys() -> Iterator[str]:
    """The key of every stored file."""
    for batch in store().list():
        for item in batch:
            yield item["path"]


def save(key: str, source: Path) -> None:
    """Store the content of a file under this key, in place of what was there."""
    store().put(key, source)


def fetch(key: str, target: Path) -> None:
    """Write a stored file to `target`, piece by piece. Raises `FileNotFoundError` when there is none."""
    with target.open("wb") as file:
        for piece in store().get(key).stream():
            file.write(piece)


def remove(key: str) -> None:
    store().delete(key)
