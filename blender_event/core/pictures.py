"""Pictures of pages and portraits, made in a separate process that may use little and know nothing."""

from dataclasses import dataclass
from pathlib import Path


class Broken(Exception):
    """No picture can be made of this file; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Page:
    """The first page as a JPEG of at most 800 pixels, and how many pages or slides there are."""

    picture: bytes
    width: int
    height: int
    pages: int


@dataclass(frozen=True, slots=True)
class Crop:
    """A square part of a picture: its left and top as fractions of width and height, its side as one of the shorter side."""

    x: float
    y: float
    size: float


def first_page(path: Path, kind: str) -> Page | None:
    """The first page of a `pdf`, `pptx` or `odp`; None when the file has no picture of it inside. Raises `Broken`."""
    return None


def portrait(path: Path, crop: Crop | None = None) -> bytes:
    """A square JPEG of 640 pixels without anything else in it; without a crop, the middle. Raises `Broken`."""
    raise Broken("not made yet")
