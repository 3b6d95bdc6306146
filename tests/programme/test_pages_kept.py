"""Pages that are kept for everybody hold nothing of anybody."""

from datetime import UTC, datetime

import pytest

from blender_event.core.database import db
from blender_event.recaps.models import Recap
from tests import factories as make

MESSAGE = "Alleen voor mij"
PAGES = (
    "/2027",
    "/2027/programma",
    "/2027/programma/rooster",
    "/2027/sprekers",
    "/2027/programma/versie",
    "/2027/agenda",
    "/2027/terugblik",
    "/",
    "/archief",
)


@pytest.fixture
def edition(app):
    edition = make.an_edition(registration_opens_at=datetime(2026, 6, 16, 12, tzinfo=UTC))
    make.a_session("Chat")
    make.a_release(edition)
    db.session.add(
        Recap(
            edition_id=edition.id,
            title="Terugblik",
            body="Kort.",
            body_html="<p>Kort.</p>",
            changed_at=edition.created_at,
        )
    )
    edition.has_recap = True
    db.session.commit()
    return edition


@pytest.fixture
def told(app, visitor):
    """A visitor for whom a message waits."""
    cookie = app.session_interface.get_signing_serializer(app).dumps({"_flashes": [("good", MESSAGE)]})
    visitor.client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie, domain="blender.example.org", secure=True)
    return visitor


@pytest.mark.parametrize("path", PAGES)
def test_a_message_to_one_visitor_is_kept_for_nobody_else(edition, told, path):
    page = told.get(path)

    assert MESSAGE not in page.everything
    assert "Cookie" not in told.response.headers.get("Vary", "")
    assert "Set-Cookie" not in told.response.headers


def test_a_page_that_is_not_kept_shows_the_message(edition, told):
    assert MESSAGE in told.get("/aanmelden")


@pytest.mark.parametrize("path", PAGES[1:7])
def test_the_button_to_register_comes_when_registering_opens(edition, visitor, time_stands_still, path):
    assert "Schrijf je in" not in visitor.get(path).links

    time_stands_still.move_to(datetime(2026, 6, 16, 12, tzinfo=UTC))

    assert visitor.get(path).links["Schrijf je in"] == "/2027/inschrijven"
