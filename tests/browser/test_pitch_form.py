"""Sending in from a phone: kept from the first keystroke, over a mistake and a lost connection; and without script."""

import re

import pytest

from blender_event.core.database import db
from blender_event.pitches.models import Pitch
from tests.browser.conftest import watched
from tests.browser.looking import faults_of
from tests.pitches.test_form_words import EXAMPLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
BEGIN = "/2027/pitches/indienen"
GO_ON = "#pitch-form .buttons button:not([name])"


@pytest.fixture
def phone(chromium, site):
    """A small window; `phone.context.set_offline(True)` breaks the connection."""
    context = chromium.new_context(base_url=site.base, viewport={"width": 320, "height": 640}, locale="nl-BE")
    yield watched(context.new_page(), site.base)
    context.close()


@pytest.fixture
def old_phone(chromium, site):
    """The same without script."""
    context = chromium.new_context(
        base_url=site.base, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nl-BE"
    )
    yield context.new_page()
    context.close()


def kept(page, words="Bewaard om"):
    page.wait_for_function(
        "words => document.getElementById('kept').textContent.includes(words)", arg=words, timeout=20000
    )


def stored(site, title):
    with site.app().app_context():
        found = db.session.query(Pitch).filter_by(title=title).one()
        return found.summary, found.what, found.status


def test_a_pitch_from_a_phone_with_a_mistake_and_a_lost_connection(phone, site):
    phone.goto(BEGIN)
    phone.locator("[name=title]").press_sequentially("Chatten op de bus")
    kept(phone)
    draft = phone.url
    assert re.search(r"/2027/pitches/mijn/[^/]+/idee$", draft)

    phone.context.set_offline(True)
    phone.locator("[name=summary]").fill("In de tunnel getypt.")
    kept(phone, "Geen verbinding.")
    phone.locator(GO_ON).click()  # nothing gets lost by pressing either
    assert phone.locator("[name=summary]").input_value() == "In de tunnel getypt."
    phone.context.set_offline(False)
    kept(phone)
    assert stored(site, "Chatten op de bus")[0] == "In de tunnel getypt."

    phone.reload()
    assert phone.locator("[name=summary]").input_value() == "In de tunnel getypt."
    phone.locator("[name=email]").fill("bus")
    phone.locator(GO_ON).click()
    phone.wait_for_selector(".error-summary")
    assert phone.evaluate("document.activeElement.className") == "error-summary"
    assert phone.locator("[name=email]").input_value() == "bus"
    phone.locator("[name=email]").fill("bus@example.org")
    phone.locator(GO_ON).click()
    phone.wait_for_url("**/inhoud")

    phone.locator("[name=what]").fill("Een chat onderweg.")
    kept(phone)
    phone.goto(phone.url)  # another window, later: the words are on the server
    assert phone.locator("[name=what]").input_value() == "Een chat onderweg."
    assert phone.faults == [] or all("Failed to" in fault for fault in phone.faults)


def test_words_typed_without_a_connection_come_back_after_closing_the_page(phone, site):
    phone.goto(BEGIN)
    phone.locator("[name=title]").fill("Bellen in de kelder")
    kept(phone)
    draft = phone.url
    phone.context.set_offline(True)
    phone.locator("[name=summary]").fill("Nog niet bewaard.")
    kept(phone, "Geen verbinding.")
    phone.close()
    again = phone.context.new_page()
    phone.context.set_offline(False)
    again.goto(draft)
    kept(again)
    assert again.locator("[name=summary]").input_value() == "Nog niet bewaard."
    assert stored(site, "Bellen in de kelder")[0] == "Nog niet bewaard."


def test_two_windows_on_one_step_show_both_versions(phone, site):
    phone.goto(BEGIN)
    phone.locator("[name=title]").fill("Samen schrijven")
    phone.locator("[name=email]").fill("samen@example.org")
    phone.locator(GO_ON).click()
    phone.wait_for_url("**/inhoud")
    other = phone.context.new_page()
    other.goto(phone.url)
    other.locator("[name=what]").fill("Uit het andere venster")
    kept(other)
    phone.locator("[name=what]").fill("Uit dit venster")
    kept(phone, "Er is niets overschreven")
    phone.locator("#kept button").click()
    phone.wait_for_selector("main textarea[name=what]")
    phone.wait_for_selector(".as-typed")
    assert "Uit het andere venster" in phone.locator("main").inner_text()
    assert phone.locator("main textarea[name=what]").input_value() == "Uit dit venster"
    assert stored(site, "Samen schrijven")[1] == "Uit het andere venster"


def test_the_script_counts_words_as_the_server_does(page):
    page.goto(BEGIN)
    counted = page.evaluate("texts => texts.map(window.countWords)", [text for text, _number in EXAMPLES])
    assert counted == [number for _text, number in EXAMPLES]
    page.locator("[name=summary]").fill("woord " * 251)
    assert page.locator(".word-room span").first.inner_text() == "1 woord te veel"
    page.locator("[name=summary]").fill("woord " * 249)
    assert page.locator(".word-room span").first.inner_text() == "Nog 1 woord"


def test_everything_by_keyboard(page):
    page.goto(BEGIN)
    page.locator("[name=title]").focus()
    for words in ("Met het toetsenbord", "toets@example.org", "Zonder muis."):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inhoud")
    assert page.locator("h1").inner_text() == "De inhoud"


def test_without_script_everything_is_saved_at_each_step(old_phone, site):
    old_phone.goto(BEGIN)
    old_phone.locator("[name=title]").fill("Zonder script")
    old_phone.locator("[name=email]").fill("oud@example.org")
    old_phone.locator("[name=summary]").fill("woord " * 260)
    old_phone.locator(GO_ON).click()
    assert "10 woorden te veel" in old_phone.locator("main").inner_text()
    old_phone.locator("[name=what]").fill("Op een oude telefoon")
    old_phone.get_by_role("button", name="Basisvoorwaarden").click()
    assert old_phone.locator("h1").inner_text() == "Basisvoorwaarden"
    assert stored(site, "Zonder script")[1] == "Op een oude telefoon"
    for name in ("inclusion_access", "inclusion_support", "inclusion_learning", "accessibility", "privacy"):
        old_phone.locator(f"[name={name}]").fill("Dat zoeken we uit.")
    old_phone.locator(GO_ON).click()
    old_phone.locator("[name=my_name]").fill("Oda Oud")
    old_phone.get_by_role("button", name="Je vraag").click()
    old_phone.locator("[name=kind][value=question]").check()
    old_phone.get_by_role("button", name="Het idee").click()
    old_phone.locator("[name=summary]").fill("Kort genoeg.")
    old_phone.get_by_role("button", name="Nakijken en indienen").click()
    old_phone.locator("#pitch-form .buttons button").click()
    assert "We hebben je pitch." in old_phone.locator("main").inner_text()
    assert stored(site, "Zonder script")[2] == "submitted"


def test_every_step_is_clean_for_axe_and_fits_a_phone(page):
    page.goto(BEGIN)
    found = faults_of(page, BEGIN)
    page.locator("[name=title]").fill("Voor iedereen")
    page.locator("[name=email]").fill("iedereen@example.org")
    page.locator(GO_ON).click()
    page.wait_for_url("**/inhoud")
    base = page.url.rsplit("/", 1)[0]
    steps = (
        "idee inhoud waarom vraag voorwaarden praktisch nakijken indieners bijlagen intrekken adres bestaat-al".split()
    )
    for path in (base, *(f"{base}/{step}" for step in steps)):
        page.goto(path)
        found += faults_of(page, path)
    assert found == []
