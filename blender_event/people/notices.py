"""The letters about access: a link to sign in, and an invitation."""

from typing import Any

from blender_event.core.links import Purpose
from blender_event.mail import outbox
from blender_event.people.models import Person, Role, SignInLink


def sign_in(to_email: str, person: Person, link: SignInLink, *, language: str, minutes: int) -> None:
    """A link to sign in, to the address somebody typed, when it is that of a person with access."""
    outbox.put(
        kind="sign_in",
        to_email=to_email,
        to_name=person.name,
        language=language,
        about=f"people:{person.id}",
        facts={"name": person.name, "link": outbox.link(Purpose.SIGN_IN, link.id), "minutes": minutes},
    )


def invitation(role: Role, link: SignInLink, *, edition: Any | None, by: Person, days: int) -> None:
    """What somebody may do from now on, who gave it, and the link to begin."""
    person = role.person
    outbox.put(
        kind="invitation",
        to_email=person.email or "",
        to_name=person.name,
        language=person.language,
        edition=edition,
        about=f"people:{person.id}",
        facts={
            "name": person.name,
            "by": by.name,
            "kind": role.kind,
            "edition_title": edition.title if edition is not None else "",
            "link": outbox.link(Purpose.SIGN_IN, link.id),
            "days": days,
        },
    )
