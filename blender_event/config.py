"""The settings of an installation: defaults, `instance/config.py`, then `BLENDER_*` variables."""

import hashlib
import os
from pathlib import Path
from typing import Any

from environs import Env

TOP = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
MEGABYTE = 1024 * 1024
_STORAGE = {
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_SESSION_TOKEN": "token",
    "AWS_REGION": "region",
    "AWS_ENDPOINT_URL": "endpoint",
}


class UnsafeSettings(Exception):
    """The settings are not fit for production; the message is one line that says what to set."""


def settings(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """Every setting by its Flask name. Tests pass `given`, which wins over everything else."""
    env = Env()
    instance = Path((given or {}).get("INSTANCE") or env.str("BLENDER_INSTANCE", str(TOP / "instance"))).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    found = _from_file(instance / "config.py") | _from_environment(env, instance) | (given or {})
    return _derived(found, instance)


def _from_file(file: Path) -> dict[str, Any]:
    """Upper-case names of `instance/config.py`, where an operator prefers a file."""
    if not file.exists():
        return {}
    names: dict[str, Any] = {}
    exec(compile(file.read_text(), str(file), "exec"), names)  # noqa: S102 - the operator's own file
    return {name: value for name, value in names.items() if name.isupper()}


def _from_environment(env: Env, instance: Path) -> dict[str, Any]:
    read = {
        "ENVIRONMENT": env.str("BLENDER_ENV", None),
        "DATABASE_URL": env.str("BLENDER_DATABASE_URL", None),
        "REDIS_URL": env.str("BLENDER_REDIS_URL", None),
        "SMTP_URL": env.str("BLENDER_SMTP_URL", None),
        "MAIL_SENDER": env.str("BLENDER_MAIL_SENDER", None),
        "BASE_URL": env.str("BLENDER_BASE_URL", None),
        "SECRET_KEY": env.str("BLENDER_SECRET_KEY", None),
        "STORAGE_URL": env.str("BLENDER_STORAGE_URL", None),
        "PROXIES": env.str("BLENDER_PROXIES", None),
        "STORAGE_OPTIONS": {option: env.str(name, "") for name, option in _STORAGE.items() if env.str(name, "")},
        "ACCEL": env.str("BLENDER_ACCEL", None),
        "CLAMD": env.str("BLENDER_CLAMD", None),
        "LIMITS": env.str("BLENDER_LIMITS", None),
        "METRICS_TOKEN": env.str("BLENDER_METRICS_TOKEN", None),
    }
    return {name: value for name, value in read.items() if value not in (None, "", {})}


def _derived(found: dict[str, Any], instance: Path) -> dict[str, Any]:
    """Fill in defaults and what follows from other settings."""
    found.setdefault("ENVIRONMENT", "production")
    development = found["ENVIRONMENT"] == "development"
    found.setdefault("SECRET_KEY", _development_key(instance) if development else "")
    found.setdefault("BASE_URL", "http://127.0.0.1:5000" if development else "")
    found["BASE_URL"] = found["BASE_URL"].rstrip("/")
    found.setdefault("MAIL_SENDER", "blender@example.org" if development else "")
    https = found["BASE_URL"].startswith("https://")
    root = "/".join(found["BASE_URL"].split("/")[3:])
    threads = int(found.get("THREADS", 24))  # `blender serve` says how many
    database = found.get("DATABASE_URL") or f"sqlite:///{instance / 'blender.db'}"
    found |= {
        "INSTANCE": str(instance),
        "VERSION": found.get("VERSION", VERSION),
        "DATABASE_URL": _with_driver(database),
        "ROOT_PATH": f"/{root}" if root else "",
        "STATIC_FOLDER": str(TOP / "static"),
        "PROXIES": _count(found.get("PROXIES", 0)),
        "LIMITS": found.get("LIMITS", "600 per minute"),
        "STORAGE_URL": found.get("STORAGE_URL", f"file://{instance / 'uploads'}"),
        "STORAGE_OPTIONS": found.get("STORAGE_OPTIONS", {}),
        "ACCEL": found.get("ACCEL", ""),
        "CLAMD": found.get("CLAMD", ""),
        "MAX_CONTENT_LENGTH": found.get("MAX_CONTENT_LENGTH", 4 * MEGABYTE),
        "MAX_FORM_MEMORY_SIZE": 3 * MEGABYTE,
        "UPLOAD_BYTES": found.get("UPLOAD_BYTES", 50 * MEGABYTE),
        "UPLOAD_FILES": found.get("UPLOAD_FILES", 5),  # files of one session
        "UPLOAD_EDITION_BYTES": found.get("UPLOAD_EDITION_BYTES", 1024 * MEGABYTE),
        "THREADS": threads,
        "UPLOADS_AT_ONCE": found.get("UPLOADS_AT_ONCE", max(1, threads // 3)),  # of one process
        "DOWNLOADS_AT_ONCE": found.get("DOWNLOADS_AT_ONCE", max(1, threads // 2)),  # of one process, by itself
        "SESSION_COOKIE_NAME": "__Host-blender" if https else "blender",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": 24 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "nl",
        "BABEL_TRANSLATION_DIRECTORIES": str(TOP / "blender_event" / "translations"),
    }
    found["SQLALCHEMY_DATABASE_URI"] = found["DATABASE_URL"]
    found.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(found["DATABASE_URL"]))
    return found


def _count(proxies: object) -> int:
    """How many proxies stand before the app."""
    if not str(proxies).isascii() or not str(proxies).isdigit() or int(str(proxies)[:3]) > 9:
        raise UnsafeSettings("Set BLENDER_PROXIES to the number of proxies in front, such as 1.")
    return int(str(proxies))


def _with_driver(address: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if address.startswith(plain):
            return "postgresql+psycopg://" + address.removeprefix(plain)
    return address


def _engine_options(address: str) -> dict[str, Any]:
    """How the database is reached; what was sent to it stays out of error messages, and so out of the log."""
    if address.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}, "hide_parameters": True}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "hide_parameters": True}


def _development_key(instance: Path) -> str:
    """A key made once and kept in the instance folder: development only."""
    file = instance / "development.key"
    if not file.exists():
        file.write_text(hashlib.sha256(os.urandom(32)).hexdigest())
        file.chmod(0o600)
    return file.read_text().strip()


def _require_safe_files(found: dict[str, Any]) -> None:
    """Where files are kept, scanned and sent from."""
    if not found["STORAGE_URL"].startswith(("file:///", "s3://")):
        raise UnsafeSettings(
            "Set BLENDER_STORAGE_URL to s3://bucket/folder or file:///folder, or leave it empty for the instance folder."
        )
    endpoint = found["STORAGE_OPTIONS"].get("endpoint", "")
    loopback = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    if endpoint and not endpoint.startswith(("https://", *loopback)):
        raise UnsafeSettings("Set AWS_ENDPOINT_URL to an https:// address: plain http is for loopback only.")
    if found["CLAMD"] and not found["CLAMD"].startswith(("tcp://", "unix:/")):
        raise UnsafeSettings("Set BLENDER_CLAMD to tcp://host:port or unix:/path, or leave it empty.")
    if found["ACCEL"] and not found["ACCEL"].startswith("/"):
        raise UnsafeSettings(
            "Set BLENDER_ACCEL to the proxy's own place for files, such as /intern, or leave it empty."
        )


def require_safe(found: dict[str, Any]) -> None:
    """Refuse to serve for real with a missing or unsafe setting. Raises `UnsafeSettings` with one clear line."""
    if found["ENVIRONMENT"] == "development":
        return
    if len(found.get("SECRET_KEY") or "") < 32:
        raise UnsafeSettings("Set BLENDER_SECRET_KEY to a random text of at least 32 characters.")
    base = found.get("BASE_URL") or ""
    loopback = base.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
    if not base.startswith("https://") and not loopback:
        raise UnsafeSettings(
            "Set BLENDER_BASE_URL to the public https:// address, such as https://blender.example.org."
        )
    if not found["DATABASE_URL"].startswith(("sqlite:///", "postgresql+psycopg://")):
        raise UnsafeSettings(
            "Set BLENDER_DATABASE_URL to postgresql://user:password@host/name, or leave it empty for SQLite."
        )
    if not (found.get("REDIS_URL") or "redis://").startswith(("redis://", "rediss://", "unix://")):
        raise UnsafeSettings("Set BLENDER_REDIS_URL to redis:// or rediss://, or leave it empty.")
    _require_safe_files(found)
    if "@" not in (found.get("MAIL_SENDER") or ""):
        raise UnsafeSettings("Set BLENDER_MAIL_SENDER to the address letters come from, such as blender@example.org.")
    mail = found.get("SMTP_URL") or ""
    local_mail = mail.startswith(("smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"))
    if mail and not local_mail and not mail.startswith(("smtps://", "smtp+starttls://")):
        raise UnsafeSettings("Set BLENDER_SMTP_URL to smtps:// or smtp+starttls://: plain SMTP is for loopback only.")
    if not mail and not loopback:
        raise UnsafeSettings("Set BLENDER_SMTP_URL to the mail server, such as smtps://user:password@mail.example.org.")
