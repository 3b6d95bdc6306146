"""An evening of judging in a real browser: with the mouse at a desk, by keyboard and without script on an old phone."""

from types import SimpleNamespace

import pytest

from blender_event.core.database import db, writing
from blender_event.pitches.models_judging import Review
from tests import factories as make
from tests.browser.conftest import watched
from tests.browser.looking import faults_of
from tests.browser.test_the_journey import Keyboard

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def jury(chromium, site):
    """A blind call with four pitches that are Lieve's to judge, and her signed-in browser's cookies."""
    with site.app().app_context(), writing():
        edition = db.session.merge(site.world.edition)
        call = make.a_call(edition, title="Een avond lezen", is_open=False)
        lieve = make.a_reviewer("Lieve Leest", edition, call)
        greet = make.a_reviewer("Greet Leest", edition, call)
        pitches = [make.a_pitch(f"Leesvoer {n}", call, author=f"Kanarie {n}", themes=["trust"]) for n in range(4)]
        for pitch in pitches:
            make.an_assignment(pitch, lieve)
            make.a_review(pitch, greet, strengths="Gezien door Greet.")
            make.a_pitch_file(pitch, "kanarie.pdf")
        found = SimpleNamespace(path=f"/beheer/{edition.slug}/beoordelen", lieve=lieve.id)
        found.jury = f"/beheer/{edition.slug}/pitches/jury/{call.id}"
        token = site.world.sign_in_token(lieve)
    context = chromium.new_context(base_url=site.base, locale="nl-BE")
    page = context.new_page()
    page.goto(f"/aanmelden/{token}")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{found.path}")
    found.cookies = context.cookies()
    context.close()
    return found


def browser(chromium, site, jury, **facts):
    context = chromium.new_context(base_url=site.base, locale="nl-BE", **facts)
    context.add_cookies(jury.cookies)
    return context


def written(site, jury):
    with site.app().app_context():
        db.session.rollback()
        rows = db.session.query(Review).filter_by(person_id=jury.lieve).order_by(Review.id)
        return [(row.advice, row.strengths, row.is_private, row.scores) for row in rows]


def test_judging_at_a_desk_from_pitch_to_pitch(chromium, site, jury):
    context = browser(chromium, site, jury, viewport={"width": 1280, "height": 900})
    page = watched(context.new_page(), site.base)
    page.goto(jury.path)
    page.locator(".next-pitch a.button").click()
    first = page.url
    assert page.locator("main", has_text="Kanarie").count() == 0
    assert page.locator(".found").count() == 0
    left, right = page.locator(".judging > div").first.bounding_box(), page.locator("#review-form").bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    page.fill("[name=strengths]", "Ik wil dit zien.")
    page.locator("label", has_text="Privacy").click()
    page.select_option("[name=score_a1]", "5")
    page.locator("button[value=next]").click()
    page.wait_for_load_state()
    assert "Fout" in page.title()
    assert page.input_value("[name=strengths]") == "Ik wil dit zien."
    page.check("input[name=advice][value=yes]")
    page.locator("button[value=next]").click()
    page.wait_for_url(lambda address: address != first)
    assert page.locator("main .notice.good").count() == 1
    page.goto(first)
    assert page.locator(".found", has_text="Gezien door Greet.").count() == 1
    page.fill("[name=words]", "Bellen we even?")
    page.locator("#remark-form button[type=submit]").click()
    page.wait_for_url("**#discussion")
    assert page.locator("#discussion", has_text="Bellen we even?").count() == 1
    assert page.faults == []
    assert ("yes", "Ik wil dit zien.", True, {"a1": 5}) in written(site, jury)
    context.close()


def test_judging_by_keyboard_without_script_on_an_old_phone(chromium, site, jury):
    context = browser(chromium, site, jury, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    keyboard = Keyboard(page)
    before = len(written(site, jury))
    page.goto(jury.path)
    keyboard.reach(".next-pitch a.button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    here = page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    keyboard.type("strengths", "Met de toetsen.")
    keyboard.choose("advice", "maybe")
    keyboard.send("button[value=next]")
    assert page.url != here
    assert len(written(site, jury)) == before + 1
    assert ("maybe", "Met de toetsen.", False, {}) in written(site, jury)
    context.close()


def test_each_page_of_judging_is_clean(chromium, site, jury, organiser_page):
    context = browser(chromium, site, jury, viewport={"width": 1280, "height": 900})
    page = watched(context.new_page(), site.base)
    found = []
    page.goto(jury.path)
    links = [link.get_attribute("href") for link in page.locator("main a[href*='/beoordelen/']").all()]
    for path in (jury.path, f"/en{jury.path}", *links[:2]):
        page.goto(path)
        found += faults_of(page, path)
    paths = ("", "/nodig-uit", "/verdelen/gelijk?each=2", "/verdelen/thema", "/tabel", "/herinneren")
    for path in paths:
        organiser_page.set_viewport_size({"width": 1280, "height": 900})
        organiser_page.goto(jury.jury + path)
        found += faults_of(organiser_page, path)
    assert found == []
    context.close()
