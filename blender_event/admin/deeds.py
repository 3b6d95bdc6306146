"""The audit trail in words: what was done, to what, and what changed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blender_event.admin.queries_lists import Deed
from blender_event.core.templating import day, hour
from blender_event.core.text import Words, _
from blender_event.pitches import labels_decisions
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
    "calls": _("call"),
    "pitch_interests": _("word of who thinks along"),
    "works": _("project or media item"),
    "materials": _("material"),
    "judges": _("judge"),
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
    "call changed": _("changed the call"),
    "call made": _("made the call"),
    "call removed": _("removed the call"),
    "edition added": _("added the edition"),
    "edition changed": _("changed the edition"),
    "edition made": _("made the edition"),
    "edition status changed": _("changed the state of the edition"),
    "format added": _("added the format"),
    "format changed": _("changed the format"),
    "format removed": _("removed the format"),
    "held letters released": _("released held mails"),
    "interest left": _("left word to think along"),
    "interest removed": _("removed who thinks along"),
    "interests exported": _("exported who thinks along"),
    "invited again": _("sent the invitation again"),
    "judge added": _("asked a judge"),
    "judge changed": _("changed what a judge knows about"),
    "judge removed": _("let a judge go"),
    "judges reminded": _("reminded judges"),
    "letter dropped": _("dropped the mail"),
    "attachments forgotten": _("removed all attachments of pitches, as promised"),
    "interest forgotten": _("removed everyone's interest in pitches, as promised"),
    "judgements forgotten": _("removed all reviews and remarks, as promised"),
    "needs of speakers forgotten": _("removed what speakers needed, as promised"),
    "pitches forgotten": _("removed the pitches that were not chosen, as promised"),
    "material added": _("added the material"),
    "material changed": _("changed what is said of the material"),
    "material forgotten": _("removed the material for good"),
    "material moved": _("changed the order of the material"),
    "material published": _("published the material"),
    "material put back": _("put the material back"),
    "material removed": _("removed the material"),
    "material replaced": _("brought a new version of the material"),
    "material taken back": _("unpublished the material"),
    "person changed": _("changed the account"),
    "pitches closed to the public": _("closed the pitches to the public"),
    "pitches opened to the public": _("opened the pitches to the public"),
    "pitches given to judges": _("gave pitches to judges"),
    "pitches taken from judges": _("took pitches back from judges"),
    "programme released": _("published the programme"),
    "recap withdrawn": _("took the recap offline"),
    "recap written": _("wrote the recap"),
    "room added": _("added the room"),
    "room changed": _("changed the room"),
    "room link renewed": _("made a new link for the room"),
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
    "speaker confirmed": _("said that they come"),
    "speaker declined": _("said that they cannot come"),
    "speaker invited": _("invited the speaker"),
    "speaker may be shown": _("agreed that the profile is shown"),
    "speaker may not be shown": _("does not want the profile shown"),
    "speaker reminded": _("reminded the speaker"),
    "speaker told what they need": _("said what they need and when they can be there"),
    "session described": _("wrote the words of the session"),
    "portrait changed": _("changed the portrait"),
    "portrait removed": _("removed the portrait"),
    "profile carried over": _("took over the profile of an earlier edition"),
    "dates for speakers changed": _("changed the dates for speakers"),
    "needs of speakers seen": _("looked at what speakers need"),
    "speaker redacted": _("hid the speaker"),
    "speaker removed": _("removed the speaker"),
    "speaker shown again": _("showed the speaker again"),
    "track added": _("added the theme"),
    "track changed": _("changed the theme"),
    "track removed": _("removed the theme"),
    "work added": _("added the project or media item"),
    "work changed": _("changed the project or media item"),
    "work removed": _("removed the project or media item"),
    "version restored to the draft": _("put an earlier version back in the draft"),
    **labels.DEEDS,
    **labels_decisions.DEEDS,
}
FIELDS: dict[str, Words] = {
    "title": _("title"),
    "name": _("name"),
    "subject": _("subject"),
    "motto": _("motto"),
    "slug": _("address of the page"),
    "status": _("state"),
    "slot": _("time and room"),
    "confirm_by": _("confirm by"),
    "words_by": _("words by"),
    "slides_by": _("slides by"),
    "capacity": _("places"),
    "capacity_onsite": _("places on site"),
    "capacity_online": _("places online"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "starts_time": _("beginning"),
    "ends_time": _("ending"),
    "zone": _("time zone"),
    "venue_name": _("venue"),
    "street": _("street"),
    "postcode": _("postcode"),
    "city": _("city"),
    "intro": _("intro"),
    "route": _("route"),
    "accessibility": _("accessibility"),
    "registration_opens_at": _("registration from"),
    "registration_closes_at": _("registration until"),
    "registration_mode": _("way to register"),
    "opens_at": _("opens"),
    "closes_at": _("closes"),
    "judging_closes_at": _("judging until"),
    "kinds": _("kinds"),
    "criteria": _("criteria"),
    "is_blind": _("blind"),
    "judged_by": _("who judges"),
    "word_limit": _("words at most"),
    "most_authors": _("people at most"),
    "most_files": _("files at most"),
    "has_waiting_list": _("waiting list"),
    "contact_email": _("e-mail for questions"),
    "contact_phone": _("phone for questions"),
    "organiser_name": _("organiser"),
    "language": _("language"),
    "level": _("level"),
    "track_id": _("theme (number)"),
    "format_id": _("format (number)"),
    "room_id": _("room (number)"),
    "abstract": _("abstract"),
    "description": _("description"),
    "audience": _("for whom"),
    "bring": _("what to bring"),
    "takeaways": _("what you take home"),
    "partners": _("partners"),
    "role": _("role"),
    "organisation": _("organisation"),
    "unit": _("department"),
    "biography": _("biography"),
    "colour": _("colour"),
    "position": _("order"),
    "floor": _("floor"),
    "kind": _("kind"),
    "every_edition": _("every edition"),
    "sees_needs": _("sees the needs"),
    "person": _("person (number)"),
    "letters": _("mails"),
    "fields": _("fields"),
    "source": _("source"),
    "reason": _("reason"),
    "attendance": _("way of taking part"),
    "queue_number": _("place on the waiting list"),
    "number": _("number"),
    "told": _("people mailed"),
    "changes": _("changes"),
    "decision": _("decision"),
    "until": _("until"),
    "themes": _("themes"),
    "people": _("people"),
    "online_note": _("what is online"),
    "onsite": _("places on site"),
    "online": _("places online"),
    "taken_onsite": _("taken on site"),
    "taken_online": _("taken online"),
    "details_given_by": _("details from"),
    "person_was_told": _("the person knows"),
    "amount": _("how many"),
    "form": _("kind of file"),
    "columns": _("columns"),
    "who": _("whose rows"),
    "why": _("because"),
    "published": _("published"),
    "version": _("version"),
    "licence": _("licence"),
    "accessible": _("accessible version"),
    "is_public": _("public"),
    "publish": _("public from"),
    "url": _("web address"),
}
VALUES: dict[str, Words] = {
    "draft": _("draft"),
    "announced": _("announced"),
    "open": _("open"),
    "closed": _("closed"),
    "cancelled": _("cancelled"),
    "postponed": _("postponed"),
    "planned": _("planned"),
    "invited": _("invited"),
    "confirmed": _("confirmed"),
    "waiting": _("waiting"),
    "onsite": _("on site"),
    "online": _("online"),
    "organiser": _("organiser"),
    "reviewer": _("reviewer"),
    "desk": _("desk"),
    "phone": _("phone"),
    "paper": _("paper"),
    "web": _("website"),
    "queued": _("waits"),
    "sent": _("sent"),
    "failed": _("refused"),
    "held": _("held back"),
    "submitted": _("sent in"),
    "accepted": _("accepted"),
    "waitlisted": _("on the reserve list"),
    "declined": _("not accepted"),
    "withdrawn": _("withdrawn"),
    "stuck": _("gave up"),
    "dropped": _("dropped"),
    "slides": _("slides"),
    "handout": _("handout"),
    "link": _("link"),
    "recording": _("recording"),
    "now": _("at once"),
    "after": _("after the session"),
    "hand": _("by hand"),
}
LONGEST = 300
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


@dataclass(frozen=True, slots=True)
class Line:
    """One deed as the page shows it; `changes` hold (name, before, after)."""

    deed: Deed
    action: Words
    kind: Words
    changes: list[tuple[Words, Words, Words]]


def line(deed: Deed, zone: str) -> Line:
    """A deed in words, its moments as the clock in `zone` says them; what the list does not know is shown as it was written down."""
    entry = deed.entry
    names = sorted({*entry.old, *entry.new})
    changes = [(_field(name), _said(entry.old.get(name), zone), _said(entry.new.get(name), zone)) for name in names]
    return Line(deed, ACTIONS.get(entry.action, entry.action), KINDS.get(entry.kind, entry.kind), changes)


def _field(name: str) -> Words:
    return FIELDS.get(name, name.replace("_", " "))


def _said(value: Any, zone: str) -> Words:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value in VALUES:
        return VALUES[value]
    parts = value if isinstance(value, list) else [value]
    words = ", ".join(_part(part, zone, named=isinstance(value, list)) for part in parts if part is not None)
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"


def _part(value: Any, zone: str, *, named: bool) -> str:
    if isinstance(value, str) and MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return f"{day(moment, zone, 'short')} {hour(moment, zone)}"
    return str(_field(str(value))) if named else str(value)
