"""Registrations in organisers' words: states, where they came from, and what was done to them."""

from typing import Any

from blender_event.core.text import Words, _

STATUSES: dict[str, Words] = {
    "confirmed": _("Has a place"),
    "waiting": _("On the waiting list"),
    "cancelled": _("Cancelled"),
}
SOURCES: dict[str, Words] = {
    "web": _("Website"),
    "phone": _("Phone"),
    "paper": _("Paper"),
    "desk": _("Desk"),
}
LANGUAGES: dict[str, Words] = {"nl": _("Dutch"), "en": _("English")}
DEEDS: dict[str, Words] = {
    "address changed": _("changed the e-mail address"),
    "address verified": _("confirmed the e-mail address"),
    "all needs seen": _("looked at all needs, with names"),
    "attendance changed": _("changed between on site and online"),
    "calendar address renewed": _("renewed the address of the calendar"),
    "capacity changed": _("changed the number of places"),
    "letter sent again": _("sent the mail again"),
    "links renewed": _("renewed the links"),
    "needs counted": _("looked at the counts of needs"),
    "needs forgotten": _("removed all needs, as promised"),
    "needs seen": _("looked at the needs"),
    "needs taken away": _("took the needs away"),
    "needs written": _("wrote the needs"),
    "note written": _("wrote a note"),
    "parked form removed": _("removed a form that was put aside"),
    "promoted": _("gave a place from the waiting list"),
    "promoted out of turn": _("let somebody pass others on the waiting list"),
    "registered": _("took a place"),
    "registered for somebody": _("registered somebody who called, wrote or came by"),
    "registration cancelled": _("cancelled the registration"),
    "registration changed": _("changed the registration"),
    "registrations exported": _("exported registrations"),
    "team registered": _("took places for a team"),
}
_FIELDS: dict[str, Words] = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "phone": _("Phone"),
    "organisation": _("Organisation"),
    "job_title": _("Job title"),
    "group": _("Group"),
    "brings_seeks": _("Brings and looks for"),
    "listed": _("In the list of participants"),
    "sectors": _("Sectors"),
}
_WAYS: dict[str, Words] = {"onsite": _("On site"), "online": _("Online")}


def details_of(action: str, old: dict[str, Any], new: dict[str, Any]) -> list[Words]:
    """What a line of the audit trail says besides what was done, in words."""
    found: list[Words] = []
    if new.get("fields"):
        found.append(
            _("Changed: %(fields)s.", fields=", ".join(str(_FIELDS.get(name, name)) for name in new["fields"]))
        )
    if action == "attendance changed":
        found.append(_WAYS.get(new.get("attendance", ""), ""))
    elif new.get("status") in STATUSES:
        found.append(STATUSES[new["status"]])
    if new.get("source") in SOURCES:
        found.append(_("By: %(source)s.", source=SOURCES[new["source"]]))
    if new.get("details_given_by"):
        found.append(_("Details given by %(name)s. The person was told.", name=new["details_given_by"]))
    if new.get("reason"):
        found.append(_("Reason: %(reason)s", reason=new["reason"]))
    if new.get("why") == "last in, first out":
        found.append(_("Because the number of places was lowered."))
    return found
