"""The day as one participant sees it: what is for everyone, and where there is something to choose."""

from dataclasses import dataclass
from datetime import datetime

from blender_event.programme.snapshot import Point, Programme


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the day: a session for everyone, a break, or several sessions at the same time."""

    starts_at: datetime
    ends_at: datetime
    point: Point | None = None
    together: int = 0

    @property
    def is_quiet(self) -> bool:
        return self.point is not None and self.point.is_break


def moments(programme: Programme | None, attendance: str) -> list[Moment]:
    """The lines of the day in order. Who takes part online sees what can be followed online."""
    if programme is None:
        return []
    lines: list[Moment] = []
    parallel: dict[datetime, list[Point]] = {}
    for point in programme.points:
        if not point.has_slot or (point.is_cancelled and not point.is_plenary) or not _is_for(point, attendance):
            continue
        assert point.starts_at is not None and point.ends_at is not None
        if point.is_plenary or point.is_break:
            lines.append(Moment(point.starts_at, point.ends_at, point))
        else:
            parallel.setdefault(point.starts_at, []).append(point)
    for starts_at, points in parallel.items():
        ends_at = max(point.ends_at for point in points if point.ends_at is not None)
        lines.append(Moment(starts_at, ends_at, points[0] if len(points) == 1 else None, len(points)))
    return sorted(lines, key=lambda line: (line.starts_at, line.ends_at))


def _is_for(point: Point, attendance: str) -> bool:
    if attendance == "online":
        return point.is_online
    return point.is_onsite or not point.is_online
