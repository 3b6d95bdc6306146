"""SQL statements: one for a kept public page or feed, and as many for thirty rows as for one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from bench import floors
from bench.servers import TOP, Installation
from bench.table import Row


def statements(installation: Installation, cached: list[str], one: str, thirty: str) -> Iterator[Row]:
    """Counted inside the app's own process."""
    link = installation.blender("organiser", "invite", "ada@example.org").strip().split()[-1]
    done = subprocess.run(
        [sys.executable, "-m", "bench.statements", link, *cached, "--", one, thirty],
        env=installation.environment(), cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"counting statements failed:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    for row in found["cached"]:
        count = row["statements"]
        held = count == floors.STATEMENTS_CACHED
        yield Row("SQL statements of a kept answer", f"{count}", f"= {floors.STATEMENTS_CACHED}", held, row["path"])
    both = [row for row in found["lists"] if row["one"] is not None and row["thirty"] is not None]
    uneven = [row for row in both if row["one"] != row["thirty"]]
    most = max(both, key=lambda row: row["thirty"])
    detail = "; ".join(f"{row['path']}: {row['one']} and {row['thirty']}" for row in uneven)
    yield Row(
        f"lists with as many statements for 30 rows as for 1 ({len(both)})", f"{len(both) - len(uneven)}", f"= {len(both)}",
        not uneven, detail or f"most: {most['thirty']}, {most['path']}",
    )  # fmt: skip
