"""What a pitch needs before it is sent in, until when it may change, and how words are counted: pure answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from blender_event.core.errors import Problem
from blender_event.core.text import Words, _, counted
from blender_event.pitches import rules, rules_calls
from blender_event.pitches.models import Author, Call, Pitch

STEPS = ("idee", "inhoud", "waarom", "vraag", "voorwaarden", "praktisch", "nakijken")
FIELDS: dict[str, tuple[str, ...]] = {
    "idee": ("title", "summary"),
    "inhoud": ("what", "for_whom", "result", "partners"),
    "waarom": ("why", "vision_for_whom", "around_what"),
    "vraag": ("kind", "intents", "subjects", "help_forms", "stage", "themes", "technology", "sectors", "group"),
    "voorwaarden": (
        "inclusion_access",
        "inclusion_support",
        "inclusion_learning",
        "accessibility",
        "privacy",
        "client_part",
    ),
    "praktisch": ("format_slug", "most_participants", "practical", "may_record", "ai_help", "agreed_public"),
}
ABOUT_ME = ("name", "job_title", "organisation", "speaks")  # of the author who fills in; asked on the practical step
BASIC: dict[str, Words] = {
    "inclusion_access": _("Answer the first question about e-inclusion: device and internet."),
    "inclusion_support": _("Answer the second question about e-inclusion: help with questions."),
    "inclusion_learning": _("Answer the third question about e-inclusion: learning and practising."),
    "accessibility": _("Say something about accessibility."),
    "privacy": _("Say something about privacy."),
}
LATE = timedelta(days=1)  # so long after closing a new text is still kept, though it cannot be sent in by itself
_GAPS = re.compile(r"[\s\u0085\u001c-\u001f\u200b\ufeff]+")


def words(text: str) -> int:
    """How many words people would count: what stands between spaces and holds a letter or a digit.

    The same as `countWords` in static/script/words.js: “e-mail” and “en/of” are one word, a dash alone is none.
    """
    return sum(any(sign.isalnum() for sign in part) for part in _GAPS.split(text))


def room(text: str, limit: int) -> Words:
    """How many words are left, or how many too many."""
    left = limit - words(text)
    if left < 0:
        return counted("%(num)s word too many", "%(num)s words too many", -left)
    return counted("%(num)s word left", "%(num)s words left", left)


def summary_fits(pitch: Pitch, call: Call) -> Problem | None:
    """The free text has at most the call's words: a draft may have more, what is sent in may not."""
    over = words(pitch.summary) - call.word_limit
    if over <= 0:
        return None
    message = counted(
        "Your short text has %(num)s word too many. At most %(limit)s fit.",
        "Your short text has %(num)s words too many. At most %(limit)s fit.",
        over,
        limit=call.word_limit,
    )
    return Problem(message, "summary")


def deadline(pitch: Pitch) -> datetime | None:
    """Until when this pitch may be sent in and changed: the later of the call's end and its own extension; None: no end."""
    closes = pitch.call.closes_at
    if closes is None or pitch.extended_until is None:
        return closes
    return max(closes, pitch.extended_until)


def may_change(pitch: Pitch, now: datetime) -> Problem | None:
    """A draft may always change, so that nothing typed is lost; what was sent in, until the deadline."""
    if pitch.status == "draft":
        return None
    if pitch.status != "submitted":
        return Problem(_("This pitch can no longer be changed here. Call or mail us if something has to be different."))
    if rules.may_be_sent_in(pitch, now) is None:
        return None
    return Problem(
        _(
            "The deadline has passed, so your pitch stays as you sent it. Call or mail us if something has to be different."
        )
    )


def late(pitch: Pitch, now: datetime) -> bool:
    """A draft that cannot be sent in by itself any more: the deadline has passed."""
    return pitch.status == "draft" and rules.may_be_sent_in(pitch, now) is not None


def takes_a_new_one(call: Call, now: datetime) -> Problem | None:
    """A text that arrives just after the deadline is kept as a draft; it is another matter whether it can be sent in."""
    phase = rules_calls.phase(call, now)
    late = call.closes_at is not None and call.closes_at <= now < call.closes_at + LATE
    if phase == "open" or (phase == "closed" and late and not rules_calls.is_over(call.edition, now)):
        return None
    if phase == "soon":
        return Problem(_("This call is not open yet."))
    return Problem(_("This call is closed. Call or mail us and we will look for a way together."))


def gaps(pitch: Pitch, first: Author | None) -> Iterator[Problem]:
    """Everything that has to be there before the pitch is sent in, in the order of the steps."""
    if not pitch.title:
        yield Problem(_("Give your pitch a title."), "title")
    if first is None or not first.email or first.accepted_at is None:
        yield Problem(_("Fill in your e-mail address, so that we can answer you."), "email")
    if not pitch.summary:
        yield Problem(_("Tell in a few sentences what it is about."), "summary")
    fits = summary_fits(pitch, pitch.call)
    if fits is not None:
        yield fits
    if len(pitch.call.kinds) > 1 and not pitch.kind:
        yield Problem(_("Choose what kind of pitch it is."), "kind")
    for field, message in BASIC.items():
        if not getattr(pitch, field):
            yield Problem(message, field)
    if first is not None and not first.name:
        yield Problem(_("Fill in your name."), "name")


def step_of(field: str | None) -> str:
    """The step that asks a field."""
    if field in (*ABOUT_ME,):
        return "praktisch"
    return next((step for step, names in FIELDS.items() if field in names), "idee")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: whether something stands in it, and how many things it still needs."""

    step: str
    filled: bool
    missing: int


def onward(steps: Sequence[Progress]) -> str:
    """Where one goes on: the first step that lacks something, or the first of those after which nothing stands yet."""
    return next(
        (
            one.step
            for place, one in enumerate(steps)
            if one.missing or not any(later.filled for later in steps[place:])
        ),
        "nakijken",
    )


def progress(pitch: Pitch, first: Author | None, problems: Sequence[Problem]) -> list[Progress]:
    """Every step that asks something, with what it still needs."""
    return [
        Progress(
            step,
            any(getattr(pitch, name) for name in names)
            or (step == "praktisch" and first is not None and bool(first.name)),
            sum(step_of(problem.field) == step for problem in problems),
        )
        for step, names in FIELDS.items()
    ]


def may_invite(pitch: Pitch) -> Problem | None:
    """Who sends a pitch in together can change until it is decided."""
    if pitch.status in ("draft", "submitted", "waitlisted"):
        return None
    return Problem(_("Who sends in this pitch can no longer be changed here. Call or mail us."))


def has_room_for_authors(pitch: Pitch, authors: int) -> Problem | None:
    """A pitch has at most as many authors as its call says."""
    if authors < pitch.call.most_authors:
        return None
    message = counted(
        "At most %(num)s person sends in.", "At most %(num)s people send in together.", pitch.call.most_authors
    )
    return Problem(message, "email")


def may_attach(pitch: Pitch, files: int) -> Problem | None:
    """A pitch has at most as many files as its call says."""
    if files >= pitch.call.most_files:
        return Problem(
            counted(
                "At most %(num)s file fits. Remove one first.",
                "At most %(num)s files fit. Remove one first.",
                pitch.call.most_files,
            )
        )
    return None
