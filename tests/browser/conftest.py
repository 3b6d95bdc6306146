"""Real Chromium on a real server process, in real time: an edition two months ahead with something of everything."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import sync_playwright

from tests.flows.processes import Installation, answers, until
from tests.mail.post_office import free_port
from tests.world import World


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def time_stands_still():
    """A browser and a server process live in real time."""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The server, with `site.world` in its database and `site.base` before every path."""
    port = free_port()
    found = Installation(
        tmp_path_factory.mktemp("site"), BLENDER_BASE_URL=f"http://127.0.0.1:{port}", BLENDER_LIMITS="100000 per minute"
    )
    found.base = f"http://127.0.0.1:{port}"
    found.run("db", "upgrade")
    now = datetime.now(UTC)
    with found.app().app_context():
        found.world = World(
            rows=4,
            starts_on=now.date() + timedelta(days=60),
            registration_opens_at=now - timedelta(days=1),
            registration_closes_at=now + timedelta(days=50),
        )
        found.routes = [
            (rule.endpoint, path, policy)
            for rule, path, policy in found.world.routes(found.app())
            if "GET" in rule.methods
        ]
        people = {"chief": found.world.chief, "speaker": found.world.speaker, "reviewer": found.world.reviewer}
        found.sign_ins = {role: f"/aanmelden/{found.world.sign_in_token(person)}" for role, person in people.items()}
        found.sign_in = found.sign_ins["chief"]
    found.start("serve", "--port", str(port))
    until(lambda: answers(f"{found.base}/gezond") == 200, 40)
    yield found
    found.close()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, site):
    """A fresh visitor at 1280 px. `page.faults` collects refused scripts and styles, errors and calls to other hosts."""
    context = chromium.new_context(base_url=site.base, viewport={"width": 1280, "height": 900}, locale="nl-BE")
    yield watched(context.new_page(), site.base)
    context.close()


@pytest.fixture(scope="session")
def organiser_context(chromium, site):
    """Ada's browser: she opened her mailed link and pressed the button."""
    context = chromium.new_context(base_url=site.base, viewport={"width": 1280, "height": 900}, locale="nl-BE")
    page = context.new_page()
    page.goto(site.sign_in)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/beheer*")
    page.close()
    yield context
    context.close()


@pytest.fixture
def organiser_page(organiser_context, site):
    page = watched(organiser_context.new_page(), site.base)
    yield page
    page.close()


def watched(page, base):
    """Write down everything a page should not do."""
    page.faults = []
    page.on(
        "console",
        lambda message: (
            page.faults.append(message.text)
            if message.type == "error" and "the server responded" not in message.text
            else None
        ),
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: None if request.url.startswith((base, "data:")) else page.faults.append(f"asks {request.url}"),
    )
    return page
