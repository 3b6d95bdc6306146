"""The postbox of a newcomer: the letters this app would have sent, to read in the browser. Development only."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template

from blender_event.core.access import developer, open_to
from blender_event.core.headers import personal

bp = Blueprint("postbox", __name__, url_prefix="/dev/postvak")
# A letter brings its own style; nothing in it runs, and nothing is fetched.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """One letter as it was written to a file."""

    number: int
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def sent_at(self) -> datetime:
        return parsedate_to_datetime(self.message["Date"])

    @property
    def language(self) -> str:
        return str(self.message["Content-Language"] or "nl")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [
            (name, str(value)) for name, value in self.message.items() if not name.startswith(("Content-", "MIME-"))
        ]

    @property
    def lines(self) -> list[str]:
        return self._part("plain").splitlines()

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[tuple[str, bytes, str]]:
        """Name, content and whole type of each file that goes along."""
        found: list[Any] = list(self.message.iter_attachments())
        return [
            (part.get_filename() or "bijlage", part.get_payload(decode=True), part["Content-Type"]) for part in found
        ]

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))  # type: ignore[arg-type]
        return part.get_content() if part else ""


@bp.get("")
@open_to(developer)
def overview() -> Response:
    """See which letters went out, the newest first."""
    files = sorted(_folder().glob("*.eml"), reverse=True)[:100]
    return _page("overview", letters=[_read(file) for file in files])


@bp.get("/<int:number>")
@open_to(developer)
def letter(number: int) -> Response:
    """Read one letter's text, with its links and its files."""
    return _page("letter", letter=_posted(number), base_url=current_app.config["BASE_URL"])


@bp.get("/<int:number>/html")
@open_to(developer)
def html(number: int) -> Response:
    """See the letter as most mail programs show it."""
    response = personal(Response(_posted(number).html, content_type="text/html; charset=utf-8"))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@bp.get("/<int:number>/bijlage/<int:place>")
@open_to(developer)
def attachment(number: int, place: int) -> Response:
    """Open a file that came with a letter."""
    files = _posted(number).attachments
    if place >= len(files):
        abort(404)
    name, content, kind = files[place]
    response = personal(Response(content, content_type=kind))
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(name: str, **facts: object) -> Response:
    return personal(Response(render_template(f"pages/postbox_{name}.html", **facts)))


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "mail"


def _posted(number: int) -> Posted:
    file = _folder() / f"{number:08d}.eml"
    if not file.exists():
        abort(404)
    return _read(file)


def _read(file: Path) -> Posted:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Posted(int(file.stem), message)
