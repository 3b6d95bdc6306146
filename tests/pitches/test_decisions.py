"""Deciding about pitches and telling it: a decision waits, every mail is read first, and each is told exactly once."""

import re

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.mail.models import Letter
from blender_event.pitches import actions_decisions
from blender_event.pitches.models_judging import Remark
from blender_event.programme.models import Session, Speaker
from tests import factories as make
from tests.visitor import signed_in

TABLE = "/en/beheer/2027/pitches"


@pytest.fixture
def call(app):
    return make.a_call(make.an_edition())


@pytest.fixture
def olga(app, call):
    """A second organiser's browser."""
    return signed_in(app, make.an_organiser("Olga", call.edition))


def fresh(pitch):
    db.session.rollback()
    db.session.refresh(pitch)
    return pitch


def decide(browser, pitch, decision="accepted", **more):
    return browser.submit(f"{TABLE}/{pitch.id}", form="/beslissing", decision=decision, **more)


def row(pitch):
    return f"{pitch.id}.{pitch.status}.{pitch.pending or ''}"


def test_a_decision_is_kept_and_nobody_is_told(organiser, call, letters):
    pitch = make.a_pitch(call=call)

    decide(organiser, pitch, "declined", note="Mooi, maar te vroeg.")

    assert fresh(pitch).pending == "declined"
    assert (pitch.status, pitch.decision_note) == ("submitted", "Mooi, maar te vroeg.")
    assert letters() == []
    assert db.session.query(AuditEntry).filter_by(action="pitch decided").one().new == {"decision": "declined"}


def test_a_decision_can_be_taken_back(organiser, call):
    pitch = make.a_pitch(call=call, pending="declined", decision_note="Nee.")

    decide(organiser, pitch, "none")

    assert fresh(pitch).pending is None
    assert pitch.decided_at is None


def test_of_two_who_decide_at_once_the_second_sees_both(organiser, olga, call):
    pitch = make.a_pitch(call=call)
    page = olga.get(f"{TABLE}/{pitch.id}")
    decide(organiser, pitch, "accepted", note="Graag!")

    page = olga.submit(page, form="/beslissing", decision="declined", note="Liever niet.", expect=409)

    assert "Somebody else decided about this pitch meanwhile." in page.text
    assert "will be accepted" in page.text
    assert "Graag!" in page.text
    assert "Liever niet." in page.text
    assert fresh(pitch).pending == "accepted"
    olga.submit(page, form="/beslissing")
    assert fresh(pitch).pending == "declined"


def test_a_double_click_on_a_decision_is_one_decision(organiser, olga, call):
    pitch = make.a_pitch(call=call)
    page = organiser.get(f"{TABLE}/{pitch.id}")
    for _click in range(2):
        organiser.submit(page, form="/beslissing", decision="accepted")

    assert fresh(pitch).pending == "accepted"
    assert db.session.query(AuditEntry).filter_by(action="pitch decided").count() == 1


def test_a_decision_must_be_chosen_from_the_list(organiser, call):
    pitch = make.a_pitch(call=call)
    organiser.post(f"{TABLE}/{pitch.id}/beslissing", expect=422, decision="confirmed", note="Blijft staan")

    assert "Choose what you decide." in organiser.page.text
    assert "Blijft staan" in organiser.page.text


@pytest.mark.parametrize("status", ["draft", "accepted", "confirmed", "declined", "withdrawn", "cancelled"])
def test_what_is_settled_is_not_decided_again(organiser, call, status):
    pitch = make.a_pitch(call=call, status=status)
    seen = actions_decisions.seen_of(pitch)

    organiser.post(f"{TABLE}/{pitch.id}/beslissing", expect=422, decision="declined", seen=seen)
    organiser.post(f"{TABLE}/beslissen", decision="declined", row=row(pitch))

    assert fresh(pitch).pending is None
    assert pitch.status == status


def test_the_words_that_were_told_stay_what_they_were(organiser, call):
    pitch = make.a_pitch(call=call, status="declined", decision_note="Het dagprogramma zit vol.")
    seen = actions_decisions.seen_of(pitch)
    organiser.post(f"{TABLE}/{pitch.id}/beslissing", expect=422, decision="none", note="Heel anders.", seen=seen)
    assert fresh(pitch).decision_note == "Het dagprogramma zit vol."
    assert pitch.decided_at is not None


def test_several_rows_get_one_decision_and_what_changed_meanwhile_stays(organiser, call):
    first, second, third = (make.a_pitch(f"Pitch {number}", call=call) for number in range(3))
    organiser.get(TABLE)
    seen = [row(pitch) for pitch in (first, second)]
    second.pending = "accepted"
    db.session.commit()

    organiser.post(f"{TABLE}/beslissen?state=undecided", decision="declined", row=seen)

    assert organiser.location == f"{TABLE}?state=undecided"
    assert "1 pitch is decided. Nobody is told yet." in organiser.follow().text
    assert "1 pitch was decided by somebody else meanwhile" in organiser.page.text
    assert [fresh(pitch).pending for pitch in (first, second, third)] == ["declined", "accepted", None]


@pytest.mark.parametrize(
    "sent", [{}, {"row": "x.submitted."}, {"row": "999999.submitted."}, {"row": "1", "decision": "confirmed"}]
)
def test_nothing_chosen_decides_nothing(organiser, call, sent):
    pitch = make.a_pitch(call=call)
    organiser.post(f"{TABLE}/beslissen", **{"decision": "accepted"} | sent)

    assert fresh(pitch).pending is None


def test_another_editions_pitch_is_not_there(app, organiser, call):
    other = make.a_pitch(edition=make.an_edition("2031"))
    paths = ["", "/annuleren", "/meer-tijd", "/wijzigen"]

    for path in paths:
        organiser.get(f"{TABLE}/{other.id}{path}", expect=404)
    organiser.post(f"{TABLE}/{other.id}/beslissing", expect=404, decision="accepted")
    organiser.post(f"{TABLE}/{other.id}/gesprek", expect=404, words="Hallo")
    organiser.post(f"{TABLE}/beslissen", decision="accepted", row=row(other))

    assert fresh(other).pending is None
    assert db.session.query(Remark).count() == 0


@pytest.mark.parametrize("path", ["", "/annuleren", "/meer-tijd", "/wijzigen", "/bestanden/1"])
def test_only_organisers_of_this_edition_may_open_a_pitch(app, call, desk, mallory, visitor, path):
    pitch = make.a_pitch(call=call)
    make.a_pitch_file(pitch)
    oscar = signed_in(app, make.an_organiser("Oscar", make.an_edition("2031")))
    reviewer = signed_in(app, make.a_reviewer("Rik", call=call))

    for browser in (desk, mallory, oscar, reviewer):
        browser.get(f"{TABLE}/{pitch.id}{path}", expect=404)
        browser.post(f"{TABLE}/{pitch.id}/beslissing", expect=404, decision="accepted")
        browser.post(f"{TABLE}/beslissen", expect=404, decision="accepted", row=row(pitch))
        browser.post(f"{TABLE}/beslissingen/mails", expect=404)
    visitor.get(f"{TABLE}/{pitch.id}{path}", expect=302)
    assert fresh(pitch).pending is None


def three_decided(call):
    """One accepted with a co-author and an English one, one on the reserve list, one declined with words."""
    accepted = make.a_pitch(
        "Chatten na school", call=call, pending="accepted", author=("Noor Klein", "noor@example.org")
    )
    make.an_author(accepted, "Amy Webb", "amy@example.org", "co", language="en")
    make.an_author(accepted, "Nooit Gekomen", "nooit@example.org", "co", status="invited")
    reserve = make.a_pitch("Beeldbellen", call=call, pending="waitlisted", author=("Bea", "bea@example.org"))
    declined = make.a_pitch(
        "Een app", call=call, pending="declined", decision_note="Kom eens praten.", author=("Dirk", "dirk@example.org")
    )
    return accepted, reserve, declined


def test_every_mail_is_read_before_it_leaves_and_reading_changes_nothing(organiser, call, letters):
    three_decided(call)

    page = organiser.get(f"{TABLE}/beslissingen")
    assert "3 decisions were taken and nobody knows them yet." in page.text
    assert "4 mails leave." in page.text
    assert "2 people become speakers and are asked to confirm." in page.text
    page = organiser.get(f"{TABLE}/beslissingen/mails")

    for words in ("noor@example.org", "amy@example.org", "bea@example.org", "dirk@example.org", "Kom eens praten."):
        assert words in page.text
    assert "nooit@example.org" not in page.text
    assert "Your pitch is accepted: Chatten na school" in page.text  # Amy's
    assert letters() == []
    assert db.session.query(Session).count() == 0


def test_telling_moves_the_states_and_writes_each_author_once(organiser, call, letters):
    accepted, reserve, declined = three_decided(call)
    read = organiser.get(f"{TABLE}/beslissingen/mails").tree.findall(".//pre")
    read = {" ".join(pre.text_content().split()) for pre in read}

    organiser.submit(organiser.page)

    assert "3 decisions are told." in organiser.follow().text
    assert [fresh(pitch).status for pitch in (accepted, reserve, declined)] == ["accepted", "waitlisted", "declined"]
    assert {pitch.pending for pitch in (accepted, reserve, declined)} == {None}
    assert {pitch.told_at for pitch in (accepted, reserve, declined)} == {clock.now()}
    sent = letters()
    assert sorted((letter.kind, letter.to_email) for letter in sent) == [
        ("pitch_accepted", "amy@example.org"),
        ("pitch_accepted", "noor@example.org"),
        ("pitch_declined", "dirk@example.org"),
        ("pitch_waitlisted", "bea@example.org"),
    ]
    unfilled = {" ".join(re.sub("\x02[^\x03]+\x03", "…", letter.text).split()) for letter in sent}
    assert unfilled == read
    assert {letter.about for letter in sent} == {f"pitches:{pitch.id}" for pitch in (accepted, reserve, declined)}


def test_a_letter_leads_to_the_authors_own_page_and_to_signing_in(organiser, call, letters, worker):
    three_decided(call)
    organiser.submit(f"{TABLE}/beslissingen/mails")
    noor, amy = letters(to="noor@example.org")[0], letters(to="amy@example.org")[0]

    assert "/spreker" in noor.text
    assert "/en/spreker" in amy.text
    assert noor.text.count("\x02") == 1


def test_the_second_click_tells_nothing(organiser, call, letters):
    three_decided(call)
    page = organiser.get(f"{TABLE}/beslissingen/mails")
    organiser.submit(page)
    organiser.submit(page)

    assert "These decisions were told already." in organiser.follow().text
    assert len(letters()) == 4


def test_a_decision_changed_after_reading_is_shown_again_first(organiser, olga, call, letters):
    accepted, _reserve, _declined = three_decided(call)
    page = organiser.get(f"{TABLE}/beslissingen/mails")
    decide(olga, accepted, "declined", note="Toch niet.")

    again = organiser.submit(page, expect=409)

    assert "Something changed after you read the mails." in again.text
    assert "Toch niet." in again.text
    assert letters() == []
    organiser.submit(again)
    assert len(letters()) == 4
    assert fresh(accepted).status == "declined"


@pytest.mark.parametrize("change", ["title", "address", "one more", "withdrawn"])
def test_whatever_a_letter_says_breaks_the_seal(organiser, call, letters, change):
    accepted, _reserve, _declined = three_decided(call)
    page = organiser.get(f"{TABLE}/beslissingen/mails")
    if change == "title":
        accepted.title = "Anders"
    elif change == "address":
        accepted.authors[0].email = "nieuw@example.org"
    elif change == "one more":
        make.a_pitch("Nog een", call=call, pending="declined")
    else:
        accepted.status, accepted.pending = "withdrawn", None
    db.session.commit()

    organiser.submit(page, expect=409)

    assert letters() == []


@pytest.mark.slow
def test_many_decisions_are_told_in_several_transactions_and_each_once(organiser, call, letters):
    for number in range(45):
        make.a_pitch(f"Pitch {number}", call=call, pending="declined")

    organiser.submit(f"{TABLE}/beslissingen/mails")

    assert "45 decisions are told." in organiser.follow().text
    assert len({letter.about for letter in letters(kind="pitch_declined")}) == len(letters()) == 45


def test_what_stops_halfway_leaves_the_others_pending(app, call, ada):
    pitches = [make.a_pitch(f"Pitch {number}", call=call, pending="accepted") for number in range(3)]
    promised = actions_decisions.seals(pitches)
    actions_decisions.tell(call.edition, {pitches[0].id: promised[pitches[0].id]}, by=ada, now=clock.now())
    db.session.commit()
    actions_decisions.tell(call.edition, promised, by=ada, now=clock.now())
    db.session.rollback()  # as when the process dies before the second transaction ends

    assert [fresh(pitch).status for pitch in pitches] == ["accepted", "submitted", "submitted"]
    assert db.session.query(Letter).count() == 1
    assert db.session.query(Session).count() == 1
    assert actions_decisions.tell(call.edition, promised, by=ada, now=clock.now()) == 2
    db.session.commit()
    assert db.session.query(Letter).count() == 3
    assert db.session.query(Speaker).count() == 3


def test_a_reserve_that_is_accepted_later_gets_its_own_words(organiser, call, letters):
    pitch = make.a_pitch(call=call, status="waitlisted", decision_note="Eerst op de reservelijst.")

    page = organiser.get(f"{TABLE}/{pitch.id}")
    assert "Eerst op de reservelijst." not in page.text
    decide(organiser, pitch, "accepted", note="Er kwam plaats vrij.")
    organiser.submit(f"{TABLE}/beslissingen/mails")

    assert "Er kwam plaats vrij." in letters()[0].text
    assert fresh(pitch).status == "accepted"
