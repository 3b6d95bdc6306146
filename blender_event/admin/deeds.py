"""The audit trail in words: what was done, to what, and what changed."""

from dataclasses import dataclass
from typing import Any

from blender_event.admin.queries_lists import Deed
from blender_event.core.text import Words, _
from blender_event.registrations import labels

KINDS: dict[str, Words] = {
    "editions": _("edition"),
    "rooms": _("room"),
    "tracks": _("theme"),
    "formats": _("format"),
    "sessions": _("session"),
    "speakers": _("speaker"),
    "releases": _("version of the programme"),
    "redactions": _("speaker who is hidden"),
    "registrations": _("registration"),
    "teams": _("team"),
    "parked_registrations": _("form that was put aside"),
    "needs": _("needs"),
    "recaps": _("recap"),
    "people": _("person"),
    "roles": _("access"),
    "letters": _("mail"),
}
ACTIONS: dict[str, Words] = {
    "access changed": _("changed the access"),
    "access given": _("gave access"),
    "access withdrawn": _("took the access away"),
    "address marked as not working": _("marked the address as not working"),
    "address works again": _("noted that the address works again"),
    "all needs seen": _("looked at the needs of everybody"),
    "edition added": _("added the edition"),
    "edition changed": _("changed the edition"),
    "edition made": _("made the edition"),
    "edition status changed": _("changed the state of the edition"),
    "format added": _("added the format"),
    "format changed": _("changed the format"),
    "format removed": _("removed the format"),
    "held letters released": _("released held mails"),
    "invited again": _("sent the invitation again"),
    "letter dropped": _("dropped the mail"),
    "parked form removed": _("removed a form that was set aside"),
    "person changed": _("changed the account"),
    "programme released": _("published the programme"),
    "recap withdrawn": _("took the recap offline"),
    "recap written": _("wrote the recap"),
    "registered for somebody": _("registered somebody"),
    "registrations exported": _("exported the registrations"),
    "room added": _("added the room"),
    "room changed": _("changed the room"),
    "room removed": _("removed the room"),
    "second factor switched off": _("switched the second step off"),
    "second factor switched on": _("switched the second step on"),
    "session added": _("added the session"),
    "session cancelled now": _("cancelled the session at once"),
    "session cancelled": _("cancelled the session"),
    "session changed": _("changed the session"),
    "session moved": _("moved the session"),
    "session removed": _("removed the session"),
    "session restored": _("put the session back"),
    "signed in": _("signed in"),
    "signed out everywhere": _("signed out everywhere"),
    "speaker added": _("added the speaker"),
    "speaker changed": _("changed the speaker"),
    "speaker redacted": _("hid the speaker"),
    "speaker removed": _("removed the speaker"),
    "speaker shown again": _("showed the speaker again"),
    "track added": _("added the theme"),
    "track changed": _("changed the theme"),
    "track removed": _("removed the theme"),
    "version restored to the draft": _("put an earlier version back in the draft"),
    **labels.DEEDS,
}
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One deed as the page shows it; `changes` hold (name, before, after)."""

    deed: Deed
    action: Words
    kind: Words
    changes: list[tuple[str, str, str]]


def line(deed: Deed) -> Line:
    """A deed in words; what the list does not know is shown as it was written down."""
    entry = deed.entry
    names = sorted({*entry.old, *entry.new})
    changes = [(name.replace("_", " "), _said(entry.old.get(name)), _said(entry.new.get(name))) for name in names]
    return Line(deed, ACTIONS.get(entry.action, entry.action), KINDS.get(entry.kind, entry.kind), changes)


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"
