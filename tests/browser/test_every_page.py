"""Every page in Chromium at 1280 and 320 px: axe finds nothing, nothing sticks out, nothing asks another host."""

import pytest

from tests.browser.looking import STICKS_OUT, faults_of, tour

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
FILES = {
    "download",
    "newest",
    "exactly",
    "room_file",
    "room_zip",
    "slides_version",
    "slides_picture",
    "preview",
    "portrait",
    "file",
    "attachment",
    "export",
    "export_interests",
}  # endpoints that answer with a file
NO_PAGE = (".ics", ".json", ".xml", ".txt", ".ico", "/metrics", "/gezond", "/bestand", "/openapi")


def paths(site, *policies):
    """What opens as a page; files and feeds have tests of their own."""
    return [
        path
        for endpoint, path, policy in site.routes
        if policy in policies
        and not path.endswith(NO_PAGE)
        and "/api/" not in path
        and endpoint.rpartition(".")[2] not in FILES
        and "/bijlage/" not in path
    ]


def test_every_public_page_is_clean(page, site):
    found, seen = tour(page, paths(site, "everyone"))

    assert not found, "\n".join(found)
    assert seen >= 15


def test_every_public_page_in_english_is_clean(page, site):
    found, seen = tour(page, [f"/en{path}" for path in paths(site, "everyone")])

    assert not found, "\n".join(found)
    assert seen >= 15


def test_every_personal_page_is_clean(page, site):
    found, seen = tour(page, paths(site, "link holder"))

    assert not found, "\n".join(found)
    assert seen >= 4


def test_every_organiser_page_is_clean(organiser_page, site):
    found, seen = tour(
        organiser_page, paths(site, "signed in", "insider", "organiser", "chief", "needs reader", "desk")
    )

    assert not found, "\n".join(found)
    assert seen >= 40


@pytest.mark.parametrize("role", ["speaker", "reviewer"])
def test_every_page_of_a_speaker_and_of_a_reviewer_is_clean(page, site, role):
    page.goto(site.sign_ins[role])
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    found, seen = tour(page, paths(site, role))

    assert not found, "\n".join(found)
    assert seen >= 1


def test_a_form_that_was_refused_is_clean_and_leads_to_its_first_fault(page, site):
    page.goto("/2027/inschrijven")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector(".error-summary")
    found = faults_of(page, "the refused form")
    link = page.locator(".error-summary a").first
    target = link.get_attribute("href")
    link.click()

    assert not found, "\n".join(found)
    assert page.title().startswith("Fout:")
    assert page.evaluate("document.activeElement.id") == target.removeprefix("#")


def test_pages_stay_clean_in_dark_colours(chromium, site):
    context = chromium.new_context(base_url=site.base, color_scheme="dark", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.faults = []
    found, _seen = tour(
        page, ["/2027", "/2027/programma", "/2027/programma/rooster", "/2027/inschrijven", "/2027/sprekers", "/archief"]
    )
    context.close()

    assert not found, "\n".join(found)


SPACED = """document.body.querySelectorAll('*').forEach(e => {
  e.style.lineHeight = '1.5'; e.style.letterSpacing = '0.12em'; e.style.wordSpacing = '0.16em';
})"""


def test_text_may_be_spaced_wider_without_loss(page, site):
    """WCAG 1.4.12: line height 1.5, paragraph 2, letter 0.12 and word 0.16 em."""
    lost = []
    for path in ("/2027", "/2027/programma", "/2027/inschrijven"):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(path)
        page.evaluate(SPACED)
        lost += [f"{path}: {what}" for what in page.evaluate(STICKS_OUT)]

    assert not lost, "\n".join(lost)


def test_a_public_page_asks_little_and_sets_no_cookie(page, site):
    """At most ten requests and 100 kB, everything included, compressed; no cookie and nothing stored (QUALITY §4.4, §5)."""
    sizes = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    for path in ("/2027", "/2027/programma", "/2027/sprekers"):
        sizes.clear()
        page.goto(path, wait_until="networkidle")
        assert len(sizes) <= 10, sizes
        assert sum(sizes.values()) <= 100_000, sizes

    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


BAD = """<!doctype html><html><head><title></title></head><body><main><h1>x</h1><img src="data:,"><input>
<button style="width:10px;height:10px;padding:0">a</button><p style="width:900px">wide</p></main></body></html>"""


def test_a_bad_page_is_seen_as_bad(page):
    """The control: what the tests above rely on does find faults."""
    page.set_content(BAD)
    found = " ".join(faults_of(page, "the bad page"))

    assert [
        word
        for word in ("document-title", "html-has-lang", "image-alt", "label", "sticks out", "smaller than 24 px")
        if word not in found
    ] == []
