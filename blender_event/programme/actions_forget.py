"""Forget what speakers needed and could do when their day is over, and materials that were removed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.forgetting import Gone, is_over
from blender_event.programme import actions_materials, queries, queries_materials
from blender_event.programme.models import Edition, Speaker
from blender_event.programme.models_materials import SpeakerNeeds

NEEDS_KEPT_FOR = timedelta(days=14)
TOLD = or_(Speaker.availability != "", Speaker.equipment != "", Speaker.decline_reason != "")


def forget(*, now: datetime) -> list[Gone]:
    """Fourteen days after its last day go what speakers of an edition needed, could do, and gave as reason not to come.

    Materials go thirty days after somebody removed them, files and all. The caller commits.
    """
    gone = _removed_materials(now)
    kept = select(SpeakerNeeds.edition_id).union(select(Speaker.edition_id).where(TOLD))
    for edition in db.session.scalars(select(Edition).where(Edition.id.in_(kept))).all():
        if is_over(edition.ends_on, NEEDS_KEPT_FOR, zone=edition.zone, now=now):
            gone += _of_edition(edition)
    return gone


def _removed_materials(now: datetime) -> list[Gone]:
    """What was removed and not put back: rows here, their files by the caller after the commit."""
    gone = []
    for material in queries_materials.long_removed(now - actions_materials.KEPT_AFTER_REMOVING):
        pictures = [version.picture for version in material.versions if version.picture is not None]
        keys = [*(row.storage_key for row in material.versions), *(row.storage_key for row in pictures)]
        edition = queries.edition_by_id(material.edition_id)
        if edition is not None:
            actions_materials.forget(material, edition)
            gone.append(Gone("removed material", 1, edition.slug, keys))
    return gone


def _of_edition(edition: Edition) -> list[Gone]:
    needs = delete(SpeakerNeeds).where(SpeakerNeeds.edition_id == edition.id).returning(SpeakerNeeds.id)
    empty = {"availability": "", "equipment": "", "decline_reason": ""}
    practical = update(Speaker).where(Speaker.edition_id == edition.id, TOLD).values(empty)
    removed = len(db.session.execute(needs.execution_options(synchronize_session=False)).all())
    emptied = len(
        db.session.execute(practical.returning(Speaker.id).execution_options(synchronize_session=False)).all()
    )
    audit.note("needs of speakers forgotten", edition, by=None, new={"amount": max(removed, emptied)})
    found = [
        Gone("needs of speakers", removed, edition.slug),
        Gone("practical answers of speakers", emptied, edition.slug),
    ]
    return [one for one in found if one.amount]
