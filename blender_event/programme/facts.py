"""What the programme announces to those above it, and what it asks them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from blender_event.core.wires import Fact, Question

if TYPE_CHECKING:
    from blender_event.programme.changes import Change
    from blender_event.programme.models import Edition, Release, Speaker
    from blender_event.programme.rules import Clash


@dataclass(frozen=True, slots=True)
class Seats:
    """Places taken, offered (None: no limit) and waited for, on site and online."""

    onsite_taken: int = 0
    onsite_capacity: int | None = None
    onsite_waiting: int = 0
    online_taken: int = 0
    online_capacity: int | None = None
    online_waiting: int = 0

    def left(self, attendance: str) -> int | None:
        """Places left for `onsite` or `online`; None means no limit. Never below zero."""
        capacity = self.onsite_capacity if attendance == "onsite" else self.online_capacity
        taken = self.onsite_taken if attendance == "onsite" else self.online_taken
        return None if capacity is None else max(0, capacity - taken)


seats: "Question[[Edition], Seats]" = Question("how many places are taken in this edition?")
OpenCalls = tuple[tuple[str, datetime | None], ...]
open_calls: "Question[[Edition, datetime], OpenCalls]" = Question(
    "which calls of this edition take pitches at this moment: their titles, and when they close?"
)
attendees_concerned: "Question[[Edition, list[Change]], int]" = Question(
    "how many attendees would be told of these changes?"
)
lost: "Question[[Edition], list[Clash]]" = Question("which sessions have lost what they were made from?")
released: "Fact[[Edition, Release, list[Change]]]" = Fact("a programme was released, and people are to be told")
takes_place_again: "Fact[[Edition]]" = Fact("an edition that was cancelled takes place after all")
edition_changed: "Fact[[Edition, list[str]]]" = Fact(
    "the day itself changed: date, place, cancelled, postponed, reopened; people are to be told"
)
speaker_confirmed: "Fact[[Speaker]]" = Fact("a speaker says they come")
