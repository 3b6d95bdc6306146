"""What must never be about materials and speakers: one line each, with ids and no names."""

from collections.abc import Iterable

from sqlalchemy import exists, func, or_, select

from blender_event.core.database import db
from blender_event.programme.models import Session, Speaker
from blender_event.programme.models_materials import Material, MaterialVersion, Portrait, Preview, SpeakerNeeds


def faults() -> Iterable[str]:
    """Every fault found, for `blender check`."""
    yield from _materials()
    yield from _speakers()


def _materials() -> Iterable[str]:
    count, last = func.count(MaterialVersion.id), func.max(MaterialVersion.number)
    gaps = select(MaterialVersion.material_id, count, last).group_by(MaterialVersion.material_id)
    wrong = gaps.having(or_(count != last, func.min(MaterialVersion.number) != 1))
    for number, amount, highest in db.session.execute(wrong.order_by(MaterialVersion.material_id)):
        yield f"material {number}: {amount} versions, the last one is number {highest}"
    some = exists().where(MaterialVersion.material_id == Material.id)
    file = Material.kind.in_(("slides", "handout"))
    empty = select(Material.id, Material.kind).where(
        Material.removed_at.is_(None), or_(file & ~some, ~file & (Material.url == ""))
    )
    for number, kind in db.session.execute(empty.order_by(Material.id)):
        yield f"material {number}: {kind} without {'a file' if kind in ('slides', 'handout') else 'an address'}"
    astray = select(Material.id).join(Session, Session.id == Material.session_id)
    for number in db.session.scalars(astray.where(Session.edition_id != Material.edition_id).order_by(Material.id)):
        yield f"material {number}: its session is of another edition"
    pictured = exists().where(Preview.version_id == MaterialVersion.id)
    made = select(MaterialVersion.id).where((MaterialVersion.preview == "made") & ~pictured)
    for number in db.session.scalars(made.order_by(MaterialVersion.id)):
        yield f"version {number} of a material: a preview was made and is not there"


def _speakers() -> Iterable[str]:
    theirs = exists().where(Portrait.code == Speaker.portrait_code, Portrait.speaker_id == Speaker.id)
    lost = select(Speaker.id).where(Speaker.portrait_code != "", ~theirs)
    for number in db.session.scalars(lost.order_by(Speaker.id)):
        yield f"speaker {number}: the portrait is not theirs or not there"
    for row, what in ((Portrait, "portrait"), (SpeakerNeeds, "needs")):
        astray = select(row.id).join(Speaker, Speaker.id == row.speaker_id).where(Speaker.edition_id != row.edition_id)
        for number in db.session.scalars(astray.order_by(row.id)):
            yield f"{what} {number}: the speaker is of another edition"
