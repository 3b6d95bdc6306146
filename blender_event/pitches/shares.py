"""Who judges which pitch when the work is shared: by theme, or evenly. Pure: numbers in, numbers out."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Juror:
    """A judge as sharing sees them. `own` are pitches they sent in themselves, `near` those of where they work."""

    id: int
    themes: frozenset[str] = frozenset()
    own: frozenset[int] = frozenset()
    near: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """A pitch as sharing sees it, with the judges (ids) it has already, and those who said it is not for them."""

    id: int
    themes: frozenset[str] = frozenset()
    has: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


@dataclass(slots=True)
class Plan:
    """Who gets what besides what they have. `near` are pairs where judge and pitch come from one organisation."""

    gives: dict[int, list[int]] = field(default_factory=dict)  # pitch → judges it gets
    short: dict[int, int] = field(default_factory=dict)  # pitch → how many judges it still lacks
    near: list[tuple[int, int]] = field(default_factory=list)  # (pitch, judge)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every (pitch, judge) the plan adds, in order."""
        return [(pitch, judge) for pitch, judges in sorted(self.gives.items()) for judge in sorted(judges)]

    def load(self) -> dict[int, int]:
        """How many pitches each judge gets."""
        found: dict[int, int] = {}
        for _pitch, judge in self.pairs:
            found[judge] = found.get(judge, 0) + 1
        return found


def may_judge(juror: Juror, work: Work) -> bool:
    """Never one's own pitch, nor one they gave back; with themes only what shares one."""
    fits = not juror.themes or bool(juror.themes & work.themes)
    return fits and work.id not in juror.own and juror.id not in work.refused


def by_theme(works: Sequence[Work], jurors: Sequence[Juror]) -> Plan:
    """Each judge with themes gets every pitch that shares one, except one's own and those of one's own organisation."""
    plan = Plan()
    for work in works:
        fitting = [one for one in jurors if one.themes and one.id not in work.has and may_judge(one, work)]
        plan.near += [(work.id, one.id) for one in fitting if work.id in one.near]
        given = [one.id for one in fitting if work.id not in one.near]
        if given:
            plan.gives[work.id] = given
        if not given and not work.has:
            plan.short[work.id] = 1
    return plan


def evenly(works: Sequence[Work], jurors: Sequence[Juror], *, each: int, load: Mapping[int, int]) -> Plan:
    """Every pitch gets judges up to `each` in all, and the load is as even as it can be.

    `load` is what each judge has already. A judge of the same organisation is taken only where others are too few.
    The loads differ by at most one whenever any sharing of the same size does: no exchange could make them more even.
    """
    plan = Plan()
    loads = {juror.id: load.get(juror.id, 0) for juror in jurors}
    free: dict[int, list[int]] = {}  # pitch → judges it could have besides those it gets for certain
    chosen: dict[int, set[int]] = {}
    for work in works:
        certain, options, number = _wanted(work, jurors, each)
        _give(plan, work, certain, loads)
        free[work.id], chosen[work.id] = options, set()
        for _place in range(number):
            lightest = min((one for one in options if one not in chosen[work.id]), key=lambda one: (loads[one], one))
            chosen[work.id].add(lightest)
            loads[lightest] += 1
        lacking = each - len(work.has) - len(certain) - number
        if lacking > 0:
            plan.short[work.id] = lacking
    _even_out(free, chosen, loads)
    for number, judges in chosen.items():
        if judges:
            plan.gives[number] = sorted({*plan.gives.get(number, []), *judges})
    near = {juror.id: juror.near for juror in jurors}
    plan.near = [(pitch, judge) for pitch, judge in plan.pairs if pitch in near[judge]]
    return plan


def _wanted(work: Work, jurors: Sequence[Juror], each: int) -> tuple[list[int], list[int], int]:
    """Judges this pitch gets for certain, those to choose from, and how many of these."""
    fitting = [one for one in jurors if one.id not in work.has and may_judge(one, work)]
    far = [one.id for one in fitting if work.id not in one.near]
    near = [one.id for one in fitting if work.id in one.near]
    number = max(each - len(work.has), 0)
    if len(far) >= number:
        return [], far, number
    return far, near, min(number - len(far), len(near))


def _give(plan: Plan, work: Work, judges: Iterable[int], loads: dict[int, int]) -> None:
    for judge in judges:
        plan.gives.setdefault(work.id, []).append(judge)
        loads[judge] += 1


def _even_out(free: Mapping[int, list[int]], chosen: dict[int, set[int]], loads: dict[int, int]) -> None:
    """Hand pitches on from heavy to light judges, over others where needed, until no chain of exchanges helps."""
    while True:
        for heavy in sorted(loads, key=lambda one: (-loads[one], one)):
            chain = _chain(heavy, free, chosen, loads)
            if chain:
                break
        else:
            return
        for pitch, giver, taker in chain:
            chosen[pitch].remove(giver)
            chosen[pitch].add(taker)
        loads[heavy] -= 1
        loads[chain[-1][2]] += 1


def _chain(
    heavy: int, free: Mapping[int, list[int]], chosen: Mapping[int, set[int]], loads: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The shortest chain of (pitch, giver, taker) from `heavy` to somebody with at least two less; empty when none."""
    held: dict[int, list[int]] = {}
    for pitch, judges in chosen.items():
        for judge in judges:
            held.setdefault(judge, []).append(pitch)
    came: dict[int, tuple[int, int]] = {}
    seen, line = {heavy}, deque([heavy])
    while line:
        giver = line.popleft()
        for pitch in held.get(giver, []):
            for taker in free[pitch]:
                if taker in seen or taker in chosen[pitch]:
                    continue
                seen.add(taker)
                came[taker] = (pitch, giver)
                if loads[taker] <= loads[heavy] - 2:
                    return _back(taker, heavy, came)
                line.append(taker)
    return []


def _back(taker: int, heavy: int, came: Mapping[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The exchanges from `heavy` to `taker`, in order."""
    steps: list[tuple[int, int, int]] = []
    while taker != heavy:
        pitch, giver = came[taker]
        steps.append((pitch, giver, taker))
        taker = giver
    return steps[::-1]
