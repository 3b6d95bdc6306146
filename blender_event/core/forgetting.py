"""What it means that something was forgotten: how much of what, and which files nobody needs any more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from blender_event.core import storage
from blender_event.core.logs import log


@dataclass(frozen=True, slots=True)
class Gone:
    """So many rows of one kind, of one edition (its slug; empty: of any); `keys` are their stored files."""

    what: str
    amount: int
    edition: str = ""
    keys: Sequence[str] = field(default=())

    def __str__(self) -> str:
        files = f", with {len(self.keys)} files" if self.keys else ""
        return f"{self.edition or 'all editions'}: {self.what}: {self.amount}{files}"


def is_over(last_day: date, kept_for: timedelta, *, zone: str, now: datetime) -> bool:
    """Whether what is kept for so long after its last day may no longer be kept: from the day after, there."""
    return now.astimezone(ZoneInfo(zone)).date() > last_day + kept_for


def remove_files(gone: Sequence[Gone]) -> None:
    """Remove the files of rows that are gone. After the commit: a file that stays behind is found again, a lost one not."""
    for one in gone:
        for key in one.keys:
            try:
                storage.remove(key)
            except Exception as fault:  # noqa: BLE001 - the sweep of files finds it again
                log.warning("file not removed", fault=type(fault).__name__)
