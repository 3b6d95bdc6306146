"""Rows of the result and how they are printed and kept."""

from __future__ import annotations

import json
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, what it gave, what it had to give, and whether it did (None: not measured)."""

    what: str
    measured: str
    floor: str
    held: bool | None
    detail: str = ""

    @property
    def verdict(self) -> str:
        return {True: "ok", False: "MISSED", None: "–"}[self.held]


def at_least(what: str, value: float, floor: float, *, unit: str, detail: str = "") -> Row:
    return Row(what, f"{value:.3f} {unit}", f"≥ {floor:g}", value >= floor, detail)


def at_most(what: str, value: float, floor: float, *, unit: str, detail: str = "") -> Row:
    return Row(what, f"{value:.1f} {unit}".strip(), f"≤ {floor:g}", value <= floor, detail)


def show(row: Row) -> None:
    print(f"{row.what:<58} {row.measured:>16}  {row.floor:>8}  {row.verdict:<6}  {row.detail}", flush=True)


def heading(text: str) -> None:
    print(f"\n{text}", flush=True)


def keep(rows: list[Row], folder: Path, seconds: float) -> Path:
    """Write the rows as JSON, to compare one run with another."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{time.strftime('%Y-%m-%d-%H%M%S')}.json"
    about = {"python": sys.version.split()[0], "machine": platform.machine(), "seconds": round(seconds)}
    file.write_text(json.dumps(about | {"rows": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1) + "\n")
    return file
