"""One line of JSON for each thing that happened: ids, never names, addresses or tokens."""

import logging
import re
import sys

import structlog

_SECRET_PATHS = re.compile(r"/(mijn|agenda|aanmelden|onthaal|zaal)/[^/\s?\"]+")


def masked(path: str) -> str:
    """A path without the token in it, for logs."""
    return _SECRET_PATHS.sub(r"/\1/…", path)


def prepare(*, level: str = "INFO") -> None:
    """Log to standard error, escaped: a line break in a value can never make a second line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=lambda *_names: structlog.PrintLogger(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


log: structlog.BoundLogger = structlog.get_logger()
