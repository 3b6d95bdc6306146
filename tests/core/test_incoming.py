"""What comes in: broken text is refused before anybody sees it, and a form is read whole before anything else happens."""

from io import BytesIO

import pytest

from blender_event.core.incoming import WholeForms, is_sound


@pytest.mark.parametrize(
    "path",
    [
        "/a%00b",
        "/a%ffb",
        "/2027/programma/x%00-abc",
        "/archief?q=%00",
        "/archief?q=a%ff",
        "/archief?%ed%a0%80=1",
        "/agenda/1%00.ics",
    ],
)
def test_broken_text_in_an_address_is_400_on_both_databases(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    "path", ["/archief?q=één", "/archief?q=%C3%A9+%26", "/archief?q=🙂", "/archief?q=100%", "/archief?="]
)
def test_text_of_every_kind_is_fine(client, path):
    assert client.get(path).status_code == 200


def test_broken_text_in_a_form_is_400_and_nothing_else_happens(visitor):
    visitor.get("/aanmelden")

    for encoding in ("application/x-www-form-urlencoded", "multipart/form-data"):
        answer = visitor.client.post(
            "/aanmelden", data={"csrf_token": visitor.csrf_token(), "email": "a\x00@example.org"}, content_type=encoding
        )
        assert answer.status_code == 400


def test_half_a_pair_is_not_sound():
    assert (is_sound("één 🙂"), is_sound("a\x00"), is_sound("a\ud800")) == (True, False, False)


class Slow:
    """A body that comes in small pieces, and ends before it should."""

    def __init__(self, body):
        self.body = BytesIO(body)

    def read(self, _size=-1):
        return self.body.read(3)


@pytest.mark.parametrize(
    ("length", "read_whole"), [("9", True), ("11", False), ("x", False), ("", False), ("-1", False)]
)
def test_a_body_of_allowed_length_is_read_before_the_app_begins(length, read_whole):
    slow = Slow(b"123456789")
    environ = {"CONTENT_LENGTH": length, "wsgi.input": slow}

    WholeForms(lambda environ, _start: [], most=10)(environ, None)

    assert (slow.body.tell() == 9) is read_whole
    assert environ["wsgi.input"].read()[:3] == b"123"


def test_a_body_that_breaks_off_is_as_short_as_what_came():
    environ = {"CONTENT_LENGTH": "9", "wsgi.input": Slow(b"1234")}

    WholeForms(lambda environ, _start: [], most=10)(environ, None)

    assert environ["wsgi.input"].read() == b"1234"
