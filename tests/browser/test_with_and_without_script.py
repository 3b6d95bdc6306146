"""An organiser builds and publishes on a phone without script; a guest with script and a nervous finger registers once."""

import pytest

from blender_event.core.database import db, writing
from blender_event.mail.models import Letter
from blender_event.registrations.models import Registration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def old_phone(chromium, site):
    """Ada on an old phone: 320 px, no script, signed in by her mailed link."""
    with site.app().app_context(), writing():
        path = f"/aanmelden/{site.world.sign_in_token(db.session.merge(site.world.chief))}"
    context = chromium.new_context(
        base_url=site.base, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nl-BE"
    )
    page = context.new_page()
    page.goto(path)
    page.locator("main form button[type=submit]").click()
    yield page
    context.close()


def test_a_session_is_added_and_published_on_an_old_phone(old_phone, page, site):
    old_phone.goto("/beheer/2027/programma/sessies/nieuw")
    old_phone.locator("[name=title]").fill("Praten met pubers")
    old_phone.locator("[name=starts]").fill("15:00")
    old_phone.locator("[name=ends]").fill("15:45")
    old_phone.locator("main form button[type=submit]:not([name])").first.click()
    assert old_phone.locator(".error-summary").count() == 0
    page.goto("/2027/programma")
    assert "Praten met pubers" not in page.locator("main").inner_text()

    old_phone.goto("/beheer/2027/publiceren")
    assert "Praten met pubers" in old_phone.locator("main").inner_text()
    old_phone.locator("main form button[type=submit]", has_text="Publiceer versie").click()
    page.goto("/2027/programma")

    assert "Praten met pubers" in page.locator("main").inner_text()
    assert page.faults == []


def test_a_double_click_registers_once(page, site):
    page.goto("/2027/inschrijven")
    page.locator("[name=first_name]").fill("Hedy")
    page.locator("[name=email]").fill("hedy@example.org")
    page.locator("[name=attendance][value=online]").check()
    group = page.locator("main select[name=group]")
    group.select_option("ict") if group.count() else page.locator("[name=group][value=ict]").check()
    for _step in range(2):
        with page.expect_navigation():
            page.locator("main form button[type=submit]:not([name])").click()
    page.locator("main form button[type=submit]:not([name])").dblclick()
    page.wait_for_url("**/mijn/**")

    assert page.locator("main").get_attribute("data-status") in ("confirmed", "waiting")
    assert page.faults == []
    with site.app().app_context():
        assert db.session.query(Registration).filter_by(email="hedy@example.org").count() == 1
        assert db.session.query(Letter).filter_by(to_email="hedy@example.org").count() == 1
