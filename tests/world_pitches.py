"""The calls, pitches, judges and materials of the world, and the addresses that lead to them."""

from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.pitches.models import STATES
from blender_event.pitches.models_judging import Judge
from tests import factories as make


class Ideas:
    """One call with a pitch in every state (`rows` of them sent in), judged, with all that hangs on them."""

    def __init__(self, edition, chief, rows):
        now = clock.now()
        self.edition = edition
        self.call = make.a_call(edition, pitches_public_at=now)
        self.stands = make.a_call(edition, title="Infomarkt", is_open=False, is_blind=False, judged_by="everyone")
        self.calls = [self.call, *(make.a_call(edition, title=f"Oproep {n}", is_open=False) for n in range(1, rows))]
        self.reviewer = make.a_reviewer("Rik Beoordelaar", edition, self.call)
        self.second = make.a_reviewer("Greet Beoordelaar", edition, self.call)
        self.pitches = [self._sent_in(n, chief) for n in range(rows)]
        self.states = {"submitted": self.pitches[0]}
        for state in STATES:
            if state != "submitted":
                self.states[state] = make.a_pitch(f"Idee {state}", self.call, status=state, author=f"Indiener {state}")
        self.draft = self.states["draft"]
        make.a_pitch_file(self.draft, "ontwerp.pdf")
        make.an_author(self.draft, "Mede Ontwerper", role="co")
        self.public = self.states["confirmed"]
        for n in range(rows):
            self.interest = make.an_interest(self.public, f"Ines {n}")
            make.a_remark(self.public, chief, f"Opmerking {n}")

    def _sent_in(self, n, chief):
        pitch = make.a_pitch(f"Idee nummer {n}", self.call, author=f"Noor {n}", pending="accepted" if n == 0 else None)
        make.an_author(pitch, f"Mede {n}", role="co")
        make.an_author(pitch, f"Gevraagd {n}", role="co", status="invited")
        make.a_pitch_file(pitch, f"begroting-{n}.pdf")
        make.an_assignment(pitch, self.reviewer)
        make.an_assignment(pitch, self.second)
        make.a_review(pitch, self.second, "no", strengths="Sterk van Greet.", attention="Let op, zegt Greet.")
        make.a_remark(pitch, chief)
        return pitch

    def value(self, rule, name):
        """Something real for an argument of a route about calls and pitches; None when it is about something else."""
        path = rule.rule
        if "/beoordelen" in path:
            return {"number": self.pitches[0].id, "attachment": 1}.get(name)
        if "/pitches" not in path:
            return None
        if name == "token":
            return self.invitation() if path.endswith("/meedoen") else self.own_token()
        if name == "slug":
            return self.call.slug
        if name == "number":
            return self._number(path)
        judge = db.session.query(Judge).filter_by(call_id=self.call.id).order_by(Judge.id).first()
        found = {"pitch": self.public.slug, "call": self.call.id, "judge": judge.id}
        return (found | {"file": self.pitches[0].files[0].id}).get(name)

    def _number(self, path):
        if "/bijlagen/" in path:
            return self.draft.files[0].id
        if "/indieners/" in path:
            return self.draft.authors[1].id
        if "/oproepen/" in path:
            return self.call.id
        return self.interest.id if "/ik-denk-mee/" in path else self.pitches[0].id

    def own_token(self, pitch=None):
        """The personal link of the first author."""
        author = (pitch or self.draft).authors[0]
        return links.derive(Purpose.PITCH, author.id, author.link_version)

    def co_token(self):
        """The personal link of somebody who accepted to send a pitch in together."""
        author = self.pitches[0].authors[1]
        return links.derive(Purpose.PITCH, author.id, author.link_version)

    def invitation(self):
        author = self.pitches[0].authors[2]
        return links.derive(Purpose.CO_AUTHOR, author.id, author.link_version)


class Slides:
    """What speakers brought: materials of each kind and moment, portraits, needs; and a speaker who can sign in."""

    def __init__(self, edition, rooms, sessions, speakers):
        self.edition, self.rooms, self.sessions, self.speakers = edition, rooms, sessions, speakers
        self.speaker = make.a_person("Sam Spreekster")
        speakers[0].person_id = self.speaker.id
        self.shown = [self._of(n, *both) for n, both in enumerate(zip(sessions, speakers, strict=True))]
        here = sessions[0]
        self.after = make.a_material(here, title="Later te zien", name="later.pdf", publish="after")
        self.by_hand = make.a_material(here, "handout", "Blad van Sam", name="blad.pdf", publish="hand")
        self.hidden = make.a_material(here, title="Dia's achter slot", name="verborgen.pdf", publish="now", is_public=False)
        self.links = [make.a_link(here, f"Opname {n}", publish="now") for n in range(len(sessions))]

    def value(self, rule, name):
        """Something real for an argument of a route about materials and rooms; None when it is about something else."""
        path, material = rule.rule, self.shown[0]
        if path.startswith("/zaal/"):
            room = self.rooms[0]
            return links.derive(Purpose.ROOM, room.id, room.link_version) if name == "token" else material.code
        if "/portret/" in path and name == "code":
            return self.speakers[0].portrait_code
        if "/materiaal/" in path:
            if name == "number":
                return material.newest.number if "<code>" in path else None
            return {"code": material.code, "material": material.id, "nth": 1}.get(name)
        return None

    def _of(self, n, session, speaker):
        """Slides that are public now, replaced once; and what the speaker told."""
        speaker.availability, speaker.equipment = f"Pas na {n % 12 + 10} uur.", "Een flipchart."
        speaker.consented_at = clock.now()
        make.a_portrait(speaker)
        make.speaker_needs(speaker, "Zit graag.")
        material = make.a_material(session, title=f"Dia's {n}", publish="now")
        make.a_preview(material.newest)
        make.a_preview(make.a_version(material, name="dias-2.pdf"))
        return material
