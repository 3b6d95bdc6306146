"""Named reads of recaps."""

from sqlalchemy import select

from blender_event.core.database import db
from blender_event.programme.models import Edition
from blender_event.recaps.models import Recap


def recap_of(edition: Edition) -> Recap | None:
    """The recap of an edition, published or not."""
    return db.session.scalars(select(Recap).where(Recap.edition_id == edition.id)).one_or_none()
