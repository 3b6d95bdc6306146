"""The language is in the address: /en before a path means English, and every link made there stays there."""

from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[..., Any]


class LanguagePrefix:
    """WSGI middleware: moves a leading `/en` from PATH_INFO to SCRIPT_NAME, so that the app builds links under it."""

    def __init__(self, app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/en" or path.startswith("/en/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
            environ["PATH_INFO"] = path[3:] or "/"
        return self.app(environ, start_response)
