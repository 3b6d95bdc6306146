"""Dates in the edition's zone and the reader's language; addresses of files that change with their content."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale
from werkzeug.test import create_environ

from blender_event.core import templating
from blender_event.core.language import LanguagePrefix

pytestmark = pytest.mark.once
MOMENT = datetime(2026, 9, 24, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "dutch", "english"),
    [
        ("full", "donderdag 24 september 2026", "Thursday 24 September 2026"),
        ("long", "24 september 2026", "24 September 2026"),
        ("short", "24 september", "24 September"),
        ("weekday", "donderdag", "Thursday"),
    ],
)
def test_a_day_is_written_in_words(app, style, dutch, english):
    with app.test_request_context("/"), force_locale("nl"):
        assert templating.day(date(2026, 9, 24), style=style) == dutch
    with app.test_request_context("/"), force_locale("en"):
        assert templating.day(date(2026, 9, 24), style=style) == english


def test_an_hour_is_written_as_the_field_writes_it(app):
    with app.test_request_context("/"), force_locale("nl"):
        assert templating.hour(MOMENT, "Europe/Brussels") == "9.30"
    with app.test_request_context("/"), force_locale("en"):
        assert templating.hour(MOMENT, "Europe/Brussels") == "9:30"


def test_a_moment_is_told_in_the_zone_of_its_edition(app):
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with app.test_request_context("/"), force_locale("nl"):
        assert templating.hour(late, "Europe/Brussels") == "0.30"
        assert templating.day(late, "Europe/Brussels", "short") == "1 januari"
        assert templating.hour(late, "America/New_York") == "18.30"
        assert templating.iso(late, "Europe/Brussels") == "2027-01-01T00:30+01:00"


def test_the_address_of_a_file_changes_with_its_content(tmp_path):
    (tmp_path / "style.css").write_text("a")
    one = templating.StaticFiles(tmp_path).version
    again = templating.StaticFiles(tmp_path).version
    (tmp_path / "style.css").write_text("b")

    assert one == again != templating.StaticFiles(tmp_path).version


def test_files_may_be_kept_for_ever(app, client):
    with app.test_request_context("/"):
        address = app.jinja_env.globals["static"]("style/blender.css")
    answer = client.get(address)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    "path", ["../config.py", "..%2f..%2fpyproject.toml", "%2e%2e/wsgi.py", "/etc/passwd", "style/../../wsgi.py"]
)
def test_no_file_outside_the_folder_is_sent(client, path):
    assert client.get(f"/static/v-x/{path}").status_code in (404, 308)


@pytest.mark.parametrize(
    ("path", "language", "other"),
    [
        ("/2027", "nl", "/en/2027"),
        ("/en/2027", "en", "/2027"),
        ("/en", "en", "/"),
        ("/", "nl", "/en"),
        ("/english", "nl", "/en/english"),
    ],
)
def test_the_language_stands_in_the_address(app, path, language, other):
    seen = {}

    def remember(environ, _start):
        with app.request_context(environ):
            seen.update(language=templating.language(), other=templating.other_language_url())
        return []

    LanguagePrefix(remember)(create_environ(path, base_url="https://blender.example.org"), None)

    assert seen == {"language": language, "other": other}
