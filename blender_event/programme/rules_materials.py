"""Which material the public sees and from when, how much fits, and in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blender_event.core.errors import Problem
from blender_event.core.text import _
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.snapshot import Point

FILES = ("slides", "handout")
LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0", "all rights reserved")
OVER = ("cancelled", "postponed")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was looked at and put away: what a version remembers of it."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    scanned: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many files a session holds, and how many bytes all sessions of an edition."""

    files: int
    edition_bytes: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session stands in what is published: when it ends (None: not known) and whether it takes place."""

    ends_at: datetime | None = None
    is_cancelled: bool = False

    @classmethod
    def of(cls, point: Point) -> "Ending":
        return cls(point.ends_at, point.is_cancelled)


def last_moment(edition: Edition) -> datetime:
    """The end of an edition's last day: its hour when that is known, else midnight."""
    return edition.ends_at or datetime.combine(
        edition.ends_on + timedelta(days=1), datetime.min.time(), ZoneInfo(edition.zone)
    )


def moment(material: Material, ending: Ending | None, edition: Edition) -> datetime | None:
    """From when the public gets a material; None when nothing is promised. `ending` is None for a session not published.

    “After the session” counts from the published end, or from the end of the last day; a cancelled session has no after.
    """
    if material.removed_at is not None or not material.is_public or ending is None:
        return None
    if material.publish == "hand":
        return material.published_at
    if material.publish == "now":
        return material.created_at
    if ending.is_cancelled:
        return None
    return ending.ends_at or last_moment(edition)


def is_shown(material: Material, ending: Ending | None, edition: Edition, now: datetime) -> bool:
    """Whether everybody may have this material now."""
    begins = moment(material, ending, edition)
    if begins is None or begins > now or (material.publish == "after" and edition.status in OVER):
        return False
    return not is_file(material) or public_version(material) is not None


def is_promised(material: Material, ending: Ending | None, edition: Edition, now: datetime) -> bool:
    """Whether this material becomes public by itself, later."""
    begins = moment(material, ending, edition)
    return begins is not None and begins > now and edition.status not in OVER


def was_shown(material: Material, ending: Ending | None, edition: Edition) -> bool:
    """Whether a removed material was public on the day it was removed: then its address says so, instead of nothing."""
    if material.removed_at is None or not material.is_public or ending is None:
        return False
    begins = {
        "hand": material.published_at,
        "now": material.created_at,
        "after": None if ending.is_cancelled else ending.ends_at or last_moment(edition),
    }[material.publish]
    return begins is not None and begins <= material.removed_at


def is_file(material: Material) -> bool:
    return material.kind in FILES


def public_version(material: Material) -> MaterialVersion | None:
    """The version the promise is about: the newest, or by hand the one that was published."""
    if material.publish != "hand":
        return material.newest
    return next((version for version in material.versions if version.number == material.published_number), None)


def waits_for_hand(material: Material) -> bool:
    """Whether a newer version waits until somebody publishes it too."""
    newest = material.newest
    return (
        material.publish == "hand"
        and material.published_at is not None
        and newest is not None
        and newest.number != material.published_number
    )


def moments(materials: Iterable[Material], endings: Mapping[int, Ending], edition: Edition) -> list[int]:
    """When something becomes public, in Unix seconds, sorted; `endings` by the id of the session."""
    found = {moment(material, endings.get(material.session_id), edition) for material in materials}
    return sorted({int(begins.timestamp()) for begins in found if begins is not None})


def passed(edition: Edition, now: datetime) -> int:
    """How many of the promised moments lie behind us: when this changes, a kept page is another page."""
    seconds = now.timestamp()
    return sum(1 for begins in edition.public_moments or () if begins <= seconds)


def room_for_a_file(files: int, limits: Limits) -> Problem | None:
    """A session holds a few files: more are not found again."""
    if files < limits.files:
        return None
    return Problem(
        _("This session has %(count)s files already. Replace one, or remove one first.", count=files), "file"
    )


def room_for_bytes(used: int, size: int, limits: Limits) -> Problem | None:
    """All files of an edition together have a limit."""
    if used + size <= limits.edition_bytes:
        return None
    most = limits.edition_bytes // MEGABYTE
    words = _(
        "All files of this edition together are at most %(most)s MB, and that is reached. Ask us for help.", most=most
    )
    return Problem(words, "file")


def can_be_replaced(material: Material) -> Problem | None:
    """Only a file that was not removed gets a next version."""
    if material.removed_at is not None:
        return Problem(_("This was removed. Put it back first."), "file")
    if not is_file(material):
        return Problem(_("A link has no file. Change its address instead."), "file")
    return None


def in_order(materials: Iterable[Material]) -> list[Material]:
    return sorted(materials, key=lambda material: (material.position, material.id))
