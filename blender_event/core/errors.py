"""How a rule says no: problems beside fields, conflicts, and what is not there."""

from collections.abc import Iterable
from dataclasses import dataclass

from blender_event.core.text import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why something may not be, in the reader's words, beside the field that can mend it."""

    message: Words
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class RuleBroken(Exception):
    """Something that may not be was asked; nothing has changed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class Conflict(Exception):
    """Somebody else was faster: `row` no longer is what the person saw."""

    def __init__(self, row: object) -> None:
        super().__init__("changed by somebody else")
        self.row = row


class Repeated(Exception):
    """A one-time key was used before with the same content; `result` is what it led to."""

    def __init__(self, result: str) -> None:
        super().__init__("done before")
        self.result = result


class KeyReused(Exception):
    """A one-time key was used before with other content."""


def require(*answers: Problem | Iterable[Problem] | None) -> None:
    """Go on only if no rule objects. Raises `RuleBroken` with every problem at once."""
    problems: list[Problem] = []
    for answer in answers:
        if isinstance(answer, Problem):
            problems.append(answer)
        elif answer is not None:
            problems.extend(answer)
    if problems:
        raise RuleBroken(*problems)
