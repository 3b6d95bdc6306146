"""What was sent in stays whole, what was typed is never lost, and a link stays with whom it is of."""

from datetime import timedelta

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.links import Purpose, derive
from blender_event.pitches import actions_authors, queries
from blender_event.pitches.models import Author, Pitch
from tests import factories as make
from tests.page import Page

BEGIN = "/2027/pitches/indienen"
NOOR = ("Noor Klein", "noor@example.org")
CONDITIONS = {
    "inclusion_access": "We lenen tablets uit.",
    "inclusion_support": "Aan het onthaal helpt iemand.",
    "inclusion_learning": "Elke week is er een oefenuur.",
    "accessibility": "Getest met een schermlezer.",
    "privacy": "Alleen een schuilnaam.",
}


@pytest.fixture
def call(app):
    """Open for one more hour."""
    return make.a_call(closes_at=clock.now() + timedelta(hours=1))


def own(pitch, step=""):
    """The address of the page of who began the pitch."""
    author = db.session.get(Pitch, pitch.id).authors[0]
    return f"/2027/pitches/mijn/{queries.token_of(author)}" + (f"/{step}" if step else "")


def mailed(author):
    """The same page as only our mails lead to it."""
    return queries.own_address(author.id, "nl").removeprefix("https://blender.example.org")


def invitation(author):
    return f"/2027/pitches/mijn/{derive(Purpose.CO_AUTHOR, author.id, author.link_version)}/meedoen"


def test_what_was_sent_in_cannot_be_saved_without_what_it_needs(call, visitor):
    pitch = make.a_pitch(author=NOOR, **CONDITIONS)
    page = visitor.submit(own(pitch, "idee"), form="pitch-form", expect=422, title=" ", summary="woord " * 251)
    assert page.form("pitch-form").values()["summary"][0].count("woord") == 251
    assert list(page.errors) == ["title", "summary"]
    visitor.submit(own(pitch, "voorwaarden"), form="pitch-form", expect=422, privacy="")
    db.session.refresh(pitch)
    assert (pitch.title, pitch.privacy) == ("Chatten na school", "Alleen een schuilnaam.")


def test_what_was_already_missing_when_it_was_noted_by_phone_may_stay_so(call, visitor):
    pitch = make.a_pitch(author=NOOR, **CONDITIONS | {"privacy": ""})
    visitor.submit(own(pitch, "voorwaarden"), form="pitch-form", accessibility="Met een tolk.")
    db.session.refresh(pitch)
    assert (pitch.accessibility, pitch.privacy) == ("Met een tolk.", "")


def test_a_first_page_that_was_left_behind_shows_both_and_loses_nothing(call, visitor):
    page = visitor.get(BEGIN)
    answers = page.form("pitch-form").filled({"title": "Eerst", "email": "noor@example.org", "summary": "Kort."}, None)
    visitor.submit(page, form="pitch-form", title="Eerst", email="noor@example.org", summary="Kort.")
    idea = f"{visitor.location.rpartition('/')[0]}/idee"
    visitor.submit(idea, form="pitch-form", title="Intussen")

    sent_on = visitor.client.post(f"{BEGIN}/bijdragen", data=answers | {"title": "Nog anders"})
    assert (sent_on.status_code, sent_on.headers["Location"]) == (307, idea)  # the browser sends the same once more
    both = Page(visitor.client.post(idea, data=answers | {"title": "Nog anders"}), idea)
    assert both.status == 409
    assert "Intussen" in both
    assert both.form().values()["title"] == ["Nog anders"]
    script = visitor.client.post(f"{BEGIN}/bijdragen/bewaren", data=answers | {"title": "Nog anders"})
    assert (script.status_code, list(script.json)) == (409, ["conflict"])
    visitor.submit(both, title="Samen")
    assert db.session.query(Pitch).one().title == "Samen"


@pytest.mark.parametrize("status", ["accepted", "declined", "withdrawn"])
def test_nobody_joins_a_pitch_that_is_settled(app, visitor, letters, status):
    pitch = make.a_pitch(status=status, author=NOOR)
    lies = make.an_author(pitch, "Lies Vos", "lies@example.org", role="co", status="invited")
    assert visitor.get(invitation(lies)).tree.xpath("//main//form") == []
    visitor.post(invitation(lies), expect=422)
    db.session.refresh(lies)
    assert (lies.status, letters()) == ("invited", [])


def test_taking_out_somebody_who_just_left_is_no_fault(call):
    pitch = make.a_pitch(author=NOOR)
    lies = make.an_author(pitch, "Lies Vos", "lies@example.org", role="co")
    noor = pitch.authors[0]
    db.session.query(Author).filter_by(id=lies.id).delete(synchronize_session=False)  # as in another process
    actions_authors.leave_out(noor, lies)
    db.session.commit()
    assert [author.id for author in db.session.get(Pitch, pitch.id).authors] == [noor.id]


def test_a_letter_that_waits_for_the_old_address_does_not_bring_it_the_new_link(call, visitor, letters, worker):
    pitch = make.a_pitch(status="draft", author=NOOR)
    visitor.submit("/2027/pitches/mijn-link", email="noor@example.org")
    visitor.submit(own(pitch, "adres"), email="nora@example.org")
    worker.run()
    assert [(one.kind, one.to_email, one.status) for one in letters()] == [
        ("pitch_link", "noor@example.org", "dropped"),
        ("pitch_link", "nora@example.org", "sent"),
        ("pitch_address", "noor@example.org", "sent"),
    ]


def test_an_invitation_that_waits_does_not_leave_for_who_was_taken_out(call, visitor, letters):
    pitch = make.a_pitch(status="draft", author=NOOR)
    visitor.submit(own(pitch, "indieners"), form="invite", name="Lies Vos", email="lies@example.org")
    visitor.submit(own(pitch, "indieners"), form="/weg")
    assert [(one.kind, one.status) for one in letters()] == [("pitch_invited", "dropped")]


@pytest.mark.parametrize("status", ["submitted", "accepted", "confirmed", "waitlisted"])
def test_a_yes_to_being_read_is_taken_back_when_nothing_else_can_change(app, visitor, status):
    call = make.a_call(is_open=False, pitches_public_at=clock.now())
    pitch = make.a_pitch(status=status, call=call, author=NOOR)
    public = f"/2027/pitches/{pitch.slug}"
    visitor.get(public)
    visitor.submit(own(pitch), form="niet-openbaar")
    visitor.get(public, expect=404)
    assert pitch.title not in visitor.get("/2027/pitches")
    assert visitor.get(own(pitch)).tree.xpath("//form[contains(@action, 'niet-openbaar')]") == []
    visitor.post(f"{own(pitch)}/niet-openbaar")
    assert db.session.query(AuditEntry).filter_by(action="pitch changed").count() == 1


def test_who_changed_their_address_still_confirms_their_own_place(app, visitor):
    person = make.a_person("Noor Klein")
    speaker = make.a_speaker("Noor Klein", person=person, status="invited")
    pitch = make.a_pitch(status="accepted", author=None)
    noor = make.an_author(pitch, "Noor Klein", person=person)
    visitor.submit(own(pitch, "adres"), email="nora@example.org")
    visitor.submit(mailed(noor), form="bevestigen")
    assert (pitch.status, speaker.status) == ("confirmed", "confirmed")


def test_who_only_typed_somebodys_address_does_not_say_yes_for_them(app, visitor):
    person = make.a_person("Greet Bekend")
    speaker = make.a_speaker("Greet Bekend", person=person, status="invited")
    pitch = make.a_pitch(status="accepted", author=None)
    greet = make.an_author(pitch, "Greet Bekend", person=person, verified_at=None)
    assert visitor.get(own(pitch)).tree.xpath("//form[contains(@action, 'bevestigen')]") == []
    visitor.post(f"{own(pitch)}/bevestigen")
    db.session.expire_all()
    assert (pitch.status, speaker.status) == ("accepted", "invited")
    visitor.submit(mailed(greet), form="bevestigen")
    assert (pitch.status, speaker.status) == ("confirmed", "confirmed")
