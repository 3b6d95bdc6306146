"""The same file read by ical.js, the reader inside Thunderbird and Nextcloud, in a real Chromium."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.oracles.calendars import Reading, by_uid, names

SOURCE = Path(__file__).parent / "ical.js" / "ical.min.js"

READ = """([source, text]) => import(source).then(({default: ICAL}) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const moment = time => {
    if (time.isDate) return time.toString();
    if (time.zone.tzid === "floating") throw new Error("floating time " + time);
    return time.toJSDate().toISOString();
  };
  return calendar.getAllSubcomponents("vevent").map(component => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid, start: moment(event.startDate), end: moment(event.endDate), summary: event.summary,
      status: component.getFirstPropertyValue("status"), sequence: event.sequence,
      properties: component.getAllProperties().map(property => property.name),
    };
  });
})"""


@contextmanager
def reader(viewer="Asia/Tokyo"):
    """A function that reads files in one Chromium, whose own zone is far from the event's on purpose.

    The browser has a thread of its own, so that it can stand beside another Playwright in the same test run.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            page = thread.submit(open_page, playwright, viewer).result()

            def with_icaljs(data):
                return thread.submit(read, page, data).result()

            yield with_icaljs
        finally:
            thread.submit(playwright.stop).result()


def open_page(playwright, viewer):
    here = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=here if Path(here).exists() else None, args=["--no-sandbox"])
    return browser.new_context(timezone_id=viewer).new_page()


def read(page, data):
    source = "data:text/javascript;base64," + base64.b64encode(SOURCE.read_bytes()).decode()
    return by_uid(
        (
            event["uid"],
            Reading(
                moment(event["start"]),
                moment(event["end"]),
                event["summary"],
                event["status"],
                event["sequence"],
                names(event["properties"]),
            ),
        )
        for event in page.evaluate(READ, [source, data.decode()])
    )


def moment(written):
    if "T" not in written:
        return date.fromisoformat(written)
    return datetime.fromisoformat(written).astimezone(UTC)
