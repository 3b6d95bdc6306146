"""Named reads of materials: of a session, of an edition, of a room, by their public address; and what waits for a picture."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.programme import rules_materials
from blender_event.programme.models import Edition, Release, Room, Session
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.rules_materials import Ending
from blender_event.programme.snapshot import Programme

_VERSIONS = selectinload(Material.versions).joinedload(MaterialVersion.picture)
_UPLOADERS = selectinload(Material.versions).joinedload(MaterialVersion.uploaded_by)
_ORDER = (Material.position, Material.id)


def material(edition: Edition, number: int) -> Material | None:
    """A material of this edition by id; another edition's is not there."""
    asked = select(Material).where(Material.edition_id == edition.id, Material.id == number)
    return db.session.scalars(asked.options(joinedload(Material.session), _VERSIONS)).one_or_none()


def by_code(edition: Edition, code: str) -> Material | None:
    """The material of a public address, whatever its state."""
    asked = select(Material).where(Material.edition_id == edition.id, Material.code == code)
    return db.session.scalars(asked.options(joinedload(Material.session), _VERSIONS)).one_or_none()


def of_session(session: Session, *, removed: bool = False) -> Sequence[Material]:
    """What a session has, in its order; `removed` asks for what was taken away instead."""
    asked = select(Material).where(Material.session_id == session.id, Material.removed_at.is_not(None) == removed)
    return db.session.scalars(asked.order_by(*_ORDER).options(_VERSIONS, _UPLOADERS)).all()


def of_edition(edition: Edition) -> Sequence[Material]:
    """Everything of an edition that was not removed, in order, with its versions and pictures."""
    asked = select(Material).where(Material.edition_id == edition.id, Material.removed_at.is_(None))
    return db.session.scalars(asked.order_by(*_ORDER).options(joinedload(Material.session), _VERSIONS)).all()


def of_uid(edition: Edition, uid: str) -> list[Material]:
    """What a published session has, in its order."""
    asked = select(Material).join(Session).where(Material.edition_id == edition.id, Session.uid == uid)
    found = db.session.scalars(asked.where(Material.removed_at.is_(None)).order_by(*_ORDER).options(_VERSIONS))
    return list(found)


def shown_in(edition: Edition, programme: Programme | None) -> dict[str, list[Material]]:
    """What everybody may have now, by the published session it belongs to, in order."""
    endings = {point.uid: Ending.of(point) for point in programme.points} if programme else {}
    found: dict[str, list[Material]] = {}
    for row in of_edition(edition) if endings else ():
        uid = row.session.uid
        if rules_materials.is_shown(row, endings.get(uid), edition, clock.now()):
            found.setdefault(uid, []).append(row)
    return found


def ending(edition: Edition, session: Session) -> Ending | None:
    """How a session stands in what is published; None when it is not."""
    return endings(edition).get(session.id) if session.is_released else None


def endings(edition: Edition) -> dict[int, Ending]:
    """How every published session stands, by the id of its row. Reads the release as it is stored, not from memory."""
    known = points_of_release(edition)
    rows = db.session.execute(select(Session.id, Session.uid).where(Session.edition_id == edition.id))
    return {row.id: known[row.uid] for row in rows if row.uid in known}


def points_of_release(edition: Edition) -> dict[str, Ending]:
    if edition.released_number is None:
        return {}
    asked = select(Release.snapshot).where(Release.edition_id == edition.id, Release.number == edition.released_number)
    stored = db.session.scalar(asked)
    found = {}
    for point in (stored or {}).get("points", ()):
        ends = point.get("ends_at")
        found[point["uid"]] = Ending(datetime.fromisoformat(ends) if ends else None, point.get("status") == "cancelled")
    return found


def all_of(edition: Edition) -> Sequence[Material]:
    """The rows alone, without versions: what moments are counted from."""
    return db.session.scalars(select(Material).where(Material.edition_id == edition.id)).all()


def file_count(session_id: int) -> int:
    """How many files a session holds now."""
    asked = select(func.count()).select_from(Material)
    of_files = Material.kind.in_(rules_materials.FILES)
    return (
        db.session.scalar(asked.where(Material.session_id == session_id, Material.removed_at.is_(None), of_files)) or 0
    )


def bytes_used(edition: Edition) -> int:
    """What all versions of an edition's materials weigh; removed ones lie on the disk until they are forgotten."""
    asked = select(func.sum(MaterialVersion.size)).join(Material)
    return int(db.session.scalar(asked.where(Material.edition_id == edition.id)) or 0)


def last_position(session_id: int) -> int:
    return db.session.scalar(select(func.max(Material.position)).where(Material.session_id == session_id)) or 0


def count_of(session: Session) -> int:
    """How many materials hang on a session; removed ones go with it."""
    asked = select(func.count()).select_from(Material).where(Material.session_id == session.id)
    return db.session.scalar(asked.where(Material.removed_at.is_(None))) or 0


def waiting_pictures(most: int = 20) -> Sequence[int]:
    """The versions that still wait for their picture, oldest first."""
    asked = select(MaterialVersion.id).where(MaterialVersion.preview == "waiting").order_by(MaterialVersion.id)
    return db.session.scalars(asked.limit(most)).all()


def version(number: int) -> MaterialVersion | None:
    return db.session.get(MaterialVersion, number)


def long_removed(before: datetime) -> Sequence[Material]:
    """What was removed before a moment and was not put back."""
    return db.session.scalars(select(Material).where(Material.removed_at < before).options(_VERSIONS)).all()


def room_by_token(token: str) -> Room | None:
    """The room whose present link this is."""
    number = links.row_id(token)
    room = db.session.get(Room, number) if number is not None else None
    if room is None or not links.proves(token, Purpose.ROOM, room.id, room.link_version):
        return None
    return room


def room_token(room: Room) -> str:
    return links.derive(Purpose.ROOM, room.id, room.link_version)
