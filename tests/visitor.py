"""A visitor with a browser: reads pages, fills in only what the form shows, and looks at the page contract every time."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.people.models import SignInLink
from tests.page import Page


class Visitor:
    """One browser with its cookies. `page` is what it shows now, `response` the last answer."""

    def __init__(self, app):
        self.app = app
        self.client = app.test_client()
        self.page = None
        self.response = None
        self.path = "/"

    def get(self, path, expect=200, **more):
        """Open a page and look at it. With `expect` 302 or 303 the answer is a redirect; `follow` it."""
        return self._read(self.client.get(path, **more), path, expect)

    def submit(self, path, /, expect="redirect", button=None, form=None, follow=False, **fields):
        """Open `path`, fill in its form and send it.

        `path` may be a page that was got before. The form is the first POST form with a `csrf_token`, or the one whose id, address or words
        contain `form`. `button` is the words on the button pressed (none: going on without a button's value). A value is
        text, a number, True or False for a checkbox, a list for several; an answer the form does not offer is refused.
        `expect`: "redirect" (302 or 303) or a status.
        """
        page = path if isinstance(path, Page) else self.get(path)
        chosen = page.form(form)
        answers = chosen.filled(fields, button)
        address = urljoin(page.path, chosen.address(button))
        if chosen.method == "GET":
            return self.get(address, query_string=answers, expect=200 if expect == "redirect" else expect)
        found = self._read(self.client.post(address, data=answers, **chosen.encoding(answers)), address, expect)
        return self.follow() if follow else found

    def post(self, path, expect="redirect", **fields):
        """Send bare fields with a valid CSRF token but without looking at a form: what Mallory would do."""
        token = self.csrf_token()
        return self._read(self.client.post(path, data={"csrf_token": token, **fields}), path, expect)

    def csrf_token(self):
        """A token from any page of this browser that has a form."""
        source = (
            self.page
            if self.page is not None and self.page.token
            else Page(self.client.get("/aanmelden"), "/aanmelden")
        )
        return source.token

    def follow(self, expect=200):
        """Go where the last answer sends the browser."""
        assert self.location, f"{self.path} sends nobody anywhere"
        return self.get(self.location, expect=expect)

    @property
    def location(self):
        """The path and query the last answer sends the browser to, or None."""
        address = self.response.headers.get("Location")
        if address is None:
            return None
        parts = urlsplit(urljoin("https://blender.example.org" + self.path, address))
        assert parts.netloc == "blender.example.org", f"sent away to {address}"
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _read(self, response, path, expect):
        self.response, self.path = response, path
        wanted = (302, 303) if expect in ("redirect", 302, 303) else (expect,)
        assert response.status_code in wanted, _surprise(response, path, expect)
        self.page = Page(response, path)
        if self.page.tree is not None and response.status_code not in (301, 302, 303, 308):
            self.page.keeps_the_contract()
        return self.page


def _surprise(response, path, expect):
    """Why a status is not the expected one, in one readable message."""
    page = Page(response, path)
    said = (
        f"{page.title}: {page.errors or page.text[:600]}"
        if page.tree is not None
        else response.get_data(as_text=True)[:300]
    )
    place = response.headers.get("Location")
    return f"{path} answered {response.status_code}{f' to {place}' if place else ''}, expected {expect}: {said}"


def signed_in(app, person):
    """A browser in which `person` used a mailed sign-in link."""
    token = links.random_token()
    now = clock.now()
    link = SignInLink(
        person_id=person.id, token_hash=links.hashed(token), created_at=now, expires_at=now + timedelta(minutes=30)
    )
    db.session.add(link)
    db.session.commit()
    browser = Visitor(app)
    browser.submit(f"/aanmelden/{token}")
    return browser
