"""Organisers make a jury and share the pitches out."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.mail import outbox
from blender_event.people import queries as people
from blender_event.people.models import Role
from blender_event.pitches import queries_judging
from blender_event.pitches.models_judging import Assignment, Judge, Review
from tests import factories as make
from tests.factories_programme import saved
from tests.pitches.judging import Jury
from tests.visitor import Visitor, signed_in


@pytest.fixture
def jury(app):
    return Jury(app)


def pairs():
    db.session.rollback()
    return sorted((row.pitch_id, row.person_id) for row in db.session.query(Assignment))


def roles_of(person):
    db.session.rollback()
    return [(role.kind, role.edition_id) for role in db.session.query(Role).filter_by(person_id=person.id)]


def invite(organiser, jury, email="mia@example.com", **facts):
    return organiser.submit(f"{jury.jury}/nodig-uit", **{"name": "Mia Nieuw", "email": email} | facts)


def test_a_judge_is_asked_by_mail_and_signs_in_with_it(app, jury, organiser, letters, worker):
    invite(organiser, jury, themes=["privacy"])

    [letter] = letters(to="mia@example.com")
    assert letter.kind == "review_invited"
    judge = db.session.query(Judge).order_by(Judge.id).all()[-1]
    assert (judge.person.name, judge.themes) == ("Mia Nieuw", ["privacy"])
    assert roles_of(judge.person) == [("reviewer", jury.edition.id)]
    worker.run()
    [sent] = letters(to="mia@example.com", status="sent")
    assert "Idee" not in sent.text


def test_the_same_person_is_asked_once_for_a_call_and_again_for_another(jury, organiser, letters):
    invite(organiser, jury)
    page = organiser.submit(f"{jury.jury}/nodig-uit", name="Mia", email=" MIA@example.com ", expect=422)
    assert "email" in page.errors
    stands = make.a_call(jury.edition, title="Infomarkt")
    organiser.submit(f"/beheer/2027/pitches/jury/{stands.id}/nodig-uit", name="Mia", email="mia@example.com")

    [one, two] = letters(to="mia@example.com")
    assert {one.kind, two.kind} == {"review_invited"}
    assert roles_of(db.session.query(Judge).all()[-1].person) == [("reviewer", jury.edition.id)]


def test_an_organiser_may_judge_and_keeps_their_own_way_in(jury, organiser, ada, letters):
    invite(organiser, jury, email=ada.email)

    assert roles_of(ada) == [("organiser", None)]
    [letter] = letters(to=ada.email)
    assert "/beheer/2027/beoordelen" in letter.text
    assert "\x02" not in letter.text
    page = organiser.get(jury.jury)
    assert "sees names" in page or "ziet namen" in page


def test_a_bad_address_is_refused_and_everything_stays(jury, organiser):
    page = organiser.submit(f"{jury.jury}/nodig-uit", name="Mia", email="mia@", themes=["trust"], expect=422)

    assert "email" in page.errors
    assert page.form().values()["themes"] == ["trust"]


def test_evenly_shows_a_plan_and_then_writes_exactly_that(jury, organiser, letters):
    plan = organiser.get(f"{jury.jury}/verdelen/gelijk?each=2")
    assert len(pairs()) == 3
    assert letters() == []

    organiser.submit(plan)

    both = {jury.rik.id, jury.greet.id}
    assert {pitch: {b for a, b in pairs() if a == pitch} for pitch, _ in pairs()} == dict.fromkeys(
        [pitch.id for pitch in jury.pitches], both
    )
    assert [(one.kind, one.to_email) for one in letters()] == [
        ("review_invited", jury.greet.email),
        ("review_invited", jury.rik.email),
    ]
    assert "3 pitches" in letters(to=jury.rik.email)[0].subject


def test_a_plan_that_is_no_longer_true_is_not_written(jury, organiser):
    plan = organiser.get(f"{jury.jury}/verdelen/gelijk?each=1")
    make.a_pitch("Net nog binnen", jury.call)

    page = organiser.submit(plan, expect=422)

    assert "Net nog binnen" in page
    assert len(pairs()) == 3
    organiser.submit(page)
    assert len(pairs()) == 5


def test_a_plan_pressed_twice_is_written_once(jury, organiser, letters):
    plan = organiser.get(f"{jury.jury}/verdelen/gelijk?each=2")
    organiser.submit(plan)
    organiser.submit(plan, expect=422)

    assert len(pairs()) == 6
    assert len(letters()) == 2


def test_sharing_again_merges_the_waiting_letters(jury, organiser, letters):
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")
    make.a_pitch("Later", jury.call)
    assert "1" in organiser.get(jury.jury).tree.xpath("//*[@class='task-number']")[0].text
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")

    [letter] = letters(to=jury.rik.email)
    assert "4 pitches" in letter.subject


def test_nobody_gets_what_they_sent_in_themselves(jury, organiser):
    make.an_author(jury.third, "Rik", role="co", status="invited", email=jury.rik.email)
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")

    assert (jury.third.id, jury.rik.id) not in pairs()
    table = organiser.get(f"{jury.jury}/tabel")
    assert f"{jury.third.id}-{jury.rik.id}" not in table.form().choices("give")
    organiser.post(f"{jury.jury}/tabel", give=f"{jury.third.id}-{jury.rik.id}", had="", expect=422)
    assert (jury.third.id, jury.rik.id) not in pairs()


def test_the_same_organisation_is_avoided_or_said(jury, organiser):
    lieve = make.a_person("Lieve", email="lieve@caw.example.com", role="reviewer", edition=jury.edition)
    make.a_judge(jury.call, lieve)
    make.an_author(jury.third, "Collega", role="co", email="collega@caw.example.com")

    once = organiser.get(f"{jury.jury}/verdelen/gelijk?each=1")
    organiser.submit(once)
    assert (jury.third.id, lieve.id) not in pairs()
    page = organiser.get(f"{jury.jury}/verdelen/gelijk?each=3")
    assert "Idee 2: Lieve" in page
    assert "organisat" in organiser.get(f"{jury.jury}/tabel").text


def test_by_theme(jury, organiser):
    for pitch, themes in zip(jury.pitches, (["privacy"], ["trust"], ["privacy", "ethics"]), strict=True):
        pitch.themes = themes
        saved(pitch)
    mia = make.a_reviewer("Mia", jury.edition, jury.call, themes=["privacy"])

    organiser.submit(f"{jury.jury}/verdelen/thema")

    assert [pitch for pitch, person in pairs() if person == mia.id] == [jury.first.id, jury.third.id]


def test_by_hand_changes_only_what_was_ticked_here(jury, organiser, letters):
    page = organiser.get(f"{jury.jury}/tabel")
    make.an_assignment(jury.third, jury.greet)  # by somebody else, meanwhile
    give = [f"{jury.first.id}-{jury.rik.id}", f"{jury.third.id}-{jury.rik.id}", f"{jury.second.id}-{jury.greet.id}"]

    organiser.submit(page, give=give)

    assert pairs() == sorted(
        [
            (jury.first.id, jury.rik.id),
            (jury.second.id, jury.greet.id),
            (jury.third.id, jury.rik.id),
            (jury.third.id, jury.greet.id),
        ]
    )
    assert len(letters()) == 2


def test_what_was_judged_is_not_taken_away(jury, organiser):
    page = organiser.get(f"{jury.jury}/tabel")
    make.a_review(jury.first, jury.rik)
    organiser.submit(page, give=[])

    assert pairs() == [(jury.first.id, jury.rik.id)]


def test_the_table_has_pages(jury, organiser):
    for n in range(30):
        make.a_pitch(f"Meer {n}", jury.call)
    second = organiser.get(f"{jury.jury}/tabel?page=2")
    assert len(second.rows()) == 9
    organiser.submit(second, give=second.form().choices("give")[:1])
    assert len(pairs()) == 4
    organiser.get(f"{jury.jury}/tabel?page=999999999999")
    organiser.get(f"{jury.jury}/tabel?page=x")


def test_where_everyone_judges_there_is_nothing_to_share(app, organiser):
    jury = Jury(app, judged_by="everyone")
    organiser.get(jury.jury)
    for path in ("verdelen/gelijk", "verdelen/thema", "tabel"):
        organiser.get(f"{jury.jury}/{path}", expect=404)


def test_not_for_me_makes_room_for_another(jury, organiser):
    make.a_review(jury.second, jury.rik, "not_mine")
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=1")

    assert (jury.second.id, jury.greet.id) in pairs()


def test_a_judge_who_leaves_takes_no_words_with_them(app, jury, organiser, letters):
    browser = jury.browser(jury.rik)
    make.a_review(jury.first, jury.rik)
    organiser.submit(f"{jury.jury}/verdelen/gelijk?each=2")
    number = db.session.query(Judge).filter_by(person_id=jury.rik.id).one().id

    organiser.submit(f"{jury.jury}/{number}/weg")

    assert db.session.query(Review).count() == 1
    assert [pitch for pitch, person in pairs() if person == jury.rik.id] == [jury.first.id]
    assert roles_of(jury.rik) == []
    assert [one.status for one in letters(to=jury.rik.email)] == ["dropped"]
    browser.get(jury.page(jury.first), expect=404)
    browser.get("/beheer/2027/beoordelen", expect=404)
    organiser.get(f"{jury.jury}/{number}", expect=404)
    assert queries_judging.judged([jury.first.id])[jury.first.id].written == 1


def test_a_judge_of_two_calls_keeps_the_other(jury, organiser):
    stands = make.a_call(jury.edition, title="Infomarkt")
    make.a_judge(stands, jury.rik)
    number = db.session.query(Judge).filter_by(person_id=jury.rik.id, call_id=jury.call.id).one().id

    organiser.submit(f"{jury.jury}/{number}/weg")

    assert roles_of(jury.rik) == [("reviewer", jury.edition.id)]


def test_themes_change_and_are_written_down(jury, organiser):
    number = db.session.query(Judge).filter_by(person_id=jury.rik.id).one().id
    organiser.submit(f"{jury.jury}/{number}", themes=["ethics", "trust"])

    db.session.rollback()
    assert db.session.get(Judge, number).themes == ["ethics", "trust"]
    assert [one.action for one in db.session.query(AuditEntry).filter_by(kind="judges")] == ["judge changed"]


def test_a_lost_invitation_is_sent_again_and_lost_access_comes_back(jury, organiser, letters):
    number = db.session.query(Judge).filter_by(person_id=jury.rik.id).one().id
    db.session.query(Role).filter_by(person_id=jury.rik.id).delete()
    db.session.commit()
    assert organiser.get(jury.jury).tree.xpath("//*[contains(@class, 'chip stop')]")

    organiser.submit(f"{jury.jury}/{number}", form="/opnieuw")

    assert roles_of(jury.rik) == [("reviewer", jury.edition.id)]
    assert len(letters(to=jury.rik.email)) == 1


def test_a_reminder_goes_to_who_has_work_and_once_in_three_days(jury, organiser, letters, time_stands_still):
    make.a_review(jury.first, jury.greet)
    page = organiser.get(f"{jury.jury}/herinneren")
    assert jury.rik.email in page
    assert jury.greet.email not in page

    organiser.submit(page, button="mails", expect=200)
    assert letters() == []
    organiser.submit(page)
    organiser.submit(page)

    [letter] = letters()
    assert (letter.kind, letter.to_email) == ("review_reminder", jury.rik.email)
    assert "2 pitches" in letter.subject
    assert "Idee" not in letter.text
    time_stands_still.shift(timedelta(days=2, hours=23))
    organiser = signed_in(jury.app, make.an_organiser("Later"))
    assert not organiser.get(f"{jury.jury}/herinneren").tree.xpath("//main//button")
    time_stands_still.shift(timedelta(hours=1))
    organiser.submit(f"{jury.jury}/herinneren")
    assert len(letters(kind="review_reminder")) in (1, 2)
    assert jury.greet.email not in {one.to_email for one in letters()}


def test_nobody_is_reminded_when_judging_is_closed(jury, organiser, letters):
    page = organiser.get(f"{jury.jury}/herinneren")
    jury.closed()
    organiser.submit(page)

    assert letters() == []


def test_the_letter_signs_in_and_leads_to_the_pitches(app, jury, organiser, letters):
    organiser.submit(f"{jury.jury}/herinneren")
    [letter] = letters(to=jury.rik.email)
    [(_purpose, number)] = outbox.placeholders(letter.text).values()
    address = people.sign_in_address(number, "nl")
    browser = Visitor(app)
    browser.submit(address.removeprefix("https://blender.example.org"))
    assert browser.location == "/beheer/2027/beoordelen"
    browser.follow()


def test_only_organisers_of_the_edition_make_its_jury(app, jury, desk, mallory):
    number = db.session.query(Judge).filter_by(person_id=jury.rik.id).one().id
    paths = ["", "/nodig-uit", f"/{number}", f"/{number}/weg", "/verdelen/gelijk", "/tabel", "/herinneren"]
    stranger = signed_in(app, make.an_organiser("Oscar", make.an_edition("2031")))
    for browser in (stranger, desk, mallory, jury.browser(jury.rik)):
        for path in paths:
            browser.get(jury.jury + path, expect=404)
        browser.post(f"{jury.jury}/{number}/weg", expect=404)
        browser.get("/beheer/2027/pitches/jury", expect=404)
    foreign = make.a_call(make.an_edition("2033"))
    mine = signed_in(app, make.an_organiser("Olga", jury.edition))
    mine.get(f"/beheer/2027/pitches/jury/{foreign.id}", expect=404)
    assert db.session.query(Judge).count() == 2


def test_what_came_of_judging(jury):
    make.a_review(jury.first, jury.rik, "yes", scores={"a1": 5})
    make.a_review(jury.first, jury.greet, "no", is_private=True, scores={"a1": 2})
    make.a_review(jury.second, jury.rik, "not_mine", scores={})
    found = queries_judging.judged([pitch.id for pitch in jury.pitches])

    first = found[jury.first.id]
    assert (first.asked, first.written, first.missing, first.not_mine, first.spread) == (2, 2, 0, 0, 2)
    assert (first.score, first.scores) == (3.5, {"a1": 3.5})
    assert dict(first.conditions) == {"is_accessible": 2, "is_inclusive": 2, "is_private": 1}
    second = found[jury.second.id]
    assert (second.asked, second.written, second.missing, second.not_mine, second.spread) == (1, 0, 0, 1, 0)
    assert found[jury.third.id].asked == 0


def test_where_everyone_judges_all_are_asked_but_the_author(app):
    jury = Jury(app, judged_by="everyone")
    make.an_author(jury.third, "Rik", role="co", email=jury.rik.email)
    found = queries_judging.judged([pitch.id for pitch in jury.pitches])

    assert [found[pitch.id].asked for pitch in jury.pitches] == [2, 2, 1]
    assert queries_judging.asked_of(jury.third) == {jury.greet.id}


@pytest.mark.slow
def test_the_pages_of_the_jury_ask_as_many_questions_for_thirty_as_for_three(jury, organiser):
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    def asked(path):
        organiser.get(jury.jury + path)
        seen.clear()
        organiser.get(jury.jury + path)
        return len(seen)

    paths = ["", "/verdelen/gelijk?each=2", "/verdelen/thema", "/tabel", "/herinneren"]
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        few = [asked(path) for path in paths]
        for n in range(20):
            person = make.a_reviewer(f"Nog iemand {n}", jury.edition, jury.call, themes=["privacy"])
            pitch = make.a_pitch(f"Nog een {n}", jury.call, themes=["privacy"])
            make.an_assignment(pitch, person)
            make.a_review(jury.first, person)
        assert [asked(path) for path in paths] == few
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
