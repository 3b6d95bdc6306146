"""The Flask extensions, each made once and given to the app in `create_app`."""

from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from blender_event.core import limits, templating, text
from blender_event.core.database import db

babel = Babel()
compress = Compress()
csrf = CSRFProtect()
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"))
COMPRESSED = ["text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"]


def init_app(app: Flask) -> None:
    """Start every extension with this app's settings."""
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.config["COMPRESS_ALGORITHM"] = ["gzip"]
    babel.init_app(app, locale_selector=templating.language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: text.catalogue().ugettext(words),
        lambda one, several, number: text.catalogue().ungettext(one, several, number),
        newstyle=True,
    )
    compress.init_app(app)
    csrf.init_app(app)
    migrate.init_app(app, db)
    limits.init_app(app)
