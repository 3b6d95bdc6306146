"""From the front page to one's own page and back out, by keyboard, without script, at 320 px."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def page(chromium, site):
    """An old phone: 320 px wide and no script at all."""
    context = chromium.new_context(
        base_url=site.base, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="nl-BE"
    )
    yield context.new_page()
    context.close()


class Keyboard:
    """Somebody who never touches a mouse."""

    def __init__(self, page):
        self.page = page

    def focused(self):
        return self.page.locator(":focus")

    def reach(self, wanted, most=120):
        """Press Tab until the focus is on what is wanted (a CSS selector); fails when it is never reached."""
        for _press in range(most):
            self.page.keyboard.press("Tab")
            here = self.focused()
            if here.count() and self.page.locator(wanted).and_(here).count():
                return here
        raise AssertionError(f"{self.page.url}: Tab never reaches {wanted}")

    def type(self, name, words):
        self.reach(f"main [name='{name}']")
        self.page.keyboard.type(words)

    def choose(self, name, value):
        """Radio buttons: Tab enters the group, arrows go through it."""
        self.reach(f"main input[name='{name}']")
        self.page.keyboard.press("Space")
        for _choice in range(20):
            if self.focused().get_attribute("value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} never becomes {value}")

    def send(self, wanted="main form button[type=submit]:not([name])"):
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_somebody_registers_looks_and_cancels_by_keyboard_without_script(page, site):
    keyboard = Keyboard(page)
    page.goto("/2027")
    keyboard.reach("a[href='/2027/inschrijven']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site.base}/2027/inschrijven"

    keyboard.type("first_name", "Rosalind")
    keyboard.type("last_name", "Franklin")
    keyboard.type("email", "rosalind@example.org")
    answer_the_rest(page, keyboard)

    main = page.locator("main[data-status]")
    assert main.get_attribute("data-status") == "confirmed"
    assert "/mijn/" in page.url

    keyboard.reach("a[href$='/annuleren']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keyboard.send("main form[action$='/annuleren'] button[type=submit]")
    assert page.locator("[data-status]").first.get_attribute("data-status") == "cancelled"


def answer_the_rest(page, keyboard):
    """Go on, page after page, giving what is asked for, until one's own page is there."""
    wanted = {"attendance": "onsite", "group": "ict"}
    for _step in range(6):
        if "/mijn/" in page.url:
            return
        for name, value in wanted.items():
            if page.locator(f"main input[type=radio][name='{name}']").count():
                keyboard.choose(name, value)
            elif page.locator(f"main select[name='{name}']").count():
                page.locator(f"main select[name='{name}']").select_option(value)
        assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()
        keyboard.send()
    raise AssertionError(f"no page of one's own after six steps: {page.url}: {page.locator('main').inner_text()[:400]}")


def test_no_step_sticks_out_at_320_px(page, site):
    """Measured by the browser itself, since the page runs no script."""
    wide = []
    for path in (
        "/",
        "/archief",
        "/2027",
        "/2027/programma",
        "/2027/programma/rooster",
        "/2027/sprekers",
        "/2027/inschrijven",
        "/2027/agenda",
        "/toegankelijkheid",
        "/privacy",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)

    assert wide == []


def test_the_focus_can_always_be_seen(page, site):
    """Tab through the form: every stop has an outline or ring, and stands inside the window."""
    page.goto("/2027/inschrijven")
    unseen = []
    for _press in range(40):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if not here.count():
            break
        box = here.bounding_box()
        style = here.evaluate(
            "e => { const s = getComputedStyle(e); return [s.outlineStyle, parseFloat(s.outlineWidth), s.boxShadow]; }"
        )
        if box is None or box["y"] + box["height"] < 0 or box["y"] > 640 or (style[0] == "none" and style[2] == "none"):
            unseen.append((here.evaluate("e => e.outerHTML.slice(0, 80)"), box, style))

    assert unseen == []
