"""Who reads what of pitches, judging, speakers and slides: each role × every address × each column, letters and the log.

Every text of every row is a word of its own, and so is every file. They are looked for in every byte of every answer.

| what | everybody | who sent it in | who judges it | the speaker | organiser |
|---|---|---|---|---|---|
| words of a pitch | when it is public | yes | when it is theirs | – | yes |
| practical wishes | never | yes | when it is theirs | – | yes |
| names, organisation, partners | never while judging is blind | yes | never | – | yes |
| addresses | never | their own | never | – | yes |
| why it was decided | never | once told | never | – | yes |
| reviews and remarks | never | never | after their own | – | yes |
| attachments | never | yes | content, never the name | – | yes |
| who wants to think along | never | never | never | – | yes |
| availability, equipment, reason of a no | never | – | – | their own | yes |
| needs | never | – | – | their own | with the right |
| slides that are public now | yes | yes | yes | yes | yes |
| slides that are not, and earlier versions | never | never | never | their own | yes |
"""

import pytest

from blender_event.core import links
from blender_event.core.database import SAFE_METHODS, Base, db
from blender_event.core.links import Purpose
from blender_event.pitches.models import Author, Interest
from blender_event.programme.models_materials import MaterialVersion
from tests import factories as make
from tests.canaries import Canaries, free
from tests.ground import letters
from tests.page import Page
from tests.visitor import Visitor, signed_in
from tests.world import World

pytestmark = [pytest.mark.once, pytest.mark.slow]

# Every column of every table of this part, by who may read it. A new column needs a decision.
COLUMNS = {
    "calls": {
        "everybody": "title intro_html",
        "organisers": "intro",
        "plain": "id edition_id slug kinds opens_at closes_at word_limit most_authors most_files criteria is_blind judged_by "
        "judging_closes_at pitches_public_at position created_at revision",
    },
    "pitches": {
        "words": "title summary what for_whom result why vision_for_whom around_what inclusion_access inclusion_support "
        "inclusion_learning accessibility privacy client_part ai_help",
        "inside": "practical",
        "who": "partners",
        "told": "decision_note",
        "plain": "id edition_id call_id code status pending kind intents subjects help_forms stage themes technology sectors "
        "audience_group format_slug most_participants may_record agreed_public language search_text extended_until created_at "
        "changed_at submitted_at decided_at told_at session_id revision",
    },
    "pitch_authors": {
        "who": "name job_title organisation email email_key",
        "plain": "id pitch_id person_id role status speaks language link_version invited_at accepted_at verified_at",
    },
    "pitch_files": {
        "who": "name",
        "inside": "content",
        "plain": "id pitch_id storage_key media_type size sha256 scanned uploaded_at",
    },
    "pitch_interests": {
        "organisers": "name organisation email email_key words",
        "plain": "id edition_id pitch_id language consent_at created_at",
    },
    "judges": {"plain": "id edition_id call_id person_id themes invited_at reminded_at"},
    "assignments": {"plain": "id pitch_id person_id made_by assigned_at"},
    "reviews": {
        "jury": "strengths attention reason",
        "plain": "id pitch_id person_id is_accessible is_inclusive is_private advice scores written_at changed_at revision",
    },
    "remarks": {"jury": "words", "plain": "id pitch_id person_id said_at"},
    "materials": {
        "material": "title url",
        "plain": "id edition_id session_id uid code kind language licence accessible is_public publish published_at "
        "published_number position created_at removed_at revision",
    },
    "material_versions": {
        "version": "name content",
        "plain": "id material_id number storage_key media_type size sha256 scanned preview pages uploaded_at uploaded_by_id",
    },
    "previews": {"version": "content", "plain": "id version_id storage_key width height size made_at"},
    "portraits": {"everybody": "content", "plain": "id edition_id speaker_id code storage_key size made_at"},
    "speaker_needs": {"needs": "words", "plain": "id edition_id speaker_id consent_at"},
    "speakers": {
        "everybody": "name role organisation unit biography_html",
        "own": "biography availability equipment decline_reason",
        "plain": "id edition_id person_id uid code status confirmed_at declined_at consented_at portrait_code reminded "
        "feed_version position is_released withheld_at revision",
    },
}
FIELDS = {
    f"{table}.{column}": kind
    for table, kinds in COLUMNS.items()
    for kind, columns in kinds.items()
    for column in columns.split()
}
ORGANISERS = {"organiser", "chief"}
PEOPLE = (
    "anonymous",
    "nobody",
    "helper",
    "stranger",
    "elsewhere",
    "reviewer",
    "reviewed",
    "speaker",
    "organiser",
    "chief",
)
HOLDERS = ("submitter", "co", "declined", "room")


def test_every_column_has_a_decision():
    there = {f"{name}.{column.name}" for name in COLUMNS for column in Base.metadata.tables[name].columns}

    assert there ^ {field for field in FIELDS if not field.endswith(".content")} == set()


def test_every_free_text_is_looked_for():
    """What the columns call plain holds no words of anybody."""
    words = {f"{name}.{column.name}" for name in COLUMNS for column in free(Base.metadata.tables[name])}

    assert {field for field in words if FIELDS[field] == "plain"} == set()


class Matrix:
    """The world with a hidden pitch that is being judged, and what each role may read of it."""

    def __init__(self, app):
        self.app, self.world = app, World()
        ideas = self.world.ideas
        self.hidden, self.told = ideas.pitches[0], ideas.states["declined"]
        self.hidden.agreed_public = False
        self.file = self.hidden.files[0].id
        make.an_interest(self.hidden)
        self.public = {ideas.states[state].id for state in ("accepted", "waitlisted", "confirmed")}
        self.people = {name: getattr(self.world, name, None) for name in PEOPLE}
        self.people["reviewed"] = ideas.second
        self.people["elsewhere"] = make.a_reviewer("Els Elders", self.world.edition, ideas.stands)
        make.a_session("Van een ander", edition=self.world.edition, at="17:00", speakers=[make.a_speaker("Ander")])
        self.canaries = Canaries(COLUMNS)
        make.a_release(self.world.edition, by=self.world.chief)
        self.versions = {row.id: row for row in db.session.query(MaterialVersion)}
        self.secrets = self._secrets()

    def _secrets(self):
        """Where files are kept (told to nobody) and personal links (only to who holds them): (bytes, holders)."""
        author, room, speaker = self.hidden.authors[0], self.world.rooms[0], self.world.speakers[0]
        keys = [row.storage_key for row in self.versions.values()] + [self.hidden.files[0].storage_key]
        held = {
            links.derive(Purpose.PITCH, author.id, author.link_version): {"submitter"},
            links.derive(Purpose.ROOM, room.id, room.link_version): {"room", *ORGANISERS},
            links.derive(Purpose.SPEAKER_FEED, speaker.id, speaker.feed_version): {"speaker"},
        }
        return [(key.encode(), set()) for key in keys] + [(token.encode(), who) for token, who in held.items()]

    def token(self, role, rule):
        """The personal link this role holds for a route, or None."""
        author = {"submitter": self.hidden.authors[0], "co": self.hidden.authors[1], "declined": self.told.authors[0]}
        if role == "room":
            return self.world.slides.value(rule, "token") if rule.rule.startswith("/zaal/") else None
        if role not in author or not rule.endpoint.startswith("pitches.") or rule.endpoint == "pitches.invitation":
            return None
        return links.derive(Purpose.PITCH, author[role].id, author[role].link_version)

    def paths(self, role):
        """(rule, path) of every route, with the tokens this role holds; what needs another's token is left out."""
        adapter = self.app.url_map.bind("blender.example.org", url_scheme="https")
        for rule, path, policy in self.world.routes(self.app):
            if policy in ("operator", "developer"):
                continue
            if "token" in rule.arguments:
                token = self.token(role, rule)
                if token is None:
                    continue
                values = {name: self.world.value(rule, name) for name in rule.arguments - (rule.defaults or {}).keys()}
                if "/bijlagen/" in rule.rule:
                    values["number"] = self.file
                method = "GET" if "GET" in rule.methods else "POST"
                path = adapter.build(rule.endpoint, values | {"token": token}, method=method)
            yield rule, path

    def browser(self, role):
        person = self.people.get(role)
        return Visitor(self.app) if person is None else signed_in(self.app, person)

    def may_read(self, role, where):
        """The table above, as one answer. `role` is a name or, of a letter, the pitch of the author it goes to."""
        kind = FIELDS[where.field]
        if kind == "everybody":
            return True
        if where.table == "speakers" or kind == "needs":
            return self._of_speaker(role, where, kind)
        if where.table in ("materials", "material_versions", "previews"):
            return role in {*ORGANISERS, "speaker", "room"} or self._is_shown(where)
        return role in ORGANISERS or self._of_pitch(role, where, kind)

    def _of_speaker(self, role, where, kind):
        elsewhere = where.table == "speakers" and where.row == self.elsewhere
        return (
            role == "chief"
            or (role == "speaker" and where.row in (self.mine, self.elsewhere))
            or (role == "organiser" and kind == "own" and not elsewhere)
            or (role == "stranger" and elsewhere)
        )

    @property
    def mine(self):
        return self.world.speakers[0].id

    @property
    def elsewhere(self):
        return 2  # Sam in the other edition: the second speaker that the world makes

    def _is_shown(self, where):
        slides = self.world.slides
        shown = {slides.shown[0].id, slides.links[0].id}
        if where.table == "materials":
            return where.row in shown
        version = self.versions[where.row]  # a preview has the number of its version: they are made together
        return version.material_id in shown and version.number == 2

    def _of_pitch(self, role, where, kind):
        pitch = self.pitch_of(where)
        author = (
            role == pitch
            or {"submitter": self.hidden.id, "co": self.hidden.id, "declined": self.told.id}.get(role) == pitch
        )
        judge = pitch == self.hidden.id and role in ("reviewer", "reviewed")
        return {
            "words": author or judge or pitch in self.public,
            "inside": author or judge,
            "who": author,
            "told": author and pitch != self.hidden.id,
            "jury": judge and role == "reviewed",
            "organisers": False,
        }[kind]

    def pitch_of(self, where):
        """The pitch a row belongs to."""
        if where.table == "pitches":
            return where.row
        table = Base.metadata.tables[where.table]
        if "pitch_id" not in table.c:
            return None
        return db.session.execute(table.select().where(table.c.id == where.row)).mappings().one()["pitch_id"]

    def leaks(self, role, answer, path):
        body = answer.get_data()
        found = self.canaries.in_bytes(body) | self.canaries.in_bytes(str(answer.headers).encode())
        told = {
            f"{role} learns {secret!r} at {path}" for secret, who in self.secrets if secret in body and role not in who
        }
        return told | {f"{role} reads {where} at {path}" for where in found if not self.may_read(role, where)}


@pytest.fixture
def matrix(app, calm):
    return Matrix(app)


@pytest.mark.parametrize("role", [*PEOPLE, *HOLDERS])
def test_nobody_reads_what_is_not_theirs(matrix, role, capsys):
    """By looking everywhere, then by pressing everything that is theirs to press; the log tells nothing either."""
    browser, leaks, read = matrix.browser(role), set(), set()
    routes = list(matrix.paths(role))
    for rule, path in routes:
        if "GET" in rule.methods:
            for address in (path, f"/en{path}"):
                answer = browser.client.get(address)
                leaks |= matrix.leaks(role, answer, address)
                read |= {where.field for where in matrix.canaries.in_bytes(answer.get_data())}
    if role not in ORGANISERS:
        token = browser.csrf_token()
        for rule, path in routes:
            for method in rule.methods - SAFE_METHODS:
                answer = browser.client.open(path, method=method, data={"csrf_token": token})
                leaks |= matrix.leaks(role, answer, f"{method} {path}")
    assert leaks == set()
    assert SEES.get(role, {"pitches.summary"}) <= read
    told = capsys.readouterr()
    assert matrix.canaries.in_bytes((told.out + told.err).encode()) == set()


# The other side: what is hidden from the others is there to be seen.
SEES = {
    "submitter": {"pitch_authors.name", "pitch_files.name", "pitches.practical", "pitch_files.content"},
    "declined": {"pitches.decision_note"},
    "reviewer": {"pitches.practical", "pitch_files.content"},
    "reviewed": {"reviews.strengths", "remarks.words"},
    "speaker": {"speaker_needs.words", "speakers.equipment", "materials.url", "material_versions.content"},
    "room": {"materials.title"},
    "organiser": {"pitch_authors.email", "pitch_interests.words", "reviews.strengths", "pitches.decision_note"},
    "chief": {"speaker_needs.words", "speakers.availability"},
}


@pytest.mark.parametrize("role", ["anonymous", "submitter", "co", "reviewer", "reviewed", "speaker", "helper"])
def test_a_decision_that_nobody_was_told_changes_not_one_byte(matrix, role):
    browser = matrix.browser(role)
    routes = [(rule, path) for rule, path in matrix.paths(role) if "GET" in rule.methods]

    def texts(pending):
        matrix.hidden.pending = pending
        matrix.hidden.decided_at = matrix.hidden.submitted_at if pending else None
        db.session.commit()
        return {path: shown(browser.client.get(path), path) for _rule, path in routes}

    undecided, accepted, declined = texts(None), texts("accepted"), texts("declined")
    assert [path for path in undecided if not undecided[path] == accepted[path] == declined[path]] == []


def shown(answer, path):
    page = Page(answer, path)
    return (answer.status_code, page.text if page.tree is not None else answer.get_data())


def test_letters_tell_each_reader_only_what_is_theirs(matrix):
    """An organiser presses every button there is, as it stands; then everybody's letters are read."""
    browser = matrix.browser("chief")
    for rule, path in list(matrix.paths("chief")):
        if "GET" in rule.methods and rule.endpoint.startswith(
            ("admin.pitches.", "admin.speakers.", "admin.materials.")
        ):
            page = Page(browser.client.get(path), path)
            for form in page.forms if page.tree is not None else ():
                if form.method == "POST" and "/afmelden" not in form.address():
                    browser.client.post(form.address(), data=form.filled({}))
    roles = {person.email: role for role, person in matrix.people.items() if person is not None}
    roles |= {row.email: row.pitch_id for row in db.session.query(Author)}
    roles |= {row.email: "anonymous" for row in db.session.query(Interest)}
    written = letters()
    leaks = set()
    for letter in written:
        role = roles.get(letter.to_email, "anonymous")
        body = " ".join([letter.subject, letter.text, letter.html, letter.about, str(letter.attachments)]).encode()
        found = matrix.canaries.in_bytes(body)
        leaks |= {f"{letter.kind} to {role}: {where}" for where in found if not matrix.may_read(role, where)}

    assert leaks == set()
    assert len({letter.kind for letter in written}) >= 3
