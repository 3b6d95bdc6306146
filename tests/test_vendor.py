"""What the pages borrow from others is exactly what was fetched and looked at."""

import base64
import hashlib
import json
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENDOR = TOP / "static" / "vendor"
LISTED = json.loads((VENDOR / "vendor.json").read_text())


def sha384(path):
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_every_borrowed_file_is_the_one_that_was_listed():
    changed = {name for name, wanted in LISTED.items() if sha384(VENDOR / name) != wanted}

    assert changed == set()


def test_nothing_stands_beside_the_listed_files():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"vendor.json"}

    assert there == set(LISTED)


def test_every_borrowed_package_brings_its_licence():
    packages = {name.rsplit("/", 1)[0] for name in LISTED}

    assert [
        package
        for package in sorted(packages)
        if not any(f"{package}/LICENSE{end}" in LISTED for end in ("", ".md", ".txt"))
    ] == []


def test_versions_of_borrowed_packages_stand_in_the_folder_names():
    wanted = json.loads((TOP / "vendor" / "package.json").read_text())["dependencies"]

    assert sorted(wanted.values()) == sorted({name.split("/")[1] for name in LISTED})
