"""The menu of the organisers' frame."""

from typing import Any

from flask import current_app, request, url_for

from blender_event.core.text import Words, _
from blender_event.programme.models import Edition

Group = dict[str, Any]


def groups(edition: Edition | None, counts: dict[str, int]) -> list[Group]:
    """The menu of an edition this person organises, or the way to the editions."""
    own = [_item(_("My account"), "admin.account.account"), _item(_("All editions"), "admin.home")]
    if edition is None:
        return [_group(_("Blender"), own)]
    here = {"edition": edition.slug}
    day = [
        _item(_("Overview"), "admin.dashboard", **here),
        _item(_("Registrations"), "admin.registrations.listing", count=counts.get("registrations"), **here),
        _item(_("Programme"), "admin.programme.sessions", **here),
        _item(_("Speakers"), "admin.speakers.speakers", **here),
        _item(_("Mails"), "admin.outbox", count=counts.get("mails"), **here),
        _item(_("Recap"), "admin.recaps.write", **here),
    ]
    setting_up = [
        _item(_("Rooms and themes"), "admin.frame.things", **here),
        _item(_("Settings"), "admin.editions.settings", **here),
        _item(_("People with access"), "admin.people.listing", **here),
        _item(_("Log"), "admin.audit", **here),
    ]
    title = _("Edition %(year)s", year=edition.starts_on.year)
    return [_group(title, day), _group(_("Setting up"), setting_up), _group(_("Blender"), own)]


def _group(title: Words, items: list[dict[str, Any] | None]) -> Group:
    return {"title": title, "items": [item for item in items if item is not None]}


def _item(label: Words, endpoint: str, count: int | None = None, **values: str) -> dict[str, Any] | None:
    """An entry; it is current on its own pages and on those below it. Nothing when this installation lacks the page."""
    if endpoint not in current_app.view_functions:
        return None
    href = url_for(endpoint, **values)
    here = request.script_root + request.path
    exact = endpoint in ("admin.dashboard", "admin.home")
    current = here == href or (not exact and here.startswith(href + "/"))
    return {"label": label, "href": href, "current": current, "count": count or None}
