"""Of a blind call a reviewer learns nothing about who sent a pitch in: a canary stands in every field that says it."""

import pytest
import structlog

from blender_event.core import text
from blender_event.core.database import db
from blender_event.pitches import queries_reviewing
from blender_event.pitches.models import Author
from tests import factories as make
from tests.pitches.judging import Jury
from tests.visitor import signed_in
from tests.world import World

CANARY = "Kanarie"
FOUND = CANARY.lower().encode()


def with_canaries(pitch):
    """Everything that says who sent this pitch in names the canary; its own words do not."""
    for author in pitch.authors:
        author.name, author.job_title, author.organisation = f"{CANARY} de Vries", f"{CANARY}werker", f"CAW {CANARY}"
        author.email = f"{CANARY}.{author.id}@example.com"
        author.email_key = text.email_key(author.email)
    for file in pitch.files:
        file.name = f"{CANARY}-begroting.pdf"
    pitch.partners = f"Samen met het {CANARY}huis."
    db.session.commit()


class Watch:
    """Every answer a browser gets, headers and all."""

    def __init__(self, browser):
        self.browser = browser
        self.seen = []
        self._open = browser.client.open

    def __enter__(self):
        def open_(*args, **kwargs):
            answer = self._open(*args, **kwargs)
            self.seen.append((args, str(answer.headers).encode() + answer.get_data()))
            return answer

        self.browser.client.open = open_
        return self

    def __exit__(self, *_error):
        del self.browser.client.open

    @property
    def leaks(self):
        return [place for place, answer in self.seen if FOUND in answer.lower()]


@pytest.fixture
def jury(app):
    jury = Jury(app)
    make.an_author(
        jury.first, "Mede", role="co", person=make.a_person(f"{CANARY} Persoon", email="kanarie@example.com")
    )
    make.an_author(jury.first, "Gevraagd", role="co", status="invited")
    make.a_pitch_file(jury.first, "begroting.pdf")
    make.a_pitch_file(jury.first, "brief.pdf")
    make.a_review(jury.first, jury.greet)
    with_canaries(jury.first)
    return jury


def test_no_page_answer_or_header_of_judging_names_anybody(jury):
    rik = jury.browser(jury.rik)
    page = jury.page(jury.first)
    with Watch(rik) as watch:
        for language in ("", "/en"):
            rik.get(f"{language}/beheer/2027/beoordelen")
            early = rik.get(language + page)
            rik.submit(early, expect=422)
        rik.submit(page, advice="yes", score_a1="3", button="next")
        rik.submit(early, advice="no", expect=409)
        rik.submit(page, advice="maybe", button="stay", follow=True)
        rik.submit(page, form="remark-form", words=" ", expect=422)
        rik.submit(page, form="remark-form", words="Goed.", follow=True)
        for number in (1, 2):
            for method in ("GET", "HEAD"):
                rik.client.open(f"{page}/bijlage/{number}", method=method)
        rik.get(f"{page}/bijlage/3", expect=404)
        rik.get(f"{page}/bijlage/0", expect=404)
        jury.closed()
        rik.get(page)

    assert len(watch.seen) > 20
    assert watch.leaks == []


def test_an_attachment_has_a_name_that_tells_nothing(jury):
    answer = jury.browser(jury.rik).client.get(f"{jury.page(jury.first)}/bijlage/2")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="bijlage-2.pdf"')
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_slides_of_a_blind_pitch_stay_slides(jury):
    make.a_pitch_file(jury.first, "Noor. Klein vertelt.pptx", b"PK slides")
    rik = jury.browser(jury.rik)

    answer = rik.client.get(f"{jury.page(jury.first)}/bijlage/3")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="bijlage-3.pptx"')
    assert "PPTX" in rik.get(jury.page(jury.first))


def test_an_attachment_of_what_is_not_theirs_is_not_there(jury):
    make.a_pitch_file(jury.third, "begroting.pdf")
    rik = jury.browser(jury.rik)

    rik.get(f"{jury.page(jury.third)}/bijlage/1", expect=404)


def test_with_names_where_the_call_is_not_blind(app):
    """The other side of the tests above: the canary is there to be seen."""
    jury = Jury(app, is_blind=False)
    make.an_author(jury.first, "Gevraagd", role="co", status="invited", organisation="Nog niet gezegd")
    make.a_pitch_file(jury.first, "begroting.pdf")
    with_canaries(jury.first)
    rik = jury.browser(jury.rik)
    page = rik.get(jury.page(jury.first))

    assert "Kanarie de Vries, CAW Kanarie" in page
    assert "Kanariehuis" in page
    assert page.text.count("Kanarie de Vries") == 1
    assert "@" not in page
    answer = rik.client.get(f"{jury.page(jury.first)}/bijlage/1")
    assert "Kanarie-begroting.pdf" in answer.headers["Content-Disposition"]


def test_letters_to_judges_name_no_pitch_and_nobody(jury, organiser, letters):
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")
    organiser.submit(f"{jury.jury}/herinneren")

    found = [one for one in letters() if one.kind.startswith("review")]
    assert len(found) == 4
    for one in found:
        everything = f"{one.subject}{one.text}{one.html}{one.about}{one.key}"
        assert CANARY.lower() not in everything.lower()
        assert "Idee" not in everything


def test_log_lines_hold_numbers_only(jury, organiser):
    rik = jury.browser(jury.rik)
    with structlog.testing.capture_logs() as lines:
        rik.submit(jury.page(jury.first), advice="yes", strengths="Sterk.", button="stay")
        rik.submit(jury.page(jury.first), form="remark-form", words="Zeg eens.")
        rik.client.get(f"{jury.page(jury.first)}/bijlage/1")
        organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")

    said = str(lines).lower()
    assert "review kept" in said
    for secret in (CANARY.lower(), "idee", "sterk", "zeg eens", "rik", "@", "begroting"):
        assert secret not in said


def test_what_a_list_knows_holds_no_author(jury):
    """The rows behind a reviewer's list have no field that could ever say it."""
    fields = set(queries_reviewing.Mine.__dataclass_fields__)

    assert fields.isdisjoint({column.name for column in Author.__table__.columns} - {"id", "status"})
    assert fields.isdisjoint({"partners", "authors", "search_text"})


def test_an_organiser_who_judges_is_warned_before_they_look_elsewhere(jury, organiser, ada):
    make.a_judge(jury.call, ada)
    make.an_assignment(jury.first, ada)
    for path in ("/beheer/2027/beoordelen", jury.page(jury.first), jury.jury):
        assert organiser.get(path).tree.xpath("//main//*[contains(@class, 'notice warn')]")


def test_the_order_of_pitches_is_each_judges_own(jury):
    for n in range(12):
        pitch = make.a_pitch(f"Meer {n}", jury.call)
        make.an_assignment(pitch, jury.rik)
        make.an_assignment(pitch, jury.greet)
    orders = [
        [
            one.id
            for one in queries_reviewing.mine(person, jury.edition)
            if one.id not in (jury.first.id, jury.second.id)
        ]
        for person in (jury.rik, jury.greet, jury.rik)
    ]

    assert orders[0] == orders[2]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


@pytest.mark.slow
@pytest.mark.once
def test_a_reviewer_meets_the_canary_nowhere_in_the_house(app, calm):
    """Every address of every kind, public ones and searches included, while the jury reads."""
    world = World()
    for pitch in world.ideas.states.values():
        with_canaries(pitch)
    browser = signed_in(app, world.ideas.reviewer)
    make.a_review(world.ideas.pitches[0], world.ideas.reviewer)
    leaks, asked = [], 0
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods or policy == "link holder":
            continue
        for address in (path, f"/en{path}"):
            answer = browser.client.get(address)
            asked += 1
            if FOUND in (str(answer.headers).encode() + answer.get_data()).lower():
                leaks.append(address)
        found, nothing = (browser.client.get(f"{path}?q={word}") for word in (CANARY, "Pinguin"))
        if found.get_data().count(b"idee") != nothing.get_data().count(b"idee"):
            leaks.append(f"{path} finds a pitch by a name")

    assert leaks == []
    assert asked > 100
