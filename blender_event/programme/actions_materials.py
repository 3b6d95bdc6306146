"""What speakers and organisers do to materials: add, replace, describe, publish, order, remove. Every one locks the edition first."""

from datetime import datetime, timedelta
from typing import Any

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.people.models import Person
from blender_event.programme import queries, queries_materials, rules_materials
from blender_event.programme.actions import plain, write
from blender_event.programme.models import Edition, Room, Session
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.rules_materials import Limits, Stored

WORDS = frozenset("title language licence accessible is_public publish url".split())
KEPT_AFTER_REMOVING = timedelta(days=30)
WAKE = "pictures wanted"  # in the session's info: versions whose picture a worker should make after the commit


def add_file(
    session: Session,
    edition: Edition,
    *,
    kind: str,
    words: dict[str, Any],
    stored: Stored,
    limits: Limits,
    by: Person,
    now: datetime,
) -> Material:
    """Give a session a file. Raises `RuleBroken` when the session or the edition is full; the file is then nobody's."""
    queries.lock(edition)
    require(
        rules_materials.room_for_a_file(queries_materials.file_count(session.id), limits),
        rules_materials.room_for_bytes(queries_materials.bytes_used(edition), stored.size, limits),
    )
    material = _new(session, edition, kind, words, now)
    _add_version(material, stored, by, now)
    audit.note("material added", material, by=by, new={"title": material.title, "kind": kind})
    follow(edition)
    return material


def add_link(
    session: Session, edition: Edition, *, kind: str, words: dict[str, Any], by: Person, now: datetime
) -> Material:
    """Give a session a link or a recording elsewhere."""
    queries.lock(edition)
    material = _new(session, edition, kind, words, now)
    audit.note("material added", material, by=by, new={"title": material.title, "kind": kind})
    follow(edition)
    return material


def _new(session: Session, edition: Edition, kind: str, words: dict[str, Any], now: datetime) -> Material:
    material = Material(edition_id=edition.id, session_id=session.id, kind=kind, created_at=now)
    write(material, words, WORDS)
    material.position = queries_materials.last_position(session.id) + 1
    db.session.add(material)
    db.session.flush()
    return material


def _add_version(material: Material, stored: Stored, by: Person, now: datetime) -> MaterialVersion:
    newest = material.newest
    version = MaterialVersion(
        number=newest.number + 1 if newest else 1,
        storage_key=stored.key,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        scanned=stored.scanned,
        uploaded_at=now,
        uploaded_by_id=by.id,
    )
    material.versions.append(version)
    db.session.flush()
    db.session.info.setdefault(WAKE, {})[version.id] = None
    return version


def replace(
    material: Material, edition: Edition, *, stored: Stored, limits: Limits, by: Person, now: datetime
) -> MaterialVersion | None:
    """Give a material its next version; earlier ones stay. None when this is the newest file already.

    Nobody is asked what they saw: a newer file never overwrites an older one. Raises `RuleBroken` when it does not fit.
    """
    queries.lock(edition)
    db.session.refresh(material)
    newest = material.newest
    require(rules_materials.can_be_replaced(material))
    if newest is not None and newest.sha256 == stored.sha256:
        return None
    require(rules_materials.room_for_bytes(queries_materials.bytes_used(edition), stored.size, limits))
    version = _add_version(material, stored, by, now)
    material.revision += 1
    audit.note("material replaced", material, by=by, new={"title": material.title, "version": version.number})
    follow(edition)
    return version


def change(
    material: Material, edition: Edition, *, words: dict[str, Any], seen: int, by: Person, now: datetime
) -> bool:
    """Write the facts of a material anew. Raises `Conflict` if somebody changed them since `seen`.

    What is public stays public when it becomes a matter of publishing by hand: taking it back is an act of its own.
    What was shown to nobody waits for the hand again, also when somebody published it before.
    """
    queries.lock(edition)
    material.expect(seen)
    was_public = rules_materials.is_shown(material, queries_materials.ending(edition, material.session), edition, now)
    old, new = write(material, words, WORDS)
    if new.keys() & {"publish", "is_public"}:
        newest = material.newest
        by_hand = was_public and material.is_public and material.publish == "hand"
        material.published_at = now if by_hand else None
        material.published_number = newest.number if by_hand and newest else None
    if new:
        audit.note("material changed", material, by=by, old=plain(old), new=plain(new))
        follow(edition)
    return bool(new)


def publish(material: Material, edition: Edition, *, by: Person, now: datetime) -> bool:
    """Show the newest version to everybody from now on. False when that was so already."""
    queries.lock(edition)
    db.session.refresh(material)
    newest = material.newest
    number = newest.number if newest else None
    done = material.publish == "hand" and material.is_public and material.published_at is not None
    if material.removed_at is not None or (done and material.published_number == number):
        return False
    material.publish, material.is_public = "hand", True
    material.published_at, material.published_number = now, number
    material.revision += 1
    audit.note("material published", material, by=by, new={"title": material.title, "version": number})
    follow(edition)
    return True


def take_back(material: Material, edition: Edition, *, by: Person) -> bool:
    """Show a material to nobody until somebody publishes it by hand. False when that was so already."""
    queries.lock(edition)
    db.session.refresh(material)
    if material.publish == "hand" and material.published_at is None:
        return False
    material.publish, material.published_at, material.published_number = "hand", None, None
    material.revision += 1
    audit.note("material taken back", material, by=by, old={"title": material.title})
    follow(edition)
    return True


def move(material: Material, edition: Edition, *, up: bool, by: Person) -> bool:
    """Put a material one place earlier or later in its session. False at the end of the row."""
    queries.lock(edition)
    db.session.refresh(material)
    row = list(queries_materials.of_session(material.session))
    place = next((place for place, other in enumerate(row) if other.id == material.id), None)
    target = None if place is None else place - 1 if up else place + 1
    if place is None or target is None or not 0 <= target < len(row):
        return False
    row.insert(target, row.pop(place))
    for position, other in enumerate(row, 1):
        other.position = position
    audit.note("material moved", material, by=by, old={"position": place + 1}, new={"position": target + 1})
    follow(edition)
    return True


def remove(material: Material, edition: Edition, *, by: Person, now: datetime) -> bool:
    """Take a material away: nobody finds it any more, and for thirty days it can be put back. False when it was away."""
    queries.lock(edition)
    db.session.refresh(material)
    if material.removed_at is not None:
        return False
    material.removed_at = now
    material.revision += 1
    audit.note("material removed", material, by=by, old={"title": material.title})
    follow(edition)
    return True


def bring_back(material: Material, edition: Edition, *, limits: Limits, by: Person) -> bool:
    """Undo a removal, if there is still room. False when it was not removed."""
    queries.lock(edition)
    db.session.refresh(material)
    if material.removed_at is None:
        return False
    if rules_materials.is_file(material):
        require(rules_materials.room_for_a_file(queries_materials.file_count(material.session_id), limits))
    material.removed_at = None
    material.revision += 1
    audit.note("material put back", material, by=by, new={"title": material.title})
    follow(edition)
    return True


def forget(material: Material, edition: Edition) -> None:
    """Take a removed material out for good; its files are nobody's from then on."""
    queries.lock(edition)
    audit.note("material forgotten", material, by=None, old={"title": material.title})
    db.session.delete(material)


def renew_room_link(room: Room, edition: Edition, *, by: Person) -> None:
    """Make every earlier link to the page of a room worthless."""
    queries.lock(edition)
    room.link_version += 1
    audit.note("room link renewed", room, by=by)


def follow(edition: Edition) -> None:
    """What the public sees is another thing from now on, and again at each moment a material is promised for.

    Call whenever materials, the published programme or the days of the edition change: kept pages then change by themselves.
    """
    edition.shown_changed()
    db.session.flush()
    materials = queries_materials.all_of(edition)
    endings = queries_materials.endings(edition) if materials else {}
    edition.public_moments = rules_materials.moments(materials, endings, edition)
