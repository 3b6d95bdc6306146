"""Derived links prove one purpose, one row and one version; addresses never come from a request."""

import pytest

from blender_event.core import links
from blender_event.core.links import Purpose

pytestmark = pytest.mark.once


def test_a_derived_link_proves_its_purpose_row_and_version(app):
    token = links.derive(Purpose.MANAGE, 7, 1)

    assert links.row_id(token) == 7
    assert links.proves(token, Purpose.MANAGE, 7, 1)


@pytest.mark.parametrize("other", [(Purpose.FEED, 7, 1), (Purpose.MANAGE, 8, 1), (Purpose.MANAGE, 7, 2)])
def test_a_link_proves_nothing_else(app, other):
    token = links.derive(Purpose.MANAGE, 7, 1)

    assert not links.proves(token, *other)


def test_no_changed_character_opens_a_link(app):
    token = links.derive(Purpose.MANAGE, 7, 1)
    changed = [
        token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :] for place in range(2, len(token))
    ]

    assert [
        one for one in [*changed, token[:-1], token + "a", token.upper()] if links.proves(one, Purpose.MANAGE, 7, 1)
    ] == []


@pytest.mark.parametrize(
    "token",
    [
        "",
        "-",
        "7",
        "7-",
        "x-" + "a" * 26,
        "7-" + "a" * 25,
        "٧-" + "a" * 26,
        "9" * 16 + "-" + "a" * 26,
        "-7-" + "a" * 26,
    ],
)
def test_what_cannot_be_a_link_speaks_of_no_row(token):
    assert links.row_id(token) is None


def test_an_earlier_key_still_opens_links_and_new_ones_are_made_with_the_present_key(app):
    old = links.derive(Purpose.MANAGE, 7, 1)
    present, app.config["SECRET_KEY"] = (
        app.config["SECRET_KEY"],
        "another key for tests only, longer than 32 characters",
    )
    try:
        assert not links.proves(old, Purpose.MANAGE, 7, 1)
        app.config["SECRET_KEY_FALLBACKS"] = [present]
        assert links.proves(old, Purpose.MANAGE, 7, 1)
        new = links.derive(Purpose.MANAGE, 7, 1)
        assert new != old
    finally:
        app.config["SECRET_KEY"] = present
        app.config["SECRET_KEY_FALLBACKS"] = None
    assert not links.proves(new, Purpose.MANAGE, 7, 1)


def test_addresses_are_made_from_the_base_url_whatever_the_host_says(app):
    with app.test_request_context("/", base_url="https://evil.example"):
        address = links.address("static_file", version="v", path="x.css")
        english = links.address("static_file", language="en", version="v", path="x.css")

    assert address == "https://blender.example.org/static/v-v/x.css"
    assert english == "https://blender.example.org/en/static/v-v/x.css"


def test_addresses_keep_the_folder_of_the_base_url(app):
    kept, app.config["BASE_URL"] = app.config["BASE_URL"], "https://example.org/blender"
    try:
        assert (
            links.address("static_file", language="en", version="v", path="x")
            == "https://example.org/blender/en/static/v-v/x"
        )
        assert links.path("static_file", version="v", path="x") == "/blender/static/v-v/x"
    finally:
        app.config["BASE_URL"] = kept


def test_short_lived_secrets_are_long_and_stored_as_a_hash():
    one, other = links.random_token(), links.random_token()

    assert one != other
    assert len(one) == 32
    assert links.hashed("secret") == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
