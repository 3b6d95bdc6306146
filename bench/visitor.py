"""A visitor who reads forms and fills them in: cookies, redirects, hidden fields, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from bench.driver import Answer, Connection, Refused, connect, request

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)


class Form(HTMLParser):
    """The fields of one form as a browser would send them, and the choices it offers."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.action = ""
        self.values: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        self._select: str | None = None
        self._area: str | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.action = given.get("action", "")
        elif tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                self.values[self._select] = [given.get("value", "")]
        elif tag == "textarea" and name:
            self._area = name
            self.values[name] = [""]

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "image", "file", "reset"):
            return
        if kind in ("checkbox", "radio"):
            value = given.get("value", "on")
            self.choices.setdefault(name, []).append(value)
            if "checked" in given:
                self.values.setdefault(name, []).append(value)
        else:
            self.values[name] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            if self._select and self._select not in self.values:
                self.values[self._select] = self.choices.get(self._select, [])[:1]
            self._select = None
        elif tag == "textarea":
            self._area = None


def main_form(page: str) -> Form | None:
    """The first form that posts and holds a `csrf_token`."""
    for found in FORM.finditer(page):
        source = found.group(0)
        opening = source.split(">", 1)[0].lower()
        if "csrf_token" in source and "post" in opening:
            return Form(source)
    return None


class Visitor:
    """One browser: its cookies, where it is, and the page it sees."""

    def __init__(self, connection: Connection, port: int) -> None:
        self.connection, self.port = connection, port
        self.cookies: dict[str, str] = {}
        self.path = "/"
        self.status = 0
        self.page = ""

    @classmethod
    async def arrive(cls, port: int) -> Visitor:
        return cls(await connect(port), port)

    def headers(self) -> dict[str, Any]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    async def _ask(self, wish: bytes) -> Answer:
        if self.connection.closed:
            self.connection = await connect(self.port)
        await self.connection.ask(wish)
        return self.connection.answer()

    async def go(self, path: str, fields: Mapping[str, list[str]] | None = None) -> None:
        """Get a page, or post fields, and follow redirects."""
        body = urlencode(fields, doseq=True).encode() if fields is not None else b""
        more: dict[str, Any] = {"Content_Type": "application/x-www-form-urlencoded"} if fields is not None else {}
        wish = request(path, "POST" if fields is not None else "GET", body, **self.headers(), **more)
        for _ in range(5):
            answer = await self._ask(wish)
            self._keep_cookies(answer)
            if answer.status not in (301, 302, 303, 307, 308):
                break
            parts = urlsplit(urljoin(path, answer.header("location") or ""))
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            wish = request(path, **self.headers())
        self.path, self.status, self.page = path, answer.status, answer.body.decode()

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name == "set-cookie":
                key, _, content = value.split(";", 1)[0].partition("=")
                self.cookies[key] = content

    async def send(self, **answers: Any) -> None:
        """Fill in the page's main form and send it without pressing a particular button."""
        form = main_form(self.page)
        if form is None:
            raise Refused(f"{self.path} ({self.status}) has no form to send")
        fields = form.values | {name: [value] for name, value in answers.items()}
        for name in ("group",):
            if name in form.choices and not any(fields.get(name, [])):
                fields[name] = [next(choice for choice in form.choices[name] if choice)]
        await self.go(urljoin(self.path, form.action) if form.action else self.path, fields)

    async def register(self, slug: str, who: str) -> str:
        """The whole way from the empty form to one's own page; returns its address."""
        await self.go(f"/{slug}/inschrijven")
        answers = {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": f"{who}@example.org",
            "organisation": "Analytische Machine",
            "attendance": "onsite",
        }
        for _ in range(6):
            await self.send(**answers)
            if self.path.startswith("/mijn/"):
                return self.path
            if self.status >= 400:
                raise Refused(f"{self.path} answered {self.status}: {self._errors()}")
            answers = {}
        raise Refused(f"no end to registering, last at {self.path}")

    def _errors(self) -> str:
        plain = re.sub(r"<[^>]+>", " ", self.page[self.page.find("<main") :])
        return re.sub(r"\s+", " ", plain)[:400]

    async def sign_in(self, link: str) -> None:
        """Open an organiser's sign-in link and press its button."""
        await self.go(urlsplit(link).path)
        await self.send()
        if self.status != 200:
            raise Refused(f"signing in ended at {self.path} with {self.status}")
