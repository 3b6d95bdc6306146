"""Named reads of earlier projects and media."""

from collections.abc import Hashable, Sequence

from sqlalchemy import func, select

from blender_event.core.database import db
from blender_event.pitches.models_works import Work

PAGE = 50


def page(number: int = 1) -> Sequence[Work]:
    """One page of works, by name."""
    asked = select(Work).order_by(func.coalesce(func.nullif(Work.title, ""), Work.subject), Work.id)
    return db.session.scalars(asked.limit(PAGE).offset((number - 1) * PAGE)).all()


def number() -> int:
    """How many works there are."""
    return db.session.scalar(select(func.count()).select_from(Work)) or 0


def work(number: int) -> Work | None:
    return db.session.get(Work, number)


def slugs() -> set[str]:
    return set(db.session.scalars(select(Work.slug)))


def every() -> Sequence[Work]:
    """All works, to look through."""
    return db.session.scalars(select(Work).order_by(Work.id)).all()


def stamp() -> tuple[Hashable, ...]:
    """Changes whenever a work does; one statement."""
    row = db.session.execute(select(func.count(), func.sum(Work.id), func.sum(Work.revision))).one()
    return tuple(str(value) for value in row)
