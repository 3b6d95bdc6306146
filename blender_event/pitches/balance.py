"""Whether a choice of pitches is balanced: how many were sent in and how many are chosen, by group, sector and theme."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blender_event.core.text import Words, _
from blender_event.pitches import labels, rules
from blender_event.programme import labels_people


@dataclass(frozen=True, slots=True)
class Share:
    """One row of the chart: what it is, how many were sent in, and how many of those are chosen."""

    label: Words
    sent: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The three charts, and the totals they are parts of."""

    sent: int
    chosen: int
    groups: list[Share]
    sectors: list[Share]
    themes: list[Share]


def is_chosen(status: str, pending: str | None) -> bool:
    """Accepted and told, or decided so."""
    return status in rules.CHOSEN or pending == "accepted"


def of(rows: Iterable[Any]) -> Balance:
    """The balance of rows of (status, pending, group, sectors, themes). The five groups always show, also with nobody."""
    total: Counter[str] = Counter()
    groups: dict[str, Counter[str]] = {"sent": Counter(), "chosen": Counter()}
    sectors: dict[str, Counter[str]] = {"sent": Counter(), "chosen": Counter()}
    themes: dict[str, Counter[str]] = {"sent": Counter(), "chosen": Counter()}
    for row in rows:
        for series in ("sent", "chosen") if is_chosen(row.status, row.pending) else ("sent",):
            total[series] += 1
            groups[series][row.group] += 1
            sectors[series].update(row.sectors)
            themes[series].update(row.themes)
    return Balance(
        total["sent"],
        total["chosen"],
        _shares(groups, labels_people.GROUPS, always=labels_people.FIVE_GROUPS),
        _shares(sectors, labels_people.SECTORS),
        _shares(themes, labels.THEMES),
    )


def _shares(found: dict[str, Counter[str]], words: Mapping[str, Words], always: Iterable[str] = ()) -> list[Share]:
    """In the order of the list; what is not on it comes last, and who said nothing after that."""
    shown = {*always, *found["sent"]}
    codes = [code for code in words if code in shown] + sorted(code for code in shown if code and code not in words)
    shares = [Share(words.get(code, code), found["sent"][code], found["chosen"][code]) for code in codes]
    if "" in shown:
        shares.append(Share(_("not said"), found["sent"][""], found["chosen"][""]))
    return shares
