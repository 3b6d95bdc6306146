"""Guests over real HTTP: each with its own browser, all pressing the last button at the same moment."""

import http.client
import threading
import urllib.parse

from tests.page import Page


class Answer:
    """What a page needs to know of an answer."""

    def __init__(self, status, headers, body):
        self.status_code, self.headers, self.body = status, headers, body
        self.mimetype = (headers.get("Content-Type") or "").split(";")[0]

    def get_data(self):
        return self.body


class Guest:
    """One browser with its cookie. Keeps the answers of the form until the last press."""

    def __init__(self, port, slug, email):
        self.port, self.path, self.email = port, f"/{slug}/inschrijven", email
        self.cookie = ""
        self.answers = None

    def ask(self, method, path, answers=None, timeout=60):
        """One request; the answer as a page, and where it sends the browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            head = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            body = urllib.parse.urlencode(answers, doseq=True) if answers is not None else None
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        if "Set-Cookie" in found.headers:
            self.cookie = found.headers["Set-Cookie"].split(";")[0]
        return Page(found, path)

    def fill_in(self):
        """Everything up to the last button."""
        page = self.ask("GET", self.path)
        about = {"first_name": ["Ada"], "email": [self.email], "attendance": ["onsite"], "group": ["ict"]}
        page = self.ask("POST", self.path, page.form().values() | about)
        page = self.ask("POST", self.path, page.form().values())
        assert page.heading == "Kijk je antwoorden na", (page.status, page.heading, page.errors)
        self.answers = page.form().values()
        return self

    def press(self):
        """Send the filled-in form: the status and the place it leads to."""
        page = self.ask("POST", self.path, self.answers)
        return page.status, page.headers.get("Location", "")

    def stands(self, address):
        """What one's own page says: status and position."""
        main = self.ask("GET", address).main
        return main.get("data-status"), int(main.get("data-position") or 0)


def at_once(acts):
    """Run every act in a thread of its own, all starting together; their results, or what they raised, in order."""
    acts = list(acts)
    start = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(index, act):
        start.wait()
        try:
            results[index] = act()
        except Exception as fault:
            results[index] = fault

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
