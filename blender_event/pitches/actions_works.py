"""Add, change and remove earlier projects and media, for “bestaat dit al?”."""

from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import clock, text
from blender_event.core.database import db
from blender_event.people.models import Person
from blender_event.pitches import queries_works
from blender_event.pitches.models_works import Work
from blender_event.programme.actions import plain, write

WORK_WORDS = frozenset("kind title subject description people organisation year medium url".split())


def add_work(*, words: dict[str, Any], by: Person | None) -> Work:
    """A new project or media item; its slug is made once and stays."""
    work = Work(revision=0, created_at=clock.now())
    write(work, words, WORK_WORDS)
    wanted = text.slug(work.name, 50) or text.code()
    work.slug = wanted if wanted not in queries_works.slugs() else f"{wanted}-{text.code(6)}"
    _find(work)
    db.session.add(work)
    audit.note("work added", work, by=by, new={"title": work.name})
    return work


def change_work(work: Work, *, words: dict[str, Any], seen: int, by: Person) -> None:
    """Write it anew. Raises `Conflict` if somebody changed it since `seen`."""
    work.expect(seen)
    old, new = write(work, words, WORK_WORDS)
    if not new:
        return
    _find(work)
    audit.note("work changed", work, by=by, old=plain(old), new=plain(new))


def remove_work(work: Work, *, by: Person) -> None:
    audit.note("work removed", work, by=by, old={"title": work.name})
    db.session.delete(work)


def _find(work: Work) -> None:
    work.search_text = text.folded(f"{work.title} {work.subject} {work.description}")
