"""The words of deciding: what can be decided, what the table shows, and what the log says of pitches."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from blender_event.core.templating import day, hour
from blender_event.core.text import Words, _, counted
from blender_event.pitches import labels, rules_judging

DECISIONS: dict[str, Words] = {
    "accepted": _("Accept"),
    "waitlisted": _("Put on the reserve list"),
    "declined": _("Do not accept"),
}
DECISION_HINTS: dict[str, Words] = {
    "accepted": _("It becomes a session, with its authors as speakers."),
    "waitlisted": _("When a place comes free, you can still accept it."),
    "declined": _("Write a few kind words below: why, and what could help."),
}
DECIDED: dict[str, Words] = {
    "accepted": _("will be accepted"),
    "waitlisted": _("will be on the reserve list"),
    "declined": _("will not be accepted"),
}
VIEWS: dict[str, Words] = {
    "": _("All"),
    "undecided": _("To decide"),
    "pending": _("To tell"),
    "chosen": _("Accepted"),
    "waitlisted": _("Reserve list"),
    "declined": _("Not accepted"),
    "gone": _("Withdrawn or cancelled"),
    "draft": _("Drafts"),
}
JUDGING: dict[str, Words] = {
    "none": _("Nobody judged it yet"),
    "waits": _("Waits for a review"),
    "done": _("Everybody judged"),
    "unasked": _("No reviewer asked"),
}
SPREAD: tuple[Words, ...] = (_("agreed"), _("close"), _("divided"))
TONES = {
    "accepted": "good", "confirmed": "good", "waitlisted": "warn", "declined": "", "submitted": "info",
    "withdrawn": "stop", "cancelled": "stop", "draft": "",
}  # fmt: skip
DEEDS: dict[str, Words] = {
    "pitch sent in": _("sent the pitch in"),
    "pitch accepted": _("accepted the pitch"),
    "pitch put on the reserve list": _("put the pitch on the reserve list"),
    "pitch declined": _("did not accept the pitch"),
    "pitch confirmed": _("confirmed the accepted pitch"),
    "pitch withdrawn": _("withdrew the pitch"),
    "pitch cancelled": _("cancelled the pitch"),
    "pitch decided": _("decided about the pitch, without telling yet"),
    "pitch undecided": _("took the decision about the pitch back"),
    "pitch extended": _("gave more time for the pitch"),
    "pitch changed": _("changed the words of the pitch"),
    "pitch noted down": _("noted a pitch down for somebody"),
    "pitch begun": _("began the pitch"),
    **labels.DEEDS,
    "pitches exported": _("exported the pitches"),
}


def advice_words(advices: dict[str, int]) -> Words:
    """“2 yes, 1 no”: only what was said."""
    said = [
        f"{advices[advice]} {str(words).lower()}"
        for advice, words in rules_judging.ADVICES.items()
        if advices.get(advice)
    ]
    return ", ".join(said)


def gaps(missing: int) -> Words:
    """“2 reviews to come”; nothing when everybody answered."""
    return counted("%(num)s review to come", "%(num)s reviews to come", missing) if missing else ""


def themes(codes: Iterable[str]) -> str:
    return ", ".join(labels.said(codes, labels.THEMES))


def details_of(entry: Any, zone: str) -> list[Words]:
    """What an entry of the log says besides: the decision, from which state to which, until when, which answers."""
    found: list[Words] = []
    new, old = entry.new, entry.old
    if new.get("decision") in DECIDED:
        found.append(DECIDED[new["decision"]])
    if "status" in new and "status" in old:
        was, becomes = (labels.STATES.get(state, state) for state in (old["status"], new["status"]))
        found.append(_("was: %(was)s, is: %(becomes)s", was=was, becomes=becomes))
    if new.get("until"):
        until = datetime.fromisoformat(new["until"])
        found.append(_("until %(day)s, %(hour)s", day=day(until, zone, "long"), hour=hour(until, zone)))
    if new.get("fields"):
        found.append(", ".join(str(labels.QUESTIONS.get(name, name)) for name in new["fields"]))
    return found
