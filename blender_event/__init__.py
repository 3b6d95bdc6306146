"""Blender: the event app of the yearly Flemish networking day."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from blender_event import config, extensions, jobs, wiring
from blender_event.core import access, database, front, headers, incoming, serving, templating
from blender_event.core.language import LanguagePrefix


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The app with its settings, extensions, blueprints, wires and commands. Tests pass their settings as a dict."""
    found = config.settings(settings)
    app = Flask(
        __name__,
        instance_path=found["INSTANCE"],
        template_folder=str(config.TOP / "templates"),
        static_folder=None,
    )
    app.config.update(found)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    front.init_app(app)
    incoming.init_app(app)
    _behind(app)
    database.init_app(app)
    front.connect(app)
    extensions.init_app(app)
    access.init_app(app)
    headers.init_app(app)
    serving.init_app(app)
    templating.init_app(app)
    wiring.connect(app)
    jobs.init_app(app)
    return app


def _behind(app: Flask) -> None:
    """The middlewares: as many proxies as the operator says (none by default), then the language of the address."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0, x_prefix=0)  # type: ignore[method-assign]


__all__ = ["create_app"]
