"""Make the Dutch catalogue: merge parts/*.po into messages.po, compile it, list what has no Dutch.

Run by `./dev i18n`; it stands alone (only Babel and Jinja) so that it works while the app itself does not.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
PARTS = HERE / "parts"
SOURCE = HERE / "nl" / "LC_MESSAGES" / "messages.po"
COMPILED = SOURCE.with_suffix(".mo")

KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "counted": (1, 2)}
SOURCES = (
    ("blender_event", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]),
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# A fixed moment keeps the catalogue byte-identical when no message changed.
MOMENT = datetime(2026, 11, 22, tzinfo=timezone.utc)

Key = tuple[str | None, str]


def key(message: Message) -> Key:
    """What identifies a message: its context and its (first) English words."""
    words = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, words


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The singular, or the singular and the plural."""
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def faults_of(message: Message, where: str) -> Iterator[str]:
    """What is wrong with one translation: no Dutch, or placeholders that differ from the English ones."""
    english, dutch = forms(message.id), forms(message.string)
    if message.fuzzy:
        yield f"{where}: {english[0]!r} is marked fuzzy"
    if not all(dutch):
        yield f"{where}: {english[0]!r} has no Dutch"
        return
    known = set(PLACEHOLDER.findall(" ".join(english)))
    used = set(PLACEHOLDER.findall(" ".join(dutch)))
    if known != used:
        yield f"{where}: {english[0]!r} has placeholders {sorted(known)}, the Dutch {sorted(used)}"


def merge(parts: list[Path]) -> tuple[Catalog, list[str]]:
    """One catalogue from all parts, and the faults found; the first part that has a message wins."""
    merged = Catalog(
        locale="nl",
        project="Blender",
        version="1",
        copyright_holder="Blender",
        creation_date=MOMENT,
        revision_date=MOMENT,
        last_translator="Blender <blender@example.org>",
        language_team="nl-BE",
        msgid_bugs_address="blender@example.org",
        fuzzy=False,
    )
    merged.header_comment = "# Dutch (Flanders) of Blender. Made by ./dev i18n from parts/*.po; edit those."
    faults: list[str] = []
    said_in: dict[Key, str] = {}
    for part in parts:
        try:
            catalog = read_po(io.BytesIO(part.read_bytes()), locale="nl", abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            faults.append(f"{part.name}: cannot be read: {error}")
            continue
        for message in catalog:
            if not message.id:
                continue
            faults.extend(faults_of(message, part.name))
            there = merged.get(forms(message.id)[0], message.context)
            if there is None:
                merged.add(message.id, message.string, context=message.context)
                said_in[key(message)] = part.name
            elif there.string != message.string:
                faults.append(
                    f"{part.name}: {key(message)[1]!r} is {message.string!r}, "
                    f"in {said_in[key(message)]} {there.string!r}"
                )
    return merged, faults


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The bytes of the .po and of the .mo."""
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, catalog, width=120, sort_output=True, no_location=True)
    write_mo(compiled, catalog)
    lines = source.getvalue().splitlines(keepends=True)
    # The version of Babel would change the file without changing a word.
    return b"".join(line for line in lines if b"Generated-By" not in line), compiled.getvalue()


def used() -> dict[Key, str]:
    """Every message used in code and templates, with one place where it is used."""
    found: dict[Key, str] = {}
    for folder, methods in SOURCES:
        if not (TOP / folder).is_dir():
            continue
        for name, line, words, _comments, context in extract_from_dir(
            TOP / folder, methods, keywords=KEYWORDS, options_map={"**.*": {"silent": "false"}}
        ):
            first = words if isinstance(words, str) else words[0]
            if first:
                found.setdefault((context, first), f"{folder}/{name}:{line}")
    return found


def compare(catalog: Catalog) -> tuple[list[str], list[str]]:
    """The messages used without Dutch, and the Dutch that nothing uses."""
    wanted = used()
    have = {key(message) for message in catalog if message.id}
    missing = [f"{where}: {words!r}" for (context, words), where in wanted.items() if (context, words) not in have]
    return sorted(missing), sorted(repr(words) for context, words in have - wanted.keys())


def replace(path: Path, content: bytes) -> None:
    """Write a file at once, so that a reader never meets half a catalogue."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def main() -> int:
    """Merge and compile; exit 1 with one line per fault."""
    parser = argparse.ArgumentParser(prog="./dev i18n", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--missing", action="store_true", help="also list messages used without Dutch (exit 1 if any)")
    parser.add_argument("--unused", action="store_true", help="also list Dutch that nothing uses")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when it is not up to date")
    wish = parser.parse_args()

    catalog, faults = merge(sorted(PARTS.glob("*.po")))
    source, compiled = written(catalog)
    if wish.check:
        for path, wanted in ((SOURCE, source), (COMPILED, compiled)):
            if not path.exists() or path.read_bytes() != wanted:
                faults.append(f"{path.name} is not what the parts say: run ./dev i18n")
    else:
        replace(SOURCE, source)
        replace(COMPILED, compiled)

    missing, unused = compare(catalog) if wish.missing or wish.unused else ([], [])
    lines = faults + ([f"no Dutch: {line}" for line in missing] if wish.missing else [])
    lines += [f"not used: {line}" for line in unused] if wish.unused else []
    for line in lines:
        print(line)
    print(f"{len(catalog)} messages in Dutch.", file=sys.stderr)
    return 1 if faults or (wish.missing and missing) else 0


if __name__ == "__main__":
    sys.exit(main())
