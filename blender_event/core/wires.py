"""Facts announced upward and questions answered from above, connected in `wiring.py`."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Question(Generic[P, R]):
    """Something a package must know but cannot answer itself. Exactly one answer is wired."""

    def __init__(self, words: str) -> None:
        self.words = words
        self._answer: Callable[P, R] | None = None

    def answered_by(self, answer: Callable[P, R]) -> None:
        self._answer = answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._answer is None:
            raise LookupError(f"nobody answers: {self.words}")
        return self._answer(*args, **kwargs)


class Fact(Generic[P]):
    """Something that has happened, told to whoever is wired, within the same transaction."""

    def __init__(self, words: str) -> None:
        self.words = words
        self._listeners: list[Callable[P, object]] = []

    def heard_by(self, listener: Callable[P, object]) -> None:
        if listener not in self._listeners:
            self._listeners.append(listener)

    def announce(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for listener in self._listeners:
            listener(*args, **kwargs)
