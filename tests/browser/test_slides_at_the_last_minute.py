"""A speaker replaces slides minutes before the session: with a line that breaks, when it is busy, by keyboard, without script."""

from types import SimpleNamespace

import pytest

from blender_event.core.database import db, writing
from blender_event.programme.models_materials import Material
from tests import factories as make
from tests import files
from tests.browser.conftest import watched
from tests.browser.looking import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stage(chromium, site):
    """A session of Grace's with slides that are public, and where Grace looks after them."""
    with site.app().app_context(), writing():
        edition = db.session.merge(site.world.edition)
        grace = make.a_person("Grace Hopper aan het woord")
        speaker = make.a_speaker("Grace", edition, grace)
        session = make.a_session("Op het laatste moment", edition=edition, at="21:00", minutes=20, speakers=[speaker])
        material = make.a_material(session, title="Mijn dia's", publish="now", data=files.a_pdf(1))
        token = site.world.sign_in_token(grace)
        found = SimpleNamespace(path=f"/spreker/{edition.slug}/sessies/{session.id}/materiaal", material=material.id)
    context = chromium.new_context(base_url=site.base, viewport={"width": 1280, "height": 900}, locale="nl-BE")
    page = context.new_page()
    page.goto(f"/aanmelden/{token}")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/spreker*")
    found.cookies = context.cookies()
    context.close()
    return found


@pytest.fixture
def grace(chromium, site, stage):
    """Grace's browser on a phone, signed in."""
    context = chromium.new_context(base_url=site.base, viewport={"width": 390, "height": 800}, locale="nl-BE")
    context.add_cookies(stage.cookies)
    yield watched(context.new_page(), site.base)
    context.close()


def numbers(site, stage):
    """The versions there are, and how many bytes the newest has."""
    with site.app().app_context():
        db.session.rollback()
        versions = db.session.get(Material, stage.material).versions
        return len(versions), versions[-1].size


def a_file(data, name="dias.pdf"):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def words(page):
    return page.locator(".upload-words").inner_text()


def test_a_line_that_breaks_costs_nothing(grace, site, stage):
    before, _size = numbers(site, stage)
    data = files.a_pdf(2)
    grace.goto(f"{stage.path}/{stage.material}/uploaden")
    grace.locator("input[type=file]").set_input_files(a_file(data))
    grace.context.set_offline(True)
    grace.locator("main form[enctype] button[type=submit]").click()
    grace.locator(".upload-words.error").wait_for()

    assert "De verbinding viel weg." in words(grace)
    assert "De verbinding viel weg." in grace.locator("[data-said]").inner_text()
    assert grace.locator("main form[enctype] button[type=submit]").inner_text() == "Probeer opnieuw"
    assert numbers(site, stage)[0] == before
    grace.context.set_offline(False)
    grace.locator("main form[enctype] button[type=submit]").click()
    grace.wait_for_url(f"**{stage.path}")

    assert "De nieuwe versie is er." in grace.locator("main").inner_text()
    assert numbers(site, stage) == (before + 1, len(data))
    assert [fault for fault in grace.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


def test_when_it_is_busy_the_page_waits_and_sends_again(grace, site, stage):
    before, _size = numbers(site, stage)
    data = files.a_pdf(3)
    asked = []

    def busy_at_first(route):
        asked.append(route.request.method)
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="")
        else:
            route.continue_()

    grace.goto(f"{stage.path}/{stage.material}/uploaden")
    grace.route("**/uploaden", busy_at_first)
    grace.locator("input[type=file]").set_input_files(a_file(data))
    grace.locator("main form[enctype] button[type=submit]").click()
    grace.locator(".upload-words", has_text="Het is druk.").wait_for()
    grace.wait_for_url(f"**{stage.path}")

    assert asked == ["POST", "POST"]
    assert numbers(site, stage) == (before + 1, len(data))


def test_a_wrong_file_is_told_before_it_is_sent_and_a_bad_one_after(grace, site, stage):
    before, _size = numbers(site, stage)
    grace.goto(f"{stage.path}/{stage.material}/uploaden")
    sent = []
    grace.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    grace.locator("input[type=file]").set_input_files(a_file(b"MZ", "dias.exe"))
    assert words(grace) == "Dit is een ander soort bestand. Kies een van deze: PDF, PPTX, ODP."
    grace.locator("main form[enctype] button[type=submit]").click()
    assert sent == []

    grace.locator("input[type=file]").set_input_files(a_file(b"<html>", "dias.pdf"))
    assert grace.locator(".upload-words").is_hidden()
    grace.locator("main form[enctype] button[type=submit]").click()
    grace.locator(".upload-words.error").wait_for()

    assert sent == ["POST"]
    assert words(grace)
    assert numbers(site, stage)[0] == before
    assert [fault for fault in grace.faults if "422" not in fault] == []


def test_a_large_file_shows_how_far_it_is(grace, site, stage):
    data = files.a_pdf(1)[:-6] + b"\n%" + b"a" * 12_000_000 + b"\n%%EOF\n"
    grace.goto(f"{stage.path}/{stage.material}/uploaden")
    network = grace.context.new_cdp_session(grace)
    network.send("Network.enable")
    limits = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 6_000_000}
    network.send("Network.emulateNetworkConditions", limits)
    grace.locator("input[type=file]").set_input_files(a_file(data))
    grace.locator("main form[enctype] button[type=submit]").click()
    grace.locator(".upload-words", has_text=" procent, ").wait_for()

    assert " van 11 MB" in words(grace)
    assert grace.locator("progress").is_visible()
    assert grace.get_by_text("Stop met verzenden").is_visible()
    grace.wait_for_url(f"**{stage.path}", timeout=60000)
    assert numbers(site, stage)[1] == len(data)


def test_without_script_and_by_keyboard(chromium, site, stage):
    context = chromium.new_context(
        base_url=site.base, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nl-BE"
    )
    context.add_cookies(stage.cookies)
    page = context.new_page()
    data = files.a_pdf(5)
    before, _size = numbers(site, stage)
    page.goto(stage.path)
    reach(page, f"a[href$='/{stage.material}/uploaden']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("input[type=file]").set_input_files(a_file(data))
    reach(page, "main form[enctype] button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "De nieuwe versie is er." in page.locator("main").inner_text()
    assert numbers(site, stage) == (before + 1, len(data))
    context.close()


def reach(page, wanted):
    """Press Tab until the focus is there."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.locator(wanted).and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_the_pages_have_no_fault(grace, stage):
    found = []
    for path in ("", "/uploaden", "/link", f"/{stage.material}", f"/{stage.material}/uploaden"):
        grace.goto(stage.path + path)
        found += faults_of(grace, stage.path + path)

    assert found == []
