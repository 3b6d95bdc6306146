"""Who judges what, until when, and what a jury's opinions come to: pure answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from blender_event.core import text
from blender_event.core.errors import Problem
from blender_event.core.text import Words, _
from blender_event.pitches.models import Call, Pitch
from blender_event.pitches.models_judging import Review

ADVICES: dict[str, Words] = {
    "yes": _("Yes"),
    "maybe": _("If there is place"),
    "no": _("No"),
    "not_mine": _("Not for me"),
}
CONDITIONS: dict[str, Words] = {
    "is_accessible": _("Accessibility"),
    "is_inclusive": _("E-inclusion"),
    "is_private": _("Privacy"),
}
SEEN = ("submitted", "accepted", "waitlisted", "declined", "confirmed")  # drafts and what was withdrawn are nobody's
POINTS = {"yes": 2, "maybe": 1, "no": 0}
REMIND_AFTER_DAYS = 3
# Mail addresses there say nothing about where somebody works (example.org: everybody of the demonstration).
PUBLIC_POST = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.be outlook.com outlook.be live.be live.com msn.com yahoo.com yahoo.be"
    " icloud.com me.com proton.me protonmail.com telenet.be skynet.be proximus.be pandora.be scarlet.be mailbox.org"
    " gmx.com gmx.net hotmail.nl live.nl ziggo.nl kpnmail.nl example.org".split()
)


def is_closed(call: Call, now: datetime) -> bool:
    """Whether the judges' time is over; the closing moment itself is too late."""
    return call.judging_closes_at is not None and now >= call.judging_closes_at


def may_write(pitch: Pitch, now: datetime) -> Problem | None:
    """A review is written and changed until judging closes, about a pitch whose submitters were told nothing yet."""
    if is_closed(pitch.call, now):
        return Problem(_("Judging is closed. Your review stays as it was."))
    if pitch.status != "submitted":
        return Problem(_("The decision about this pitch was told already. Your review stays as it was."))
    return None


def opens_others(own: Review | None) -> bool:
    """Others' reviews and the discussion are for who gave an opinion; “not for me” is none."""
    return own is not None and own.advice != "not_mine"


def spread(advices: Mapping[str, int]) -> int:
    """How far the opinions lie apart: 0 when all agree, 1 for neighbours, 2 when a yes meets a no."""
    given = [POINTS[advice] for advice, number in advices.items() if number and advice in POINTS]
    return max(given) - min(given) if given else 0


def mean(numbers: Iterable[float]) -> float | None:
    """The mean with one decimal, or None of nothing."""
    known = list(numbers)
    return round(sum(known) / len(known), 1) if known else None


def fits_themes(judge_themes: Iterable[str], pitch_themes: Iterable[str]) -> bool:
    """A judge without themes judges any pitch, one with themes those that share one."""
    wanted = set(judge_themes)
    return not wanted or bool(wanted & set(pitch_themes))


def workplaces(emails: Iterable[str | None], organisations: Iterable[str]) -> set[str]:
    """What tells where people work: the domain of an address that is not a public one, and names of organisations."""
    domains = {text.email_key(email).rpartition("@")[2] for email in emails if email}
    names = {" ".join(text.folded(name).split()) for name in organisations}
    return (domains - PUBLIC_POST | names) - {""}
