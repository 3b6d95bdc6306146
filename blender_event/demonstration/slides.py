"""Small slides for the demonstration: a PDF with large lines on pages of 16 by 9, made here so that no file has to be kept."""

import textwrap
from collections.abc import Sequence

WIDTH, HEIGHT = 960, 540
_SIZE, _LINE, _FIT = 44, 56, 36  # of the letters, of a line, and how many letters fit on it
_PAPER, _INK, _ACCENT = "0.98 0.97 0.94", "0.09 0.13 0.20", "0.00 0.35 0.37"


def pdf(pages: Sequence[str], title: str) -> bytes:
    """A PDF 1.4 with one page for each text (ISO 32000-1, 7.5: header, objects, table of places, trailer)."""
    places = [6 + 2 * number for number in range(len(pages))]
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nl) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{place} 0 R' for place in places)}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + _escaped(title) + b") >>",
        b"<< /Font << /F1 3 0 R >> >>",
    ]
    for number, (place, words) in enumerate(zip(places, pages, strict=True)):
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources 5 0 R /Contents {place + 1} 0 R"
        drawing = _drawing(words, number + 1)
        bodies.append(f"<< /Type /Page /Parent 2 0 R {box} >>".encode())
        bodies.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing))
    return _put_together(bodies)


def _drawing(words: str, number: int) -> bytes:
    lines = textwrap.wrap(words, _FIT)
    top = (HEIGHT + _LINE * len(lines)) // 2 - _SIZE
    shown = b"".join(b"(%b) Tj T* " % _escaped(line) for line in lines)
    paper = f"{_PAPER} rg 0 0 {WIDTH} {HEIGHT} re f {_ACCENT} rg 0 0 24 {HEIGHT} re f {_INK} rg "
    text = f"BT /F1 {_SIZE} Tf {_LINE} TL 84 {top} Td ".encode() + shown + b"ET "
    return paper.encode() + text + f"BT /F1 18 Tf {WIDTH - 70} 34 Td ({number}) Tj ET".encode()


def _escaped(words: str) -> bytes:
    """Words as a string of the file: its own letters, with brackets and backslashes told apart."""
    plain = words.encode("cp1252", "replace")
    return plain.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _put_together(bodies: Sequence[bytes]) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (len(bodies) + 1, table, end)
