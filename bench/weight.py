"""What a page weighs with everything it loads, compressed, as a browser without a cache would fetch it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bench.driver import Refused, fetch

STYLE_LINKS = re.compile(rb"""(?:@import\s+(?:url\()?|url\()\s*["']?([^"')\s]+)""")
SCRIPT_IMPORTS = re.compile(rb"""(?:^|[;\n])\s*import\s*(?:[^"';]*?from\s*)?["']([^"']+)["']""")
LOADING_RELS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


class Loads(HTMLParser):
    """The addresses a page makes a browser fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and LOADING_RELS & set(given.get("rel", "").split()):
            self.found.append(given.get("href", ""))
        elif tag in ("script", "img", "source", "iframe", "video", "audio"):
            self.found.append(given.get("src", ""))
        elif tag == "use":
            self.found.append(given.get("href", ""))


def of(port: int, path: str) -> tuple[int, int]:
    """Bytes over the wire (bodies, compressed) and requests of a page with all it loads.

    Every font a style sheet names is counted, also those a browser would not need on this page.
    """
    waiting, seen, total = [path], set[str](), 0
    while waiting:
        address = urlsplit(waiting.pop(0))
        plain = address.path + (f"?{address.query}" if address.query else "")
        if plain in seen or address.scheme == "data":
            continue
        if address.netloc:
            raise Refused(f"{path} loads {address.geturl()} from elsewhere")
        seen.add(plain)
        answer = fetch(port, plain, Accept_Encoding="gzip, deflate, br, zstd")
        if answer.status != 200:
            raise Refused(f"{path} loads {plain}, which answers {answer.status}")
        total += len(answer.body)
        waiting += [urljoin(plain, found) for found in _loaded_by(port, plain, answer.header("content-type") or "")]
    return total, len(seen)


def _loaded_by(port: int, path: str, kind: str) -> list[str]:
    if not kind.startswith(("text/html", "text/css", "text/javascript", "application/javascript")):
        return []
    body = fetch(port, path).body
    if kind.startswith("text/html"):
        found = Loads(body.decode()).found
    else:
        pattern = STYLE_LINKS if kind.startswith("text/css") else SCRIPT_IMPORTS
        found = [match.decode() for match in pattern.findall(body)]
    return [address.split("#")[0] for address in found if address and not address.startswith(("data:", "#"))]
