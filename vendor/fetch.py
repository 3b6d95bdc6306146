"""Fetch what the pages borrow, copy the chosen files to static/vendor and write down their SHA-384.

Run by `./dev vendor`. Needs npm, and installs fonttools and brotli beside it to cut the font; running and testing the product needs none of these.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
MODULES = HERE / "node_modules"
TARGET = TOP / "static" / "vendor"

# package: (name under static/vendor, files to copy)
COPIES = {
    "@picocss/pico": ("pico", ("css/pico.min.css", "LICENSE.md")),
    "htmx.org": ("htmx", ("dist/htmx.min.js", "LICENSE")),
    "@fontsource/atkinson-hyperlegible-next": ("atkinson", ("LICENSE",)),
}
FONT = "@fontsource/atkinson-hyperlegible-next"
FONT_SOURCE = "files/atkinson-hyperlegible-next-latin-700-normal.woff2"
FONT_FILE = "atkinson-700.woff2"
# Latin without the digits: the display face has a slashed zero, which makes times look like code.
LETTERS = "U+0020-002F,U+003A-007E,U+00A0-017F,U+2010-2015,U+2018-201E,U+2026,U+20AC"


def versions() -> dict[str, str]:
    """The exact version of every package, from package.json."""
    return json.loads((HERE / "package.json").read_text())["dependencies"]


def install() -> None:
    """Let npm fetch the packages without running anything of theirs, and pip the cutter of fonts."""
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"], cwd=HERE, check=True
    )
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "fonttools", "brotli"], check=True)


def copy_files(package: str, version: str) -> None:
    """Copy the chosen files of one package to their own folder, named by version."""
    name, files = COPIES[package]
    folder = TARGET / name / version
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(MODULES / package / file, folder / Path(file).name)


def cut_font(version: str) -> None:
    """Keep the letters of Latin, without digits and hinting, in one small file."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "fontTools.subset",
            str(MODULES / FONT / FONT_SOURCE),
            f"--unicodes={LETTERS}",
            "--flavor=woff2",
            "--layout-features=kern,liga,ccmp,locl,mark,mkmk",
            "--no-hinting",
            f"--output-file={TARGET / COPIES[FONT][0] / version / FONT_FILE}",
        ],
        check=True,
    )


def sha384(file: Path) -> str:
    """The hash as subresource integrity writes it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()


def write_list() -> None:
    """Write vendor.json: every copied file with its hash."""
    files = sorted(file for file in TARGET.rglob("*") if file.is_file() and file.name != "vendor.json")
    listed = {str(file.relative_to(TARGET)): sha384(file) for file in files}
    (TARGET / "vendor.json").write_text(json.dumps(listed, indent=2) + "\n")


def main() -> None:
    install()
    shutil.rmtree(TARGET, ignore_errors=True)
    for package, version in versions().items():
        copy_files(package, version)
    cut_font(versions()[FONT])
    write_list()


if __name__ == "__main__":
    main()
