"""A registration as a calendar entry: the same one in the personal feed and in letters."""

import uuid

from blender_event.core.ics import Entry
from blender_event.programme import entries as programme_entries
from blender_event.programme.models import Edition
from blender_event.registrations.models import Registration


def day(registration: Registration, edition: Edition, language: str) -> Entry | None:
    """The day somebody has a place in; None while they never had one.

    The identity is stable and says nothing about the person; the sequence is that of the edition plus the
    registration's own, so it goes up when either changes and never down. The link to join online is only for
    those who take part online.
    """
    if registration.confirmed_at is None:
        return None
    online = registration.attendance == "online" and registration.status == "confirmed"
    return programme_entries.day(
        edition,
        language,
        uid=uid(registration, edition),
        sequence=registration.sequence,
        changed_at=registration.calendar_changed_at,
        cancelled=registration.status == "cancelled",
        join_url=edition.join_url if online else "",
    )


def uid(registration: Registration, edition: Edition) -> str:
    """The identity of this registration's entry, made from two identities that never change."""
    return str(uuid.uuid5(uuid.UUID(edition.uid), f"registration {registration.id}"))
