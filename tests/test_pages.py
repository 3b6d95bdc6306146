"""Every page, in both languages: the page contract, its title, and not one word left in the other language."""

import pytest

from blender_event.core.access import policy_of
from blender_event.translations import catalogue
from tests.world import Browsers, World

pytestmark = pytest.mark.once
PUBLIC = ("everyone", "link holder")
INSIDE = ("signed in", "insider", "organiser", "chief", "needs reader", "desk", "reviewer", "speaker")


def pages(app, world, policies, calm):
    """Every page these policies open, in Dutch and in English; every fault of the contract is collected."""
    found, faults, browsers = [], [], Browsers(app, world)
    for rule, path, policy in world.routes(app, *policies):
        if "GET" not in rule.methods:
            continue
        browser = browsers.of(policy)
        for address in (path, f"/en{path}"):
            browser.response = browser.client.get(address)
            if browser.response.status_code != 200 or browser.response.mimetype != "text/html":
                if browser.response.status_code >= 400:
                    faults.append(f"{address} answered {browser.response.status_code} {calm[-1:]}")
                continue
            try:
                found.append((rule, browser.get(address)))
            except AssertionError as fault:
                faults.append(str(fault))
    return found, faults


READ = []


@pytest.fixture
def every_page(app, calm):
    """(rule, page) for every page there is, and the faults against the contract. Read once for all tests of this file."""
    if not READ:
        world = World(rows=2)
        public, faults = pages(app, world, PUBLIC, calm)
        inside, more = pages(app, world, INSIDE, calm)
        # Without a code in hand there is no page for a code; the rest must all be there.
        without = ("/aanmelden/code", "/account/tweede-stap")
        READ.extend(
            [
                public + inside,
                [fault for fault in faults + more if not any(path in fault.split(" ")[0] for path in without)],
            ]
        )
    return READ


def words_of(page):
    """Every piece of text of a page, and the attributes that are read out; not in examples of another language."""
    body = page.tree.find("body")
    skipped = set(body.xpath(".//*[@lang]//*|.//*[@lang]|.//pre|.//pre//*|.//code|.//textarea|.//script"))
    for element in body.iter():
        if not isinstance(element.tag, str):
            continue
        if element not in skipped:
            yield " ".join((element.text or "").split())
            yield from (
                " ".join(element.get(name).split())
                for name in ("aria-label", "placeholder", "title", "alt")
                if element.get(name)
            )
        if element.getparent() not in skipped:
            yield " ".join((element.tail or "").split())


def messages():
    """English and Dutch words that differ, as they stand on a page."""
    merged, _faults = catalogue.merge(sorted(catalogue.PARTS.glob("*.po")))
    pairs = [(message.id, message.string) for message in merged if message.id and isinstance(message.id, str)]
    return [(" ".join(english.split()), " ".join(dutch.split())) for english, dutch in pairs if english != dutch]


def test_every_page_keeps_the_contract_in_both_languages(every_page):
    found, faults = every_page

    assert not faults, "\n".join(faults)
    assert len(found) > 60


def test_a_dutch_page_has_no_english_words_left_and_an_english_one_no_dutch(every_page):
    found, _faults = every_page
    english, dutch = zip(*messages(), strict=True)
    both = set(english) & set(dutch)
    left = []
    for _rule, page in found:
        strange = (set(english) if page.language == "nl" else set(dutch)) - both - ALLOWED
        left += [f"{page.path}: {words!r}" for words in dict.fromkeys(words_of(page)) if words in strange]

    assert not left, "\n".join(left)


# Names of the event's own things, the same in both languages, or made in the test.
ALLOWED = {"Blender", "Programme", "NL", "EN", "nl", "en", "Nederlands", "English", "Mijn Blender"}


def test_titles_differ_within_a_language(every_page):
    """Two pages with one title cannot be told apart among open tabs."""
    found, _faults = every_page
    seen = {}
    for rule, page in found:
        # Signing in, whether asked for or mailed; the form of the only call that is open.
        if rule.endpoint not in ("people.use_link", "pitches.begin"):
            seen.setdefault((page.language, page.title), set()).add(rule.endpoint)
    same = [f"{title}: {sorted(endpoints)}" for (_language, title), endpoints in seen.items() if len(endpoints) > 1]

    assert not same, "\n".join(same)


def test_every_public_page_links_to_itself_in_the_other_language(every_page):
    found, _faults = every_page
    public = [page for _rule, page in found if "/beheer" not in page.path]
    without = [page.path for page in public if not page.tree.xpath("//body//a[@hreflang]")]

    assert without == []


@pytest.mark.slow
def test_no_link_on_any_page_is_dead(app, calm):
    """Every address of ours that a page links to answers, for who sees that page."""
    world = World(rows=2)
    browsers, links = Browsers(app, world), {}
    for rule, page in [*pages(app, world, PUBLIC, calm)[0], *pages(app, world, INSIDE, calm)[0]]:
        owner = world.owner(policy_of(app.view_functions[rule.endpoint]).name) or "chief"
        for address in page.tree.xpath("//a/@href|//link/@href|//script/@src|//img/@src"):
            if address.startswith("/") and not address.startswith("//"):
                links.setdefault((address.partition("#")[0], owner), page.path)
    dead = [
        f"{page} links to {address}: {status}"
        for (address, owner), page in links.items()
        if (status := browsers.named(owner).client.get(address).status_code) >= 400
    ]

    assert not dead, "\n".join(dead)


def test_links_between_pages_are_root_relative(every_page):
    found, _faults = every_page
    absolute = {
        f"{page.path}: {href}"
        for _rule, page in found
        for href in page.tree.xpath("//body//a[not(@download)]/@href")
        if is_absolute(href)
    }

    assert absolute == set()


def is_absolute(href):
    """An address of ours with its host: right for calendars (.ics), wrong for a page."""
    return href.startswith("https://blender.example.org") and not href.endswith(".ics")
