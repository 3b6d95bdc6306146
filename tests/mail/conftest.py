"""The mail server of these tests, and a letter to put in the outbox."""

import pytest

from blender_event.core.database import db
from blender_event.mail import outbox
from tests.mail.post_office import PostOffice


@pytest.fixture
def post_office():
    office = PostOffice().open()
    yield office
    office.close()


@pytest.fixture
def smtp(app, post_office, monkeypatch):
    """The app delivers to `post_office`."""
    monkeypatch.setitem(app.config, "SMTP_URL", post_office.url)
    return post_office


@pytest.fixture
def write(app):
    """Put a letter in the outbox and commit: `write("sam@example.org")`."""

    def put(to="sam@example.org", name="Sam", language="nl", kind="sign_in", **more):
        facts = more.pop("facts", {"minutes": 30, "link": "https://blender.example.org/aanmelden/abc"})
        letter = outbox.put(kind=kind, to_email=to, to_name=name, language=language, facts=facts, **more)
        db.session.commit()
        return letter

    return put
