"""A portrait: cut square, encoded anew without what the camera wrote, shown only after a yes and a release."""

from io import BytesIO

import pytest
from PIL import Image

from blender_event.core import storage
from blender_event.core.database import db
from blender_event.programme import queries
from blender_event.programme.models_materials import Portrait
from tests import factories as make
from tests.speakers.conftest import SPEAKERS, fresh
from tests.visitor import signed_in

ADD = "/spreker/2027/profiel/portret/uploaden"
CANARY = b"Kanarieplaats 51.0543"


def a_photo(width=400, height=800, kind="JPEG"):
    """Red on top, green in the middle, blue below; with a place in its metadata."""
    image = Image.new("RGB", (width, height), (0, 160, 0))
    image.paste((200, 0, 0), (0, 0, width, height // 4))
    image.paste((0, 0, 200), (0, height * 3 // 4, width, height))
    told = image.getexif()
    told[0x010E] = CANARY.decode()
    made = BytesIO()
    image.save(made, kind, exif=told)
    return made.getvalue()


def send(browser, data=None, name="foto.jpg", expect="redirect", **more):
    return browser.submit(ADD, file=(BytesIO(a_photo() if data is None else data), name), expect=expect, **more)


def stored(sam):
    row = db.session.query(Portrait).filter_by(code=fresh(sam).portrait_code).one()
    return b"".join(storage.pieces(row.storage_key, 0, row.size))


def colour(data, place):
    with Image.open(BytesIO(data)) as image:
        assert image.size == (640, 640)
        red, green, blue = image.convert("RGB").getpixel((320, place))
    return max(("red", red), ("green", green), ("blue", blue), key=lambda pair: pair[1])[0]


@pytest.mark.parametrize(
    ("part", "top", "bottom"), [("start", "red", "green"), ("middle", "green", "green"), ("end", "green", "blue")]
)
def test_one_of_three_parts_is_cut_without_script(browser, sam, part, top, bottom):
    send(browser, part=part)

    assert (colour(stored(sam), 20), colour(stored(sam), 620)) == (top, bottom)


@pytest.mark.once
def test_the_square_that_script_chose_is_cut(browser, sam):
    send(browser, left="0", top="0.5", side="1")

    assert (colour(stored(sam), 20), colour(stored(sam), 620)) == ("green", "blue")


@pytest.mark.once
@pytest.mark.parametrize(
    "square", [("2", "0", "1"), ("0", "nan", "1"), ("1e5", "0", "1"), ("x", "0", "1"), ("", "", "")]
)
def test_a_square_that_cannot_be_is_the_middle(browser, sam, square):
    send(browser, **dict(zip(("left", "top", "side"), square, strict=True)))

    assert (colour(stored(sam), 20), colour(stored(sam), 620)) == ("green", "green")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_of_the_cameras_words_is_left(browser, sam, kind):
    data = a_photo(kind=kind)
    assert CANARY in data

    send(browser, data, f"foto.{kind.lower()}")

    assert CANARY not in stored(sam)
    assert stored(sam)[:3] == b"\xff\xd8\xff"
    with Image.open(BytesIO(stored(sam))) as image:
        assert not image.getexif()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "leeg.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "foto.svg"),
        (b"<html><script>alert(1)</script>", "foto.jpg"),
        (b"\xff\xd8\xff\xe0" + b"kapot" * 50, "foto.jpg"),
        (make.a_pdf(), "foto.jpg"),
        (b"GIF89a" + b"0" * 50, "foto.png"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(browser, sam, data, name):
    before = set(storage.keys())

    page = send(browser, data, name, expect=422)

    assert page.errors["file"]
    assert fresh(sam).portrait_code == ""
    assert set(storage.keys()) == before


def test_a_picture_that_is_too_large_is_refused(browser, sam):
    browser.get(ADD)
    mark = b"--grens"
    body = b"\r\n".join(
        [
            mark,
            b'Content-Disposition: form-data; name="csrf_token"',
            b"",
            browser.csrf_token().encode(),
            mark,
            b'Content-Disposition: form-data; name="file"; filename="foto.jpg"',
            b"Content-Type: image/jpeg",
            b"",
            a_photo() + b"\0" * (8 * 1024 * 1024),
            mark + b"--",
            b"",
        ]
    )
    before = set(storage.keys())

    answer = browser.client.post(ADD, data=body, content_type="multipart/form-data; boundary=grens")

    assert answer.status_code == 422
    assert "8 MB" in answer.text
    assert set(storage.keys()) == before


def test_it_is_shown_after_a_yes_and_a_release_and_nowhere_before(browser, sam, edition, client):
    make.a_release(edition)
    send(browser)
    code = fresh(sam).portrait_code
    address = f"/2027/sprekers/{sam.slug}/portret/{code}.jpg"

    def seen():
        return client.get(address).status_code, code.encode() in client.get(f"/2027/sprekers/{sam.slug}").data

    assert seen() == (404, False)
    make.a_release(edition)
    assert seen() == (404, False)  # nobody said yes
    browser.submit("/spreker/2027/profiel", biography="Ik.", shown="yes")
    assert seen() == (404, False)
    make.a_release(edition)
    assert seen() == (200, True)
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert code.encode() in client.get(f"/2027/programma/{sam_session(edition).slug}").data
    assert code.encode() not in client.get("/2027/sprekers").data, "a list of thirty would be thirty pictures on a phone"


def sam_session(edition):
    return queries.sessions(edition)[0]


@pytest.fixture
def shown(sam, session, edition):
    """Sam's portrait as everybody sees it."""
    sam.consented_at, sam.biography = fresh(edition).created_at, "Ik."
    portrait = make.a_portrait(sam)
    make.a_release(edition)
    return f"/2027/sprekers/{sam.slug}/portret/{portrait.code}.jpg"


def test_it_has_words_for_who_does_not_see_it(shown, sam, visitor):
    page = visitor.get(f"/2027/sprekers/{sam.slug}")

    (picture,) = page.tree.xpath("//h1/ancestor::div//img")
    assert picture.get("alt") == "Portret van Sam Spreker"


def test_the_published_one_stays_until_the_next_release(shown, browser, sam, edition, client):
    old = fresh(sam).portrait_code
    send(browser)
    send(browser)

    assert client.get(shown).status_code == 200
    assert {row.code for row in db.session.query(Portrait)} == {old, fresh(sam).portrait_code}
    make.a_release(edition)
    assert client.get(shown).status_code == 404
    send(browser)
    assert old not in {row.code for row in db.session.query(Portrait)}
    assert len(set(storage.keys())) == db.session.query(Portrait).count()


def test_taking_it_away_takes_it_away_at_once(shown, browser, sam, client):
    browser.submit("/spreker/2027/profiel", button="Verwijder het overal", form="portret/verwijderen")

    assert client.get(shown).status_code == 404
    assert b"portret/" not in client.get(f"/2027/sprekers/{sam.slug}").data
    assert list(storage.keys()) == []
    assert fresh(sam).portrait_code == ""


def test_a_redacted_speaker_has_no_portrait(shown, organiser, sam, client):
    organiser.submit(f"{SPEAKERS}/{sam.id}/verbergen")

    assert client.get(shown).status_code == 404


def test_an_address_of_another_speaker_or_edition_shows_nothing(shown, sam, client, edition):
    code = sam.portrait_code
    other = make.a_speaker("Maya", edition)
    make.a_release(edition)
    make.an_edition("2031")

    assert client.get(f"/2027/sprekers/{other.slug}/portret/{code}.jpg").status_code == 404
    assert client.get(f"/2031/sprekers/{sam.slug}/portret/{code}.jpg").status_code == 404
    assert client.get(f"/2027/sprekers/{sam.slug}/portret/{code}x.jpg").status_code == 404


def test_only_the_speaker_and_organisers_see_it_before(browser, organiser, maya, sam, client, app, edition):
    send(browser)

    browser.client.get("/spreker/2027/profiel/portret.jpg").close()
    assert browser.client.get("/spreker/2027/profiel/portret.jpg").status_code == 200
    assert organiser.client.get(f"{SPEAKERS}/{sam.id}/portret.jpg").status_code == 200
    assert maya.client.get("/spreker/2027/profiel/portret.jpg").status_code == 404
    desk = signed_in(app, make.a_person("Desk", role="desk", edition=edition))
    assert desk.client.get(f"{SPEAKERS}/{sam.id}/portret.jpg").status_code == 404
    assert client.get(f"{SPEAKERS}/{sam.id}/portret.jpg").status_code == 302


def test_a_release_says_that_a_portrait_changed(shown, browser, organiser, edition):
    send(browser)

    assert "Chat in de jeugdhulp" in organiser.get("/beheer/2027/publiceren")
