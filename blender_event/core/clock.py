"""The one clock: everything that needs to know what time it is asks here."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC, to the second (calendars know no smaller unit)."""
    return datetime.now(UTC).replace(microsecond=0)


def today(zone: str) -> date:
    """The date it is now in `zone`, an IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()
