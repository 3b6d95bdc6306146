"""Links that prove something: derived from a key, one salt per purpose; and public addresses made without a request."""

import base64
import hashlib
import hmac
import secrets
from enum import StrEnum

from flask import current_app
from werkzeug.routing import MapAdapter


class Purpose(StrEnum):
    """What a derived link is for. The value is the salt: unique and never changed."""

    MANAGE = "blender.manage-registration.v1"
    MAILED = "blender.mailed-registration.v1"  # the same as manage, but only ever mailed: its use proves the address
    FRESH = "blender.fresh-link.v1"
    FEED = "blender.personal-feed.v1"
    CONFIRM = "blender.confirmation-pictures.v1"
    SIGN_IN = "blender.sign-in.v1"
    PITCH = "blender.pitch.v1"  # an author's own pitch: read, edit, send in, withdraw
    PITCH_MAILED = "blender.mailed-pitch.v1"  # the same, but only ever mailed: its use proves the address
    CO_AUTHOR = "blender.pitch-invitation.v1"  # accept once to send a pitch in together
    SPEAKER_FEED = "blender.speaker-feed.v1"
    ROOM = "blender.room.v1"  # the page for the computer in a room


def derive(purpose: Purpose, row_id: int, version: int) -> str:
    """The token of a long-lived link: the row's id and 128 bits of HMAC-SHA256 over purpose, id and version.

    The database holds only `version`; raising it revokes every link made before.
    """
    return f"{row_id}-{_seal(_keys()[0], purpose, row_id, version)}"


def row_id(token: str) -> int | None:
    """The id a token speaks of, unproven; None when it cannot be one of ours."""
    number, dash, seal = token.partition("-")
    if not dash or len(seal) != 26 or not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return int(number)


def proves(token: str, purpose: Purpose, row: int, version: int) -> bool:
    """Whether `token` was derived for exactly this purpose, row and version. Compares in constant time."""
    seal = token.partition("-")[2]
    answers = [hmac.compare_digest(seal.encode(), _seal(key, purpose, row, version).encode()) for key in _keys()]
    return any(answers)


def _seal(key: str, purpose: Purpose, row: int, version: int) -> str:
    """128 bits as 26 letters and digits of base 32: survives mail programs that break or fold addresses."""
    message = f"{purpose.value}|{row}|{version}".encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _keys() -> list[str]:
    """The present key first, then earlier ones that still open old links."""
    return [current_app.config["SECRET_KEY"], *(current_app.config.get("SECRET_KEY_FALLBACKS") or [])]


def first_version() -> int:
    """Where the versions of somebody's links begin: random, because after a restored backup row numbers are used again."""
    return secrets.randbelow(1_000_000_000) + 1


def random_token() -> str:
    """A short-lived secret of 192 bits, for links that are hashed at rest."""
    return secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """How a short-lived secret is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(endpoint: str, *, language: str = "nl", **values: object) -> str:
    """An absolute public address in a language, from the configured base URL alone: never from a request's Host."""
    return adapter(language).build(endpoint, values, force_external=True)


def path(endpoint: str, *, language: str = "nl", **values: object) -> str:
    """A root-relative address in a language."""
    return adapter(language).build(endpoint, values)


def adapter(language: str) -> MapAdapter:
    scheme, _colon, rest = current_app.config["BASE_URL"].partition("://")
    host, _slash, prefix = rest.partition("/")
    root = "/" + "/".join(part for part in (prefix.strip("/"), "en" if language == "en" else "") if part)
    return current_app.url_map.bind(host, script_name=root, url_scheme=scheme)


def mailbox() -> str:
    """The address letters come from, for editions without a mailbox of their own."""
    return current_app.config["MAIL_SENDER"]
