"""The audit trail in words: what was done, to what, and what changed."""

from dataclasses import dataclass
from typing import Any

from blender_event.admin.queries_lists import Deed
from blender_event.core.text import Words, _

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
    "address changed": _("changed the e-mail address"),
    "address marked as not working": _("marked the address as not working"),
    "address verified": _("confirmed the e-mail address"),
    "address works again": _("noted that the address works again"),
    "attendance changed": _("changed between on site and online"),
    "calendar address renewed": _("renewed the address of the calendar"),
    "capacity changed": _("changed the number of places"),
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
    "letter sent again": _("sent the mail again"),
    "links renewed": _("renewed the links"),
    "needs taken away": _("took the needs away"),
    "needs written": _("wrote the needs"),
    "needs seen": _("looked at the needs"),
    "note written": _("wrote a note"),
    "person changed": _("changed the account"),
    "programme released": _("published the programme"),
    "promoted": _("gave a place from the waiting list"),
    "registered": _("took a place"),
    "registration cancelled": _("cancelled the registration"),
    "registration changed": _("changed the registration"),
    "room added": _("added the room"),
    "room changed": _("changed the room"),
    "room removed": _("removed the room"),
    "second factor switched off": _("switched the second step off"),
    "second factor switched on": _("switched the second step on"),
    "session added": _("added the session"),
    "session cancelled": _("cancelled the session"),
    "session cancelled now": _("cancelled the session at once"),
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
    "team registered": _("took places for a team"),
    "track added": _("added the theme"),
    "track changed": _("changed the theme"),
    "track removed": _("removed the theme"),
    "version restored to the draft": _("put an earlier version back in the draft"),
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
    names = dict.fromkeys([*entry.old, *entry.new])
    changes = [(name.replace("_", " "), _said(entry.old.get(name)), _said(entry.new.get(name))) for name in names]
    return Line(deed, ACTIONS.get(entry.action, entry.action), KINDS.get(entry.kind, entry.kind), changes)


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"
