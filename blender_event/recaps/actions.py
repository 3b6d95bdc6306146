"""Write, publish and withdraw the recap of an edition."""

from typing import Any

from blender_event.audit import actions as audit
from blender_event.core import clock, markdown
from blender_event.core.database import db
from blender_event.people.models import Person
from blender_event.programme import queries as programme
from blender_event.programme.models import Edition
from blender_event.recaps import queries
from blender_event.recaps.models import Recap


def write(edition: Edition, *, words: dict[str, Any], seen: int, publish: bool, by: Person | None) -> Recap:
    """Write the recap anew; Markdown becomes safe HTML here, once. Raises `Conflict` if somebody changed it since `seen`.

    A published recap is public at once; its first moment of publication stays.
    """
    programme.lock(edition)
    recap = queries.recap_of(edition)
    fresh = recap is None
    if recap is None:
        recap = Recap(edition_id=edition.id, revision=0)
        db.session.add(recap)
    recap.expect(seen)
    for name, value in words.items():
        setattr(recap, name, value)
    recap.body_html, recap.call_html = markdown.html(recap.body), markdown.html(recap.call)
    recap.changed_at = clock.now()
    if publish:
        recap.published_at = recap.published_at or clock.now()
    was_public, edition.has_recap = edition.has_recap, recap.published_at is not None
    if was_public or edition.has_recap:
        edition.shown_changed()
    audit.note(
        "recap written" if fresh else "recap changed",
        recap,
        by=by,
        new={"title": recap.title, "published": edition.has_recap},
    )
    return recap


def withdraw(recap: Recap, edition: Edition, *, by: Person) -> None:
    """Take a published recap offline; the words stay."""
    programme.lock(edition)
    if recap.published_at is None:
        return
    recap.published_at = None
    edition.has_recap = False
    edition.shown_changed()
    audit.note("recap withdrawn", recap, by=by)
