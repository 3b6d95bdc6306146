"""What is looked for on a page in a real browser: axe, room at 320 px, size of what is pressed."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What sticks out: elements past the right edge that do not scroll by themselves.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1)
    .slice(0, 4).map(e => e.tagName + '.' + e.className + ' ' + (e.textContent || '').trim().slice(0, 40));
}"""
# Links inside sentences may be small (WCAG 2.5.8); everything else that is pressed is at least 24 by 24.
TOO_SMALL = """() => [...document.querySelectorAll('main button, main input:not([type=hidden]), main select, main textarea, main summary, main a')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest('.away'))
  .filter(e => e.tagName !== 'A' || getComputedStyle(e).display !== 'inline')
  .map(e => [e, e.type === 'checkbox' || e.type === 'radio' ? (e.closest('.choice') || e) : e])
  .filter(([e, box]) => { const r = box.getBoundingClientRect(); return r.width > 0 && (r.width < 24 || r.height < 24); })
  .map(([e]) => e.tagName + ' ' + (e.name || e.textContent || '').trim().slice(0, 40))"""


def faults_of(page, path):
    """Every fault of the page that is open, at 1280 and at 320 px."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900 if width == 1280 else 640})
        for violation in AXE.run(page, options=RULES).response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"]][:3]
            found.append(f"{path} at {width}: {violation['id']} ({violation['help']}) at {places}")
        found += [f"{path} at {width}: sticks out: {what}" for what in page.evaluate(STICKS_OUT)]
        found += [f"{path} at {width}: smaller than 24 px: {what}" for what in page.evaluate(TOO_SMALL)]
    found += [f"{path}: {fault}" for fault in page.faults]
    page.faults.clear()
    return found


def tour(page, paths):
    """Look at every page in turn; all faults together. An answer that is no page is passed over."""
    found, seen = [], 0
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(path)
        if answer is None or answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            found += [f"{path} answered {answer.status}"] if answer is not None and answer.status >= 500 else []
            continue
        seen += 1
        found += faults_of(page, path)
    return found, seen
