"""Files for a spreadsheet, CSV or XLSX: text stays text, whatever somebody typed."""

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from typing import IO

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
LONGEST_CELL = 32_767  # what a cell of a spreadsheet can hold
_CALCULATED = re.compile(r"[\s\x00-\x20]*[=+\-@]|[\t\r\n]")


def as_text(value: str) -> str:
    """A value that no spreadsheet calculates: a quote goes before what begins like a formula, full-width signs too.

    A phone number such as +32 9 123 45 67 keeps its plus and every digit.
    """
    return f"'{value}" if _CALCULATED.match(unicodedata.normalize("NFKC", value[:20])) else value


def as_csv(lines: Iterable[list[str]], title: str = "") -> IO[bytes]:
    """A file for a spreadsheet as it is used in Flanders: semicolons, and a mark that says UTF-8."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([as_text(value) for value in line] for line in lines)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def as_xlsx(lines: Iterable[list[str]], title: str = "") -> IO[bytes]:
    """A workbook of one sheet called `title`, in which every cell is typed as text; written row by row, so that memory stays flat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    plain = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter  # where it is used: loading it takes longer than any page

    workbook = xlsxwriter.Workbook(file, plain)
    sheet = workbook.add_worksheet(title[:31] or None)
    bold = workbook.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines):
        if number == 0:
            sheet.set_column(0, len(line) - 1, 22)
        for place, value in enumerate(line):
            if value:
                sheet.write_string(number, place, value[:LONGEST_CELL], bold if number == 0 else None)
    workbook.close()
    file.seek(0)
    return file


WRITERS: dict[str, Callable[[Iterable[list[str]], str], IO[bytes]]] = {"csv": as_csv, "xlsx": as_xlsx}
