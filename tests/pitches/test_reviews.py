"""A reviewer reads what is theirs and writes beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches import queries_judging
from blender_event.pitches.models_judging import Remark, Review
from tests import factories as make
from tests.factories_programme import saved
from tests.pitches.judging import Jury
from tests.visitor import Visitor, signed_in


@pytest.fixture
def jury(app):
    return Jury(app)


@pytest.fixture
def rik(jury):
    return jury.browser(jury.rik)


def reviews():
    db.session.rollback()
    return db.session.query(Review).order_by(Review.id).all()


def test_a_reviewer_is_led_to_the_next_pitch_and_writes_what_they_think(jury, rik):
    rik.get("/beheer", expect=302)
    page = rik.follow()
    assert rik.path == "/beheer/2027/beoordelen"
    first = page.links["Read and judge" if "Read and judge" in page.links else "Lees en beoordeel"]

    rik.submit(first, advice="yes", strengths="Dicht bij mensen.", is_accessible=True, score_a1="4", button="next")

    assert rik.location != first
    [found] = reviews()
    assert (found.person_id, found.advice, found.strengths) == (jury.rik.id, "yes", "Dicht bij mensen.")
    assert (found.is_accessible, found.is_inclusive, found.is_private) == (True, False, False)
    assert found.scores == {"a1": 4}
    rik.follow()
    rik.submit(rik.page, advice="no", button="stay")
    assert rik.get("/beheer/2027/beoordelen").links.keys().isdisjoint({"Read and judge", "Lees en beoordeel"})
    assert len(reviews()) == 2


def test_the_last_review_leads_back_to_the_list(jury, rik):
    make.a_review(jury.first, jury.rik)
    make.an_assignment(jury.third, jury.rik)
    rik.submit(jury.page(jury.second), advice="yes", button="next")
    assert rik.location == jury.page(jury.third)
    rik.follow()

    rik.submit(rik.page, advice="maybe", button="stay", follow=True)

    assert rik.path == jury.page(jury.third)
    assert not rik.page.tree.xpath("//button[@value='next']")


def test_a_review_needs_an_advice_and_keeps_everything_typed(jury, rik):
    page = rik.submit(jury.page(jury.first), strengths="Heel sterk.", attention="Duur.", score_a1="2", expect=422)

    assert "advice" in page.errors
    values = page.form("review-form").values()
    assert (values["strengths"], values["attention"], values["score_a1"]) == (["Heel sterk."], ["Duur."], ["2"])
    assert reviews() == []


def test_a_double_click_saves_one_review(jury, rik):
    page = rik.get(jury.page(jury.first))
    rik.submit(page, advice="yes", strengths="Goed.")
    rik.submit(page, advice="yes", strengths="Goed.")

    [found] = reviews()
    assert found.revision == 0


def test_saving_as_often_as_wanted(jury, rik):
    for number, advice in enumerate(["yes", "maybe", "no"]):
        rik.submit(jury.page(jury.first), advice=advice, button="stay")
        assert [(one.advice, one.revision) for one in reviews()] == [(advice, number)]


def test_two_windows_do_not_overwrite_each_other(jury, rik):
    early = rik.get(jury.page(jury.first))
    rik.submit(jury.page(jury.first), advice="yes", strengths="Uit het tweede venster.")

    page = rik.submit(early, advice="no", strengths="Uit het eerste venster.", expect=409)

    assert "Uit het tweede venster." in page
    assert page.form("review-form").values()["strengths"] == ["Uit het eerste venster."]
    assert [one.advice for one in reviews()] == ["yes"]
    rik.submit(page, button="stay")
    assert [(one.advice, one.strengths) for one in reviews()] == [("no", "Uit het eerste venster.")]


def test_two_windows_that_both_change_a_review(jury, rik):
    make.a_review(jury.first, jury.rik)
    early = rik.get(jury.page(jury.first))
    rik.submit(jury.page(jury.first), advice="no")

    rik.submit(early, advice="maybe", expect=409)

    assert [one.advice for one in reviews()] == ["no"]


def test_not_for_me_keeps_the_reason_and_nothing_else(jury, rik):
    rik.submit(
        jury.page(jury.first), advice="not_mine", reason="Mijn zus.", strengths="?", is_private=True, score_a1="5"
    )

    [found] = reviews()
    assert (found.advice, found.reason, found.strengths, found.is_private, found.scores) == (
        "not_mine",
        "Mijn zus.",
        "",
        False,
        {},
    )


@pytest.mark.parametrize("criterion", ["9", "0", "x", "-1"])
def test_a_score_lies_between_one_and_five(jury, rik, criterion):
    rik.get(jury.page(jury.first))
    rik.post(jury.page(jury.first), seen="-1", advice="yes", score_a1=criterion, expect=422)

    assert reviews() == []


def test_after_closing_a_review_can_be_read_and_not_changed(jury, rik):
    page = rik.get(jury.page(jury.first))
    make.a_review(jury.second, jury.rik, strengths="Mijn oude woorden.")
    jury.closed()

    answer = rik.submit(page, advice="yes", strengths="Te laat getypt.", expect=422)
    assert "Te laat getypt." in answer.form("review-form").values()["strengths"]
    assert len(reviews()) == 1
    shown = rik.get(jury.page(jury.second))
    assert "Mijn oude woorden." in shown
    assert not shown.tree.xpath("//*[@id='review-form']")
    assert not rik.get("/beheer/2027/beoordelen").tree.xpath("//*[contains(@class, 'next-pitch')]")


def test_the_closing_moment_itself_is_too_late(jury, rik, time_stands_still):
    page = rik.get(jury.page(jury.first))
    closes = clock.now() + timedelta(minutes=5)
    jury.call.judging_closes_at = closes
    saved(jury.call)
    time_stands_still.move_to(closes)

    rik.submit(page, advice="yes", expect=422)


def test_a_pitch_whose_decision_was_told_is_only_read(jury, rik):
    page = rik.get(jury.page(jury.first))
    jury.first.status = "declined"
    saved(jury.first)

    rik.submit(page, advice="yes", expect=422)
    rik.get(jury.page(jury.first))

    assert reviews() == []


@pytest.mark.parametrize("status", ["draft", "withdrawn", "cancelled"])
def test_what_was_not_sent_in_or_taken_back_is_not_there(jury, rik, status):
    jury.first.status = status
    saved(jury.first)

    rik.get(jury.page(jury.first), expect=404)
    assert "Idee 0" not in rik.get("/beheer/2027/beoordelen")


def test_only_what_is_theirs_is_there(jury, rik):
    other = make.a_pitch("Van een andere editie", make.a_call(make.an_edition("2030")))
    rik.get(jury.page(jury.third), expect=404)
    rik.get(jury.page(other), expect=404)
    rik.get(f"/beheer/2030/beoordelen/{other.id}", expect=404)
    rik.get("/beheer/2030/beoordelen", expect=404)
    rik.get("/beheer/2027/beoordelen/999999", expect=404)
    rik.post(jury.page(jury.third), advice="yes", seen="-1", expect=404)
    rik.post(f"{jury.page(jury.third)}/opmerking", words="x", key="k", expect=404)
    assert reviews() == []


def test_where_everyone_judges_every_pitch_of_that_call_is_theirs_but_their_own(app):
    jury = Jury(app, judged_by="everyone")
    make.an_author(jury.third, "Iemand", role="co", status="invited", email=jury.rik.email)
    browser = jury.browser(jury.rik)

    page = browser.get("/beheer/2027/beoordelen")

    assert ("Idee 0" in page, "Idee 1" in page, "Idee 2" in page) == (True, True, False)
    browser.get(jury.page(jury.third), expect=404)


def test_who_joins_a_pitch_later_no_longer_judges_it(jury, rik):
    make.a_review(jury.first, jury.greet, strengths="Kanarie van Greet.")
    make.a_review(jury.first, jury.rik)
    make.an_author(jury.first, "Rik", role="co", person=jury.rik)

    rik.get(jury.page(jury.first), expect=404)


@pytest.mark.parametrize("advice", [None, "not_mine"])
def test_others_are_not_read_or_counted_before_an_opinion_of_ones_own(jury, rik, advice):
    make.a_review(jury.first, jury.greet, "no", strengths="Kanarie van Greet.")
    make.a_remark(jury.first, jury.greet, "Kanarie in de discussie.")
    if advice:
        make.a_review(jury.first, jury.rik, advice)
    for path in ("/beheer/2027/beoordelen", jury.page(jury.first)):
        page = rik.get(path)
        assert "Kanarie" not in page
        assert "Greet" not in page
    before = [page.text for page in (rik.get("/beheer/2027/beoordelen"), rik.get(jury.page(jury.first)))]
    db.session.query(Remark).delete()
    db.session.query(Review).filter_by(person_id=jury.greet.id).delete()
    db.session.commit()
    after = [page.text for page in (rik.get("/beheer/2027/beoordelen"), rik.get(jury.page(jury.first)))]
    assert before == after
    rik.post(f"{jury.page(jury.first)}/opmerking", words="x", key="k", expect=404)


def test_with_an_opinion_of_ones_own_the_discussion_opens(jury, rik):
    make.a_review(jury.first, jury.greet, "no", strengths="Kanarie van Greet.")
    make.a_review(jury.first, jury.rik, "yes")
    page = rik.get(jury.page(jury.first))
    assert "Kanarie van Greet." in page

    rik.submit(page, form="remark-form", words="Zullen we bellen?", follow=True)
    rik.submit(page, form="remark-form", words="Zullen we bellen?")

    assert rik.get(jury.page(jury.first)).text.count("Zullen we bellen?") == 1
    assert [one.words for one in queries_judging.remarks_of(jury.first)] == ["Zullen we bellen?"]


def test_an_empty_remark_is_refused_beside_its_field(jury, rik):
    make.a_review(jury.first, jury.rik)
    page = rik.submit(jury.page(jury.first), form="remark-form", words="  ", expect=422)

    assert "words" in page.errors


def test_a_pitch_that_changed_after_the_review_says_so(jury, rik):
    make.a_review(jury.first, jury.rik)
    quiet = rik.get(jury.page(jury.first)).tree.xpath("//main//*[contains(@class, 'notice')]")
    jury.first.changed_at = clock.now() + timedelta(hours=1)
    saved(jury.first)

    assert quiet == []
    assert rik.get(jury.page(jury.first)).tree.xpath("//main//*[contains(@class, 'notice')]")


def test_the_menu_of_who_only_judges_shows_only_that(jury, rik, organiser):
    words = {label for label in rik.get("/beheer/2027/beoordelen").tree.xpath("//nav//a/@href") if "/beheer" in label}
    assert words == {"/beheer/2027/beoordelen", "/beheer/account"}
    menu = organiser.get("/beheer/2027/beoordelen").tree.xpath("//nav//a/@href")
    assert "/beheer/2027/inschrijvingen" in menu


def test_nobody_else_gets_in(app, jury, organiser, desk, mallory):
    stranger = signed_in(app, make.a_person("Vera", role="reviewer", edition=make.an_edition("2031")))
    elsewhere = signed_in(app, make.an_organiser("Oscar", make.an_edition("2032")))
    paths = ["/beheer/2027/beoordelen", jury.page(jury.first), f"{jury.page(jury.first)}/bijlage/1"]
    for browser in (stranger, elsewhere, desk, mallory):
        for path in paths:
            browser.get(path, expect=404)
        browser.post(paths[1], advice="yes", seen="-1", expect=404)
    Visitor(app).get(paths[1], expect=302)
    organiser.get(paths[0])
    organiser.get(paths[1], expect=404)
    assert reviews() == []


def test_a_reviewer_gets_nothing_else_under_beheer(jury, rik):
    for path in ("", "/pitches", f"/pitches/{jury.first.id}", "/inschrijvingen", "/mails", "/logboek", "/toegang"):
        rik.get(f"/beheer/2027{path}", expect=404)
    rik.get(jury.jury, expect=404)


def test_a_submitter_gets_nothing_of_the_judging(app, jury):
    make.a_review(jury.first, jury.greet, strengths="Kanarie van Greet.")
    make.a_remark(jury.first, jury.greet, "Kanarie in de discussie.")
    author = make.a_person("Noor Klein", email=jury.first.authors[0].email)

    signed_in(app, author).get(jury.page(jury.first), expect=404)


@pytest.mark.slow
def test_a_list_of_thirty_asks_as_many_questions_as_one_of_two(app, jury, rik):
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    def asked(path):
        rik.get(path)
        seen.clear()
        rik.get(path)
        return len(seen)

    make.a_review(jury.first, jury.rik)
    make.a_review(jury.first, jury.greet)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        paths = ["/beheer/2027/beoordelen", jury.page(jury.first)]
        few = [asked(path) for path in paths]
        for n in range(30):
            pitch = make.a_pitch(f"Nog een {n}", jury.call)
            make.an_assignment(pitch, jury.rik)
            other = make.a_reviewer(f"Nog iemand {n}", jury.edition, jury.call)
            make.a_review(jury.first, other)
            make.a_remark(jury.first, other)
            make.a_pitch_file(jury.first, f"bijlage-{n}.pdf")
        assert [asked(path) for path in paths] == few
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
