"""Letters in words: the parts of the outbox, the way one went, and what its reader got."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import url_for

from blender_event.core.templating import day, hour
from blender_event.core.text import Words, _
from blender_event.mail import outbox, reasons
from blender_event.mail.models import Bounce, Letter
from blender_event.programme.models import Edition

PARTS: dict[str, Words] = {
    "trouble": _("Not arrived"),
    "held": _("Held back"),
    "waiting": _("Waiting"),
    "sent": _("Sent"),
    "dropped": _("Dropped"),
}
STATES: dict[str, tuple[Words, str]] = {
    "queued": (_("waits"), "info"),
    "sending": (_("leaves now"), "info"),
    "sent": (_("sent"), "good"),
    "failed": (_("refused"), "stop"),
    "stuck": (_("gave up"), "stop"),
    "dropped": (_("dropped"), ""),
    "held": (_("held back"), "warn"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """Letters that belong together, under a heading."""

    title: Words
    reason: Words
    rows: list[Letter]


def _heading(letter: Letter) -> tuple[str, str]:
    part = {"failed": "trouble", "stuck": "trouble", "queued": "waiting", "sending": "waiting"}.get(
        letter.status, letter.status
    )
    return part, letter.reason if part == "trouble" else ""


def sections(rows: Sequence[Letter]) -> list[Section]:
    """The letters of a page under their headings; trouble once per reason."""
    return [
        Section(PARTS[part], reasons.in_words(reason), list(found)) for (part, reason), found in groupby(rows, _heading)
    ]


def tabs(edition: Edition, counts: dict[str, int], show: str) -> list[dict[str, Any]]:
    """The filters by state, with their numbers; empty ones are left out unless chosen."""
    everything = {
        "label": _("All mails"),
        "href": url_for("admin.outbox", edition=edition),
        "current": show not in PARTS,
    }
    some = [
        {
            "label": label,
            "href": url_for("admin.outbox", edition=edition, show=part),
            "current": show == part,
            "count": counts[part],
        }
        for part, label in PARTS.items()
        if counts[part] or show == part
    ]
    return [everything, *some]


Step = tuple[str, Words, Words]


def steps(letter: Letter, bounce: Bounce | None, zone: str) -> list[Step]:
    """The way of a letter for the timeline: ready, left, arrived; trouble with its reason and the next try in words."""

    def at(moment: Any) -> Words:
        return _("%(day)s, %(hour)s", day=day(moment, zone, "short"), hour=hour(moment, zone))

    found: list[Step] = [("done", _("Ready"), at(letter.created_at))]
    if letter.status == "sent":
        found.append(("done", _("Left"), at(letter.sent_at)))
        if bounce is None:
            found.append(("todo", _("Arrived"), _("The mail server took it. Nobody told us it did not arrive.")))
    elif letter.status in ("failed", "stuck"):
        found.append(
            ("trouble", _("Refused") if letter.status == "failed" else _("Gave up"), reasons.in_words(letter.reason))
        )
    elif letter.status == "dropped":
        found.append(("trouble", _("Dropped"), reasons.in_words(letter.reason) or _("It will not be sent.")))
    elif letter.status == "held":
        found.append(("trouble", _("Held back"), _("A backup was put back. It may have been sent before.")))
    elif letter.attempts:
        words = _(
            "%(reason)s We try again on %(when)s.", reason=reasons.in_words(letter.reason), when=at(letter.due_at)
        )
        found.append(("trouble", _("Not left yet"), words))
    else:
        found.append(("todo", _("Leaves"), at(letter.due_at)))
    if bounce is not None:
        words = _("Marked as not working on %(when)s. %(reason)s", when=at(bounce.marked_at), reason=bounce.reason)
        found.append(("trouble", _("Address"), words))
    return found


def as_sent(letter: Letter) -> str:
    """The text of a letter; its reader's personal links stay their reader's."""
    instead = str(_("[personal link]"))
    return outbox.filled(letter.text, dict.fromkeys(outbox.placeholders(letter.text), instead))


def files(letter: Letter) -> list[tuple[str, int]]:
    """Names and sizes in bytes of what went along."""
    return [(file["name"], len(file["data"]) * 3 // 4) for file in letter.attachments]
