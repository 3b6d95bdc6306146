"""What every template can say: versioned static addresses, dates in the edition's zone, and language links."""

import hashlib
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, Response, current_app, has_request_context, request, send_from_directory
from flask_babel import get_locale
from jinja2 import FileSystemBytecodeCache

from blender_event.core import markdown, uploads
from blender_event.core.access import everyone, open_to

_BRACES = re.compile(r"\{([a-z_]+)\}")


def language() -> str:
    """The language of this page: `nl`, or `en` under /en. Outside a request (worker, command): Dutch."""
    if not has_request_context():
        return "nl"
    return "en" if request.script_root.endswith("/en") else "nl"


def other_language_url() -> str:
    """This same page in the other language, root-relative."""
    root = request.script_root
    path = request.path
    if root.endswith("/en"):
        return root[:-3] + path
    return f"{root}/en{path}".rstrip("/") or "/"


def day(value: date | datetime, zone: str | None = None, style: str = "full") -> str:
    """A date in words: “donderdag 18 maart 2027”. `style`: full, long (no weekday) or short (“18 maart”)."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or "Europe/Brussels")).date()
    locale = get_locale() or "nl"
    english = str(locale) == "en"
    patterns = {"full": "EEEE d MMMM y", "long": "d MMMM y", "short": "d MMMM", "weekday": "EEEE"}
    return format_date(value, patterns[style], locale="en_GB" if english else "nl_BE")


def hour(value: datetime, zone: str | None = None) -> str:
    """A time of day as the field writes it: 9.30 in Dutch, 9:30 in English, in `zone`."""
    local = value.astimezone(ZoneInfo(zone or "Europe/Brussels"))
    mark = ":" if str(get_locale() or "nl") == "en" else "."
    return f"{local.hour}{mark}{local.minute:02d}"


def iso(value: datetime, zone: str | None = None) -> str:
    """For the `datetime` attribute of `<time>`: local time with its offset."""
    return value.astimezone(ZoneInfo(zone or "Europe/Brussels")).isoformat(timespec="minutes")


def days_after(later: datetime, earlier: datetime, zone: str | None = None) -> int:
    """How many local dates after `earlier` a moment lies: 1 for a session that ends after midnight."""
    local = ZoneInfo(zone or "Europe/Brussels")
    return (later.astimezone(local).date() - earlier.astimezone(local).date()).days


def filled_in(words: object, **values: object) -> str:
    """What an organiser wrote, with `{name}` replaced by the value of that name, once and as plain text."""
    return _BRACES.sub(lambda found: str(values.get(found[1], found[0])), str(words))


class StaticFiles:
    """Addresses of static files that change with their content, so that browsers may keep them for ever."""

    def __init__(self, folder: Path) -> None:
        digest = hashlib.sha256()
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(str(file.relative_to(folder)).encode())
            digest.update(file.read_bytes())
        self.version = digest.hexdigest()[:10]

    def address(self, path: str) -> str:
        return f"{current_app.config['ROOT_PATH']}/static/v-{self.version}/{path}"


@open_to(everyone)
def static_file(version: str, path: str) -> Response:
    """A file of the look; its address names its version, so it never changes."""
    response = send_from_directory(current_app.config["STATIC_FOLDER"], path, etag=True, max_age=31536000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def compiled(app: Flask, kind: str) -> FileSystemBytecodeCache:
    """Compiled templates kept in the instance folder, so that a new process need not compile them again.

    Each environment needs a kind of its own: the same template means other code where nothing is escaped.
    """
    folder = Path(app.config["INSTANCE"]) / "cache" / kind
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return FileSystemBytecodeCache(str(folder))


def init_app(app: Flask) -> None:
    files = StaticFiles(Path(app.config["STATIC_FOLDER"]))
    app.config["STATIC_VERSION"] = files.version
    app.add_url_rule("/static/v-<version>/<path:path>", "static_file", static_file)
    app.jinja_env.filters.update(
        day=day, hour=hour, iso=iso, days_after=days_after, moment=datetime.fromisoformat, blocks=markdown.blocks
    )
    app.jinja_env.filters.update(filled_in=filled_in, size=uploads.size_in_words)
    app.jinja_env.globals.update(static=files.address, language_of_page=language)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = compiled(app, "pages")

    @app.context_processor
    def page_facts() -> dict[str, object]:
        if not request:
            return {"language": str(get_locale() or "nl")}
        canonical = app.config["BASE_URL"] + request.script_root.removeprefix(app.config["ROOT_PATH"]) + request.path
        public = request.method == "GET" and request.endpoint is not None
        return {
            "language": language(),
            "other_language_url": other_language_url() if public else None,
            "canonical_url": canonical.rstrip("/") if public else None,
        }
