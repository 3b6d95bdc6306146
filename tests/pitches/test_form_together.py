"""Sending in together, attachments, one's own page, and the letters that go with them."""

from datetime import timedelta
from io import BytesIO

import pytest

from blender_event.core import clock, storage
from blender_event.core.database import db, writing
from blender_event.core.errors import RuleBroken
from blender_event.core.links import Purpose, derive
from blender_event.pitches import actions_authors, actions_drafts, actions_files, queries
from blender_event.pitches.models import Author, Pitch, PitchFile
from blender_event.registrations import queries as registrations
from tests import factories as make
from tests.races.guest import at_once
from tests.visitor import Visitor


@pytest.fixture
def draft(app):
    """Noor's draft, begun three days ago."""
    make.a_call(closes_at=clock.now() + timedelta(hours=1))
    return make.a_pitch(status="draft", author=("Noor Klein", "noor@example.org"))


def own(pitch, number=0, step=""):
    """The address of the page of one of the authors."""
    author = db.session.get(Pitch, pitch.id).authors[number]
    return f"/2027/pitches/mijn/{queries.token_of(author)}" + (f"/{step}" if step else "")


def invitation(author):
    return f"/2027/pitches/mijn/{derive(Purpose.CO_AUTHOR, author.id, author.link_version)}/meedoen"


def test_somebody_is_invited_says_yes_once_and_gets_a_link_of_their_own(draft, visitor, letters, app):
    visitor.submit(own(draft, step="indieners"), form="invite", name="Lies Vos", email="lies@example.org")
    assert [(one.kind, one.to_email, one.subject) for one in letters()] == [
        ("pitch_invited", "lies@example.org", "Dienen jullie samen een pitch in voor Blender 2027?")
    ]
    assert "Noor Klein vraagt je" in letters()[0].text
    lies = db.session.query(Author).filter_by(email="lies@example.org").one()
    other = Visitor(app)
    page = other.get(invitation(lies))
    assert (page.heading, lies.status) == ("Dien je dit mee in?", "invited")
    other.submit(page)
    assert "Jullie dienen dit nu samen in." in other.follow()
    assert (lies.status, lies.verified_at) == ("accepted", clock.now())
    assert [one.kind for one in letters(to="lies@example.org")] == ["pitch_invited", "pitch_joined"]
    assert other.get(invitation(lies)).heading == "Je doet al mee"
    other.submit(page)
    assert other.follow().heading == "Je doet al mee"
    assert len(letters()) == 2


def test_an_invited_one_reads_nothing_before_saying_yes(draft, visitor, app):
    visitor.submit(own(draft, step="indieners"), form="invite", email="lies@example.org")
    lies = db.session.query(Author).filter_by(email="lies@example.org").one()
    page = Visitor(app).get(invitation(lies))
    assert draft.summary not in page.everything and "Noor" not in page.everything
    # The links of an invited one are not those of an author.
    Visitor(app).get(own(draft, 1), expect=404)


def test_the_number_of_authors_and_of_letters_is_limited(draft, visitor, letters):
    for number in range(5):
        visitor.submit(own(draft, step="indieners"), form="invite", email=f"lies{number}@example.org")
    page = visitor.get(own(draft, step="indieners"))
    assert "Hoogstens 6 mensen dienen samen in." in page
    assert len(letters(kind="pitch_invited")) == 5


def test_one_address_is_not_flooded_with_invitations(draft, visitor, letters):
    for _time in range(3):
        visitor.submit(own(draft, step="indieners"), form="invite", email="lies@example.org")
    page = visitor.submit(own(draft, step="indieners"), form="invite", email="lies@example.org", expect=422)
    assert "Dit adres kreeg voorlopig genoeg uitnodigingen." in page
    assert len(letters(kind="pitch_invited")) == 1  # one that waits is replaced
    page = visitor.submit(own(draft, step="indieners"), form="invite", email="noor@example.org", expect=422)
    assert page.errors["email"] == "Deze persoon dient al mee in."


def test_the_first_author_takes_somebody_out_and_that_link_stops(draft, visitor, app):
    lies = make.an_author(draft, "Lies Vos", role="co")
    address = own(draft, 1)
    other = Visitor(app)
    other.get(address)
    other.post(f"{address}/indieners/{draft.authors[0].id}/weg")
    assert "Wie de pitch begon, blijft erbij." in other.follow()
    visitor.submit(own(draft, step="indieners"), form=f"indieners/{lies.id}/weg")
    other.get(address, expect=404)
    assert db.session.query(Author).count() == 1


def test_a_co_author_may_leave_but_not_take_out_another(draft, visitor):
    lies, tom = make.an_author(draft, "Lies Vos", role="co"), make.an_author(draft, "Tom Bos", role="co")
    address = own(draft, 1)
    visitor.get(f"{address}/indieners")
    visitor.post(f"{address}/indieners/{tom.id}/weg")
    assert "Alleen wie de pitch begon, kan iemand weghalen." in visitor.follow()
    visitor.post(f"{address}/indieners/{lies.id}/weg")
    assert [one.name for one in db.session.query(Author).order_by(Author.id)] == ["Noor Klein", "Tom Bos"]


@pytest.mark.race
def test_an_invitation_used_by_two_at_once_is_accepted_once(app, draft):
    number = make.an_author(draft, "Lies Vos", role="co", status="invited", accepted_at=None).id

    def accept():
        with app.app_context(), writing():
            done = actions_authors.accept(db.session.get(Author, number), now=clock.now())
            db.session.commit()
            return done

    assert sorted(at_once([accept] * 6)) == [False] * 5 + [True]


def attach(visitor, pitch, name="folder.pdf", data=None, expect="redirect"):
    data = make.a_pdf() if data is None else data
    visitor.get(own(pitch, step="bijlagen"))
    return visitor.post(own(pitch, step="bijlagen/uploaden"), expect=expect, file=(BytesIO(data), name))


def test_a_file_is_attached_fetched_and_taken_away(draft, visitor):
    attach(visitor, draft)
    page = visitor.follow()
    assert "folder.pdf" in page
    file = db.session.query(PitchFile).one()
    answer = visitor.client.get(own(draft, step=f"bijlagen/{file.id}"))
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, make.a_pdf(), "no-store")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    key = file.storage_key
    visitor.submit(own(draft, step="bijlagen"), form="/weg")
    assert db.session.query(PitchFile).count() == 0
    assert key not in list(storage.keys())


def test_what_is_no_pdf_is_refused_and_nothing_stays(draft, visitor):
    before = sorted(storage.keys())
    page = attach(visitor, draft, data=b"<html>hallo</html>", expect=422)
    assert "Dit is geen PDF-bestand" in page.errors["file"] or page.errors["file"]
    assert attach(visitor, draft, name="foto.exe", expect=422).errors["file"]
    answer = visitor.client.post(
        own(draft, step="bijlagen/uploaden"),
        data={"csrf_token": visitor.csrf_token(), "file": (BytesIO(b"niets"), "x.pdf")},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, len(answer.json["problems"])) == (422, 1)
    assert (db.session.query(PitchFile).count(), sorted(storage.keys())) == (0, before)


def test_a_pitch_has_at_most_three_files_and_somebody_elses_is_not_there(draft, visitor):
    for number in range(3):
        attach(visitor, draft, name=f"{number}.pdf")
    assert "Er passen hoogstens 3 bestanden." in attach(visitor, draft, expect=422)
    other = make.a_pitch("Iets anders", status="draft", author=("Lies", "lies@example.org"))
    file = make.a_pitch_file(other)
    visitor.get(own(draft, step=f"bijlagen/{file.id}"), expect=404)
    visitor.post(own(draft, step=f"bijlagen/{file.id}/weg"), expect=404)


def test_of_two_files_at_once_one_too_many_is_refused(draft):
    for number in range(3):
        make.a_pitch_file(draft, f"{number}.pdf")
    late = PitchFile(storage_key="pitches/x", name="x.pdf", media_type="application/pdf", size=1, sha256="x")
    with pytest.raises(RuleBroken):
        actions_files.attach(draft.authors[0], late, now=clock.now())


def test_a_pitch_is_withdrawn_after_a_question_and_everybody_hears_it(draft, visitor, letters):
    make.an_author(draft, "Lies Vos", "lies@example.org", role="co")
    make.an_author(draft, "Tom Bos", "tom@example.org", role="co", status="invited", accepted_at=None)
    page = visitor.get(own(draft, step="intrekken"))
    assert draft.status == "draft"
    visitor.submit(page)
    visitor.submit(page)
    assert "Deze pitch is ingetrokken." in visitor.follow()
    assert sorted((one.kind, one.to_email) for one in letters()) == [
        ("pitch_withdrawn", "lies@example.org"),
        ("pitch_withdrawn", "noor@example.org"),
    ]


def test_a_new_address_makes_every_earlier_link_worthless(draft, visitor, letters, worker):
    old = own(draft)
    visitor.submit(own(draft, step="adres"), email="noor@nieuw.example.org")
    assert visitor.location == "/2027/pitches/mijn-link/verstuurd"
    visitor.get(old, expect=404)
    assert [(one.kind, one.to_email) for one in letters()] == [
        ("pitch_link", "noor@nieuw.example.org"),
        ("pitch_address", "noor@example.org"),
    ]
    author = db.session.query(Author).one()
    assert (author.email_key, author.verified_at) == ("noor@nieuw.example.org", None)


def test_the_lost_link_answers_the_same_to_everybody(draft, visitor, letters):
    visitor.submit("/2027/pitches/mijn-link", email="NOOR@example.org", follow=True)
    known = visitor.page.text
    visitor.submit("/2027/pitches/mijn-link", email="niemand@example.org", follow=True)
    assert visitor.page.text == known
    assert [(one.kind, one.to_email) for one in letters()] == [("pitch_link", "noor@example.org")]
    assert db.session.query(Pitch).count() == 1


def test_a_mailed_link_proves_the_address_and_a_shown_one_does_not(draft, visitor):
    noor = draft.authors[0]
    noor.verified_at = None
    db.session.commit()
    visitor.submit(own(draft, step="inhoud"), form="pitch-form", what="Een chat")
    assert noor.verified_at is None
    mailed = queries.own_address(noor.id, "nl").removeprefix("https://blender.example.org")
    page = visitor.get(mailed)
    assert "Is dit jouw adres?" in page or "adres" in page
    db.session.refresh(noor)
    assert noor.verified_at is None
    visitor.submit(mailed, form="adres-klopt")
    assert noor.verified_at == clock.now()


def test_an_accepted_pitch_is_confirmed_with_its_speaker(app, visitor):
    pitch = make.a_pitch(status="accepted", author=None)
    person = make.a_person("Noor Klein")
    speaker = make.a_speaker("Noor Klein", person=person, status="invited")
    make.an_author(pitch, "Noor Klein", person=person)
    page = visitor.get(own(pitch))
    assert "Je pitch is gekozen." in page
    visitor.submit(page, form="bevestigen")
    assert "Je staat in het programma." in visitor.follow()
    assert (pitch.status, speaker.status) == ("confirmed", "confirmed")
    visitor.post(f"{own(pitch)}/bevestigen")
    assert pitch.status == "confirmed"


def test_the_decision_and_its_note_show_only_once_told(app, visitor):
    pitch = make.a_pitch(pending="declined", decision_note="Mooi, maar het dagprogramma zit vol.")
    assert "dagprogramma" not in visitor.get(own(pitch)).everything
    pitch.status, pitch.pending, pitch.told_at = "declined", None, clock.now()
    db.session.commit()
    page = visitor.get(own(pitch))
    assert "Mooi, maar het dagprogramma zit vol." in page and "Je pitch is deze keer niet gekozen." in page


def test_drafts_are_reminded_once_three_days_before_closing(app, letters, worker, time_stands_still):
    call = make.a_call(closes_at=clock.now() + timedelta(days=4))
    make.a_pitch("Met adres", call, status="draft", author=("Noor", "noor@example.org"))
    make.a_pitch("Ingediend", call, author=("Lies", "lies@example.org"))
    kept = make.a_pitch("Zonder adres", call, status="draft", author=None)
    db.session.add(Author(pitch_id=kept.id, email="half@example.org", email_key="half@example.org"))
    db.session.commit()

    def remind():
        with writing():
            actions_drafts.remind(now=clock.now())
            db.session.commit()

    remind()
    assert letters() == []
    time_stands_still.move_to(clock.now() + timedelta(days=1, minutes=1))
    remind()
    worker.run()  # it left: another one would be a second letter
    remind()
    assert [(one.kind, one.to_email, one.subject) for one in letters()] == [
        ("pitch_closing", "noor@example.org", "Je concept voor Blender 2027 is nog niet ingediend")
    ]


def test_reviewers_get_a_file_under_a_name_that_says_nothing(app):
    pitch = make.a_pitch()
    make.a_pitch_file(pitch, "begroting-noor-klein.pdf")
    second = make.a_pitch_file(pitch, "cv.PDF")
    assert actions_files.blind_name(pitch, second) == "bijlage-2.pdf"


def test_autosave_makes_one_draft_and_mails_nobody(app, visitor, letters):
    make.a_call()
    page = visitor.get("/2027/pitches/indienen")
    values = {name: found[0] for name, found in page.form("pitch-form").values().items()}

    def keep(address, **typed):
        return visitor.client.post(address, data=values | typed, headers={"Accept": "application/json"})

    first = keep("/2027/pitches/indienen/bijdragen/bewaren", title="P", email="noor@example")
    second = keep("/2027/pitches/indienen/bijdragen/bewaren", title="Praten", email="noor@example.org")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["address"] == second.json["address"]
    pitch = db.session.query(Pitch).one()
    assert (pitch.title, pitch.authors[0].email, pitch.authors[0].accepted_at) == ("Praten", "noor@example.org", None)
    assert second.json["saved"] == "Bewaard om 12.00"
    third = keep(second.json["keep"], title="Praten met pubers", seen=second.json["seen"])
    assert (third.status_code, letters()) == (200, [])
    # An answer that got lost on the way is no conflict: this page wrote that itself.
    again = keep(second.json["keep"], title="Praten met jongeren", seen=second.json["seen"])
    assert again.status_code == 200
    other = Visitor(app)
    stranger = other.get(second.json["address"])
    other.submit(stranger, form="pitch-form", title="Van iemand anders", email="noor@example.org")
    lost = keep(second.json["keep"], title="Over alles heen", seen=third.json["seen"])
    assert (lost.status_code, lost.json["conflict"]) == (
        409,
        "Iemand wijzigde deze stap intussen. Er is niets overschreven.",
    )
    assert db.session.query(Pitch).one().title == "Van iemand anders"
    assert [one.kind for one in letters()] == ["pitch_draft"]


def test_what_was_sent_in_is_never_changed_by_a_script(app, visitor):
    pitch = make.a_pitch(author=("Noor", "noor@example.org"))
    page = visitor.get(own(pitch, step="inhoud"))
    assert page.tree.xpath("//*[@data-keep]") == []
    values = {name: found[0] for name, found in page.form("pitch-form").values().items()}
    answer = visitor.client.post(own(pitch, step="inhoud/bewaren"), data=values | {"what": "Half"})
    assert (answer.status_code, db.session.get(Pitch, pitch.id).what) == (422, "Een chat na school.")


def test_my_blender_lists_pitches_only_when_both_addresses_are_proven(draft, visitor):
    registration = make.a_registration(draft.edition, email="noor@example.org", verified_at=clock.now())
    mailed = registrations.own_address(registration.id, "nl").removeprefix("https://blender.example.org")
    shown = f"/mijn/{registrations.manage_token(registration)}"
    page = visitor.get(mailed)
    assert page.links["Chatten na school"] == own(draft)
    assert "Chatten na school" not in visitor.get(shown).everything
    draft.authors[0].verified_at = None
    db.session.commit()
    assert "Chatten na school" not in visitor.get(mailed).everything
