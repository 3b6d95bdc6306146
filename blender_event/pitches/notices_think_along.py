"""The letter to who wants to think along with a pitch."""

from blender_event.core import links
from blender_event.mail import outbox
from blender_event.pitches.models import Interest, Pitch


def interest_received(interest: Interest, pitch: Pitch, *, again: bool) -> None:
    """We have it, and what happens with it. Of what was typed only the name: anybody could have typed this address."""
    outbox.put(
        kind="interest_received",
        to_email=interest.email,
        to_name=interest.name,
        language=interest.language,
        edition=pitch.edition,
        key=f"interest_received:{interest.id}",
        about=f"pitch_interests:{interest.id}",
        facts={
            "title": pitch.title,
            "again": again,
            "address": links.address(
                "pitches.one", language=interest.language, edition=pitch.edition.slug, pitch=pitch.slug
            ),
        },
    )
