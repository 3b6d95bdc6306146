"""A word of its own in every text of every row of some tables and in every stored file, and where those words come out."""

import io
import itertools
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import String, Text

from blender_event.core import storage
from blender_event.core.database import Base, db

WORD = re.compile(rb"zq\d{5}x", re.IGNORECASE)
ADDRESSES = {"email", "email_key"}
FILES = {"pitch_files", "material_versions", "previews", "portraits"}
# Codes with meanings of their own, or words that are made from others; looked for in other ways or not at all.
FIXED = {
    "slug",
    "uid",
    "code",
    "status",
    "pending",
    "kind",
    "role",
    "language",
    "advice",
    "judged_by",
    "made_by",
    "stage",
}
FIXED |= {
    "audience_group",
    "format_slug",
    "scanned",
    "preview",
    "publish",
    "accessible",
    "licence",
    "media_type",
    "sha256",
}
FIXED |= {"storage_key", "portrait_code", "search_text"}


@dataclass(frozen=True)
class Where:
    """One text of one row, or (column `content`) the bytes of its file."""

    table: str
    row: int
    column: str

    @property
    def field(self):
        return f"{self.table}.{self.column}"


class Canaries:
    """Every text of the tables named is replaced by a word nothing else holds."""

    def __init__(self, tables):
        self.words, self._numbers = {}, itertools.count(1)
        with db.engine.begin() as connection:
            for table in (Base.metadata.tables[name] for name in tables):
                for row in connection.execute(table.select()).mappings().all():
                    values = {
                        column.name: self._value(table, column, row) for column in free(table) if fits(column, row)
                    }
                    if values:
                        connection.execute(table.update().where(table.c.id == row["id"]).values(values))
                    if table.name in FILES:
                        size = self._fill(table.name, row)
                        connection.execute(table.update().where(table.c.id == row["id"]).values(size=size))
        db.session.expire_all()

    def _value(self, table, column, row):
        word = self._word(table.name, row["id"], column.name)
        if column.name in ADDRESSES:
            return f"{word}@example.org"
        if column.name == "url":
            return f"https://{word}.example.org/"
        return f"<p>{word}</p>" if column.name.endswith("_html") else word

    def _word(self, *place):
        word = f"zq{next(self._numbers):05}x"
        self.words[word] = Where(*place)
        return word

    def _fill(self, table, row):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "file"
            size = file.write_bytes(f"%PDF-1.4 {self._word(table, row['id'], 'content')}".encode())
            storage.save(row["storage_key"], file)
        return size

    def in_bytes(self, body):
        """The places whose words stand in these bytes; a packed file is unpacked."""
        return {self.words[found.decode().lower()] for found in WORD.findall(unpacked(body))}


def free(table):
    """The columns somebody's words stand in."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | Text) and column.name not in FIXED and not column.name.endswith("_version")
    ]


def fits(column, row):
    """Empty texts get a word too; what is not there at all, or has another meaning when it is, stays as it is."""
    return row[column.name] is not None and (row[column.name] != "" or column.name != "url")


def unpacked(body):
    if body[:2] != b"PK":
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return b"".join(name.encode() + unpacked(packed.read(name)) for name in packed.namelist())
