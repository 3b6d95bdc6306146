"""Editions and sessions as schema.org events, for search engines. Only what is public; a missing fact is left out."""

from typing import Any

from blender_event.core import links
from blender_event.programme.models import Edition
from blender_event.programme.snapshot import Point

_STATUS = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}
_CONTEXT = "https://schema.org"


def edition(row: Edition, name: str, language: str) -> dict[str, Any]:
    """The day as an Event: its hours when they are known, else its dates."""
    return _known(
        {"@context": _CONTEXT}
        | _edition(row, name, language)
        | {
            "description": row.motto,
            "organizer": _known({"@type": "Organization", "name": row.organiser_name}, "name"),
            "inLanguage": "nl",
        }
    )


def session(point: Point, row: Edition, name: str, language: str) -> dict[str, Any]:
    """A session as an Event within its edition. `name` is the edition's."""
    where = point.room.name if point.room else ""
    return _known(
        {
            "@context": _CONTEXT,
            "@type": "Event",
            "name": point.title,
            "url": links.address("programme.session_page", language=language, edition=row.slug, session=point.slug),
            "description": point.abstract,
            "startDate": point.starts_at.isoformat() if point.starts_at else "",
            "endDate": point.ends_at.isoformat() if point.ends_at else "",
            "inLanguage": point.language,
            "eventStatus": _status("cancelled" if point.is_cancelled else row.status),
            "eventAttendanceMode": _attendance(point.is_onsite, point.is_online),
            "location": _place(row, where),
            "performer": [{"@type": "Person", "name": voice.name} for voice in point.speakers],
            "superEvent": _edition(row, name, language),
        }
    )


def _edition(row: Edition, name: str, language: str) -> dict[str, Any]:
    starts, ends = row.starts_at, row.ends_at
    return _known(
        {
            "@type": "Event",
            "name": name,
            "url": links.address("programme.edition_page", language=language, edition=row.slug),
            "startDate": (starts or row.starts_on).isoformat(),
            "endDate": (ends or row.ends_on).isoformat(),
            "eventStatus": _status(row.status),
            "eventAttendanceMode": _attendance(row.offers_onsite, row.offers_online)
            if row.registration_mode == "own"
            else "",
            "location": _place(row),
        }
    )


def _place(row: Edition, room: str = "") -> dict[str, Any]:
    address = _known(
        {
            "@type": "PostalAddress",
            "streetAddress": row.street,
            "postalCode": row.postcode,
            "addressLocality": row.city,
            "addressCountry": row.country if row.city else "",
        },
        "addressLocality",
    )
    name = ", ".join(part for part in (room, row.venue_name or row.city) if part)
    return _known({"@type": "Place", "name": name, "address": address}, "name")


def _status(status: str) -> str:
    return f"{_CONTEXT}/{_STATUS.get(status, 'EventScheduled')}"


def _attendance(onsite: bool, online: bool) -> str:
    kind = "Mixed" if onsite and online else "Online" if online else "Offline" if onsite else ""
    return f"{_CONTEXT}/{kind}EventAttendanceMode" if kind else ""


def _known(facts: dict[str, Any], needed: str = "") -> dict[str, Any]:
    """The facts that are known; nothing at all when the one that is needed is not."""
    if needed and not facts.get(needed):
        return {}
    return {name: value for name, value in facts.items() if value}
