"""The lists a pitch is described with: codes as stored, words as read. Open lists of the field (its own words, in its order)."""

from collections.abc import Iterable, Mapping
from typing import Any

from blender_event.core.text import Words, _
from blender_event.programme.labels_people import GROUPS, SECTORS

KINDS: dict[str, Words] = {
    "question": _("A question"),
    "proposal": _("A proposal"),
    "running": _("A running project"),
    "finished": _("A finished project"),
}
KIND_HINTS: dict[str, Words] = {
    "question": _("You meet something in your work and wonder who can think along."),
    "proposal": _("You have an idea for research or development, not started yet."),
    "running": _("You are working on it and show where it stands."),
    "finished": _("It is done, and others can learn from it: also from what did not work."),
}
INTENTS: dict[str, Words] = {
    "seeks_people": _("I am looking for researchers or developers"),
    "asks": _("I have a question about a research or development project"),
    "proposes": _("I have a proposal for such a project"),
}
SUBJECTS: dict[str, Words] = {
    "new_offer": _("Developing a new digital offer"),
    "impact": _("Measuring the effect of existing help"),
    "needs": _("Exploring the need for a new digital tool"),
    "buy_in": _("Finding support or a network"),
}
HELP_FORMS: dict[str, Words] = {
    "support": _("Support"),
    "expertise": _("Input of expertise"),
    "coaching": _("Coaching"),
    "process": _("Guidance of the process"),
    "together": _("To be decided together"),
}
STAGES: dict[str, Words] = {
    "team": _("Putting the team together"),
    "vision": _("Finding a vision"),
    "explore": _("Exploring what there is"),
    "start": _("Choosing a starting point"),
    "pilot": _("Pilot"),
    "staff": _("Strengthening colleagues"),
    "evaluate": _("Evaluating"),
    "scale": _("Scaling up"),
}
THEMES: dict[str, Words] = {
    "accessibility": _("Accessibility"),
    "usability": _("Ease of use"),
    "design_for_all": _("Design for all"),
    "e_inclusion": _("E-inclusion"),
    "effectiveness": _("Effectiveness"),
    "privacy": _("Privacy"),
    "data_protection": _("Data protection"),
    "ethics": _("Ethical use of technology"),
    "implementation": _("Implementation"),
    "exclusion": _("Exclusion and poverty"),
    "vision": _("Vision and mission"),
    "buy_in": _("Support among colleagues"),
    "skills": _("Skills of colleagues"),
    "evaluation": _("Evaluation and follow-up"),
    "participation": _("Participation of clients"),
    "own_direction": _("People in charge of their own help"),
    "trust": _("A relation of trust"),
}
TECHNOLOGY: dict[str, Words] = {
    "website": _("Website"),
    "email": _("E-mail"),
    "chat": _("Chat"),
    "video": _("Video calls"),
    "app": _("App"),
    "social_media": _("Social media"),
    "self_help": _("Self-help or self-study module"),
    "treatment": _("Treatment programme"),
    "xr": _("XR or VR"),
    "ai": _("AI"),
    "data": _("Data application"),
    "platform": _("Platform"),
}
STATES: dict[str, Words] = {
    "draft": _("draft"),
    "submitted": _("sent in"),
    "accepted": _("accepted"),
    "waitlisted": _("on the reserve list"),
    "declined": _("not accepted"),
    "confirmed": _("confirmed"),
    "withdrawn": _("withdrawn"),
    "cancelled": _("cancelled"),
}

QUESTIONS: dict[str, Words] = {  # what the form asks, in its order; reading pages and letters use the same words
    "title": _("Title"),
    "summary": _("What is it about, in short?"),
    "what": _("What is it?"),
    "for_whom": _("For whom is it?"),
    "result": _("What does it lead to?"),
    "partners": _("Who works on it together?"),
    "why": _("Why do you do this?"),
    "vision_for_whom": _("Who do you do it for, and who decides?"),
    "around_what": _("What does it revolve around?"),
    "kind": _("What kind of pitch is it?"),
    "intents": _("What brings you to us?"),
    "subjects": _("What is it about?"),
    "help_forms": _("Which help would you like?"),
    "stage": _("How far are you?"),
    "themes": _("Themes"),
    "technology": _("Technology"),
    "sectors": _("Sectors"),
    "group": _("Which group do you speak from?"),
    "inclusion_access": _("Who has no device or internet, and what do you do about it?"),
    "inclusion_support": _("Who helps people with questions and problems?"),
    "inclusion_learning": _("Where can people learn and practise?"),
    "accessibility": _("How is it accessible to everybody?"),
    "privacy": _("How do you protect privacy?"),
    "client_part": _("How did clients take part?"),
    "format_slug": _("Which form suits it?"),
    "most_participants": _("How many people can take part at most?"),
    "practical": _("What do you need in the room?"),
    "may_record": _("The session may be recorded"),
    "ai_help": _("Did AI help you write?"),
    "agreed_public": _("My pitch may be read by everybody"),
}
LISTS: dict[str, dict[str, Words]] = {
    "kind": KINDS,
    "intents": INTENTS,
    "subjects": SUBJECTS,
    "help_forms": HELP_FORMS,
    "stage": STAGES,
    "themes": THEMES,
    "technology": TECHNOLOGY,
    "sectors": SECTORS,
    "group": GROUPS,
}

DEEDS: dict[str, Words] = {  # what authors do, as the audit trail says it
    "pitch author invited": _("asked somebody to send the pitch in too"),
    "pitch author joined": _("joined the pitch"),
    "pitch author left out": _("took somebody out of the pitch"),
    "pitch file added": _("attached a file to the pitch"),
    "pitch file removed": _("took a file away from the pitch"),
    "pitch address changed": _("changed the address of the pitch"),
}


def said(codes: Iterable[str], words: Mapping[str, Words]) -> list[str]:
    """The words of some codes in the order of the list; a code that left the list stays readable as it is."""
    chosen = list(codes)
    known = [str(label) for code, label in words.items() if code in chosen]
    return known + [code for code in chosen if code not in words]


def answers(pitch: Any, names: Iterable[str], formats: Mapping[str, str] | None = None) -> list[tuple[str, Words, str]]:
    """What was answered to some questions, as (field, question, answer in words); an empty answer is an empty string.

    `formats` are the names of an edition's formats by slug.
    """
    return [(name, QUESTIONS[name], _answer(name, getattr(pitch, name), formats or {})) for name in names]


def _answer(name: str, value: Any, formats: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "format_slug":
        return formats.get(value, value)
    if name in LISTS:
        codes = value if isinstance(value, list) else [value] if value else []
        return ", ".join(said(codes, LISTS[name]))
    return "" if value is None else str(value)
