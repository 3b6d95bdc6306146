"""One edition with something of everything, and a real address for every route: for tests that go through all pages."""

import re
from datetime import timedelta

from blender_event.core import clock, links
from blender_event.core.access import policy_of
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.mail.models import Letter, Mailing
from blender_event.people.models import SignInLink
from blender_event.recaps.models import Recap
from blender_event.registrations.models import FreshLink, Parked, Team
from tests import factories as make
from tests.visitor import Visitor, signed_in
from tests.world_pitches import Ideas, Slides

NAMED = {
    "zalen": "rooms",
    "themas": "tracks",
    "vormen": "formats",
    "zaal": "rooms",
    "thema": "tracks",
    "vorm": "formats",
}
FRESH = {"portal.needs": "needs", "portal.ask_new_address": "needs", "portal.new_address": "email"}


class Browsers:
    """A browser of each kind of visitor, already signed in."""

    def __init__(self, app, world):
        self.app, self.world = app, world
        self.made = {}
        for name in (None, "chief", "speaker", "reviewer"):
            self.named(name)

    def of(self, policy):
        """The browser of who sees most behind this policy."""
        return self.named(self.world.owner(policy))

    def named(self, name):
        """The browser of `world.<name>`; of an anonymous visitor for None."""
        if name not in self.made:
            self.made[name] = signed_in(self.app, getattr(self.world, name)) if name else Visitor(self.app)
        return self.made[name]


class World:
    """An edition with `rows` of everything, released, and another one that has an organiser of its own."""

    def __init__(self, rows=1, slug="2027", needs="Zonder noten.", **facts):
        now = clock.now()
        day = facts.get("starts_on", make.DAY)
        self.edition = make.an_edition(slug, **{"has_recap": True, "ends_on": day + timedelta(days=1)} | facts)
        self.other = make.an_edition(f"{slug}-elders")
        self.chief = make.an_organiser("Ada Lovelace", sees_needs=True)
        self.organiser = make.an_organiser("Olga", self.edition)
        self.stranger = make.an_organiser("Oscar", self.other)
        self.helper = make.a_person("Grace Hopper", role="desk")
        self.nobody = make.a_person("Mallory")
        numbers = range(rows)
        self.rooms = [make.a_room(f"Aula {n}", self.edition) for n in numbers]
        self.tracks = [make.a_track(f"Nabij {n}", self.edition, colour=n % 8 + 1) for n in numbers]
        self.formats = [make.a_format(f"Gesprek {n}", self.edition) for n in numbers]
        self.speakers = [make.a_speaker(f"Spreekster {n}", self.edition, biography="Werkt online.") for n in numbers]
        self.sessions = [self._session(n) for n in numbers]
        self.slides = Slides(self.edition, self.rooms, self.sessions, self.speakers)
        make.a_speaker("Sam Spreekster", self.other, self.slides.speaker, biography="Sprak er ook.")
        self.release = make.a_release(self.edition, by=self.chief)
        self.team = Team(edition_id=self.edition.id, name="Het team", created_at=now)
        db.session.add(self.team)
        db.session.flush()
        self.registrations = [
            make.a_registration(
                self.edition, first_name=f"Alex{n}", needs=needs, team_id=self.team.id, organisation="CAW"
            )
            for n in numbers
        ]
        self.waiting = [
            make.a_registration(self.edition, first_name=f"Wim{n}", status="waiting", attendance="online")
            for n in numbers
        ]
        self.letters = [self._letter(n) for n in numbers]
        self.roles = [make.a_person(f"Hulp {n}", role="organiser", edition=self.edition).roles[0] for n in numbers]
        self.parked = [
            Parked(edition_id=self.edition.id, details={"first_name": f"Bot {n}"}, parked_at=now) for n in numbers
        ]
        self.recap = Recap(
            edition_id=self.edition.id,
            title="Terugkijken op Blender",
            author="Ada",
            summary="Het was goed.",
            body="Een *mooie* dag.",
            body_html="<p>Een <em>mooie</em> dag.</p>",
            published_at=now,
            changed_at=now,
        )
        self.mailing = Mailing(
            edition_id=self.edition.id, kind="edition_changed", audience=[], created_at=now, finished_at=now
        )
        db.session.add_all([*self.parked, self.recap, self.mailing])
        db.session.commit()
        self.ideas = Ideas(self.edition, self.chief, rows)
        self.works = [make.a_work(f"Eerder werk {n}") for n in numbers]
        self.reviewer, self.speaker = self.ideas.reviewer, self.slides.speaker

    def _session(self, n):
        return make.a_session(
            f"Onderwerp {n}",
            edition=self.edition,
            at=f"{8 + n // 4:02}:{n % 4 * 15:02}",
            minutes=15,
            room=self.rooms[n],
            speakers=[self.speakers[n]],
            track_id=self.tracks[n].id,
            format_id=self.formats[n].id,
            abstract="Wat werkt er echt?",
        )

    def _letter(self, n):
        now = clock.now()
        letter = Letter(
            edition_id=self.edition.id,
            kind="confirmation",
            about=f"registration {self.registrations[n].id}",
            to_email=self.registrations[n].email,
            to_name="Alex",
            subject=f"Bericht {n}",
            text="Dag Alex",
            html="<p>Dag Alex</p>",
            message_id=f"{n}.{self.edition.slug}@example.org",
            status="failed",
            reason="550 onbekend",
            attachments=[{"name": "blender.ics", "type": "text/calendar", "data": "QkVHSU46VkNBTEVOREFS"}],
            created_at=now,
            due_at=now,
        )
        db.session.add(letter)
        db.session.commit()
        return letter

    def sign_in_token(self, person=None):
        """A fresh sign-in link, of nobody in particular."""
        token, now = links.random_token(), clock.now()
        db.session.add(
            SignInLink(
                person_id=(person or self.nobody).id,
                token_hash=links.hashed(token),
                created_at=now,
                expires_at=now + timedelta(minutes=9),
            )
        )
        db.session.commit()
        return token

    def fresh_token(self, kind):
        """A mailed link of ten minutes of the first registration."""
        now = clock.now()
        link = FreshLink(
            registration_id=self.registrations[0].id,
            kind=kind,
            new_email="nieuw@example.org" if kind == "email" else None,
            created_at=now,
            expires_at=now + timedelta(minutes=10),
        )
        db.session.add(link)
        db.session.commit()
        return links.derive(Purpose.FRESH, link.id, int(now.timestamp()))

    def value(self, rule, name):
        """Something real for one argument of a route."""
        parts = rule.rule.split("/")
        before = next((parts[place - 1] for place, part in enumerate(parts) if f"{name}>" in part and place), "")
        registration = self.registrations[0]
        if name == "edition":
            return self.edition
        for part in (self.ideas, self.slides):
            if (found := part.value(rule, name)) is not None:
                return found
        if f"):{name}>" in rule.rule:  # one of a few words, such as <any(zalen, themas):kind>
            return re.search(rf"any\((\w+)[^)]*\):{name}>", rule.rule)[1]
        if name == "token":
            if rule.endpoint in FRESH:
                return self.fresh_token(FRESH[rule.endpoint])
            return {
                "aanmelden": self.sign_in_token,
                "mijn": lambda: links.derive(Purpose.MANAGE, registration.id, registration.link_version),
                "agenda": lambda: links.derive(Purpose.FEED, registration.id, registration.feed_version),
                "beeld": lambda: links.derive(Purpose.CONFIRM, registration.id, registration.link_version),
            }[before]()
        if name in ("session", "speaker"):
            return (self.sessions if name == "session" else self.speakers)[0].slug
        if name in ("slug", "track", "format", "room"):
            return getattr(self, NAMED[before])[0].slug
        if name in ("number", "id"):
            return self._number(rule, before)
        return {"place": 0, "version": "x", "path": "style/blender.css", "form": "csv"}[name]

    def _number(self, rule, before):
        if "sprekers" in rule.rule:
            return self.speakers[0].id
        if "sessies" in rule.rule:
            return self.sessions[0].id
        found = {
            "versie": self.release.number,
            "versies": self.release.number,
            "mails": self.letters[0].id,
            "toegang": self.roles[0].id,
            "inschrijvingen": self.registrations[0].id,
            "geparkeerd": self.parked[0].id,
            "werken": self.works[0].id,
        }
        return found.get(before, self.rooms[0].id)

    def owner(self, policy):
        """The name of who sees most behind this policy: what is a speaker's or reviewer's own, they see."""
        return {"everyone": None, "link holder": None, "speaker": "speaker", "reviewer": "reviewer"}.get(
            policy, "chief"
        )

    def routes(self, app, *policies):
        """Every rule with a real path, of these policies (names) or all: (rule, path, policy name)."""
        adapter = app.url_map.bind("blender.example.org", url_scheme="https")
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            policy = policy_of(app.view_functions[rule.endpoint]).name
            if (policies and policy not in policies) or rule.endpoint == "static_file":
                continue
            values = {name: self.value(rule, name) for name in rule.arguments if name not in (rule.defaults or {})}
            yield rule, adapter.build(rule.endpoint, values), policy
