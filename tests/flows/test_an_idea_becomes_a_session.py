"""A social worker types an idea; two people judge it without knowing whose it is; it becomes a session with slides on the day."""

import email
import io
import re
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest

from blender_event import previews
from blender_event.core.database import db
from blender_event.pitches.models import Pitch
from blender_event.programme.models import Session, Speaker
from tests import factories as make
from tests import files
from tests.visitor import Visitor

ANSWERS = {
    "inhoud": {"what": "Een chat voor jongeren.", "for_whom": "Jongeren die thuis niet kunnen praten."},
    "waarom": {"why": "Omdat bellen een drempel is.", "around_what": "Luisteren met woorden."},
    "vraag": {"kind": "running", "group": "field"},
    "voorwaarden": {
        "inclusion_access": "Werkt op een oude gsm.",
        "inclusion_support": "Iemand zit ernaast.",
        "inclusion_learning": "Elke week een oefenuur.",
        "accessibility": "Getest met een schermlezer.",
        "privacy": "We bewaren niets.",
        "client_part": "Twee jongeren schreven mee.",
    },
    "praktisch": {"my_name": "Jane Addams", "my_organisation": "Hull House", "agreed_public": True},
}


@pytest.fixture
def mailbox(app, worker):
    """The text of the last letter that really left: `mailbox("ada@example.org")` delivers first."""

    def last(to):
        worker.run()
        sent = sorted((Path(app.config["INSTANCE"]) / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in sent]
        return [one.get_body(("plain",)).get_content() for one in letters if to in one["To"]][-1]

    return last


def address_in(letter, start):
    """The first address in a letter whose path starts so."""
    return re.search(rf"https://blender\.example\.org({start}\S*)", letter)[1]


def signed_in_by_mail(app, mailbox, address, next_path):
    """A browser of somebody who asked for a link to sign in, and used it."""
    browser = Visitor(app)
    browser.submit(f"/aanmelden?next={next_path}", email=address)
    browser.submit(address_in(mailbox(address), "/aanmelden/"))
    return browser


def html(browser, path):
    """A page as it was sent."""
    browser.get(path)
    return browser.response.get_data(as_text=True)


@pytest.mark.slow
def test_an_idea_on_a_phone_becomes_a_session_with_slides(app, organiser, mailbox, time_stands_still):
    edition = make.an_edition(slides_by=make.DAY)
    call = make.a_call(edition)
    room = make.a_room("Kelder", edition)

    jane = Visitor(app)
    jane.submit(
        "/2027/pitches/indienen", email="jane@example.org", title="Luisteren via chat", summary="Praten zonder bellen."
    )
    own = address_in(mailbox("jane@example.org"), "/2027/pitches/mijn/")
    for step, answers in ANSWERS.items():
        jane.submit(f"{own}/{step}", **answers)
    jane.submit(f"{own}/nakijken")
    pitch = db.session.query(Pitch).one()
    assert pitch.status == "submitted"

    for name in ("Rik", "Greet"):
        organiser.submit(
            f"/beheer/2027/pitches/jury/{call.id}/nodig-uit", name=name, email=f"{name}@example.org".lower()
        )
    organiser.submit(f"/beheer/2027/pitches/jury/{call.id}/verdelen/gelijk?each=2")
    for name in ("rik", "greet"):
        judge = signed_in_by_mail(app, mailbox, f"{name}@example.org", "/beheer/2027/beoordelen")
        page = judge.get(judge.location)
        assert "Luisteren via chat" in page
        page = judge.get(f"/beheer/2027/beoordelen/{pitch.id}")
        assert "Praten zonder bellen." in page and "Jane" not in page and "Hull House" not in page
        judge.submit(page, strengths="Dicht bij jongeren.", advice="yes", is_accessible=True, is_private=True)

    page = organiser.get(f"/beheer/2027/pitches/{pitch.id}")
    assert page.text.count("Dicht bij jongeren.") == 2
    organiser.submit(page, form="beslissing", decision="accepted", note="Hier kijken we naar uit.")
    organiser.submit("/beheer/2027/pitches/beslissingen/mails")
    letter = mailbox("jane@example.org")
    assert "Hier kijken we naar uit." in letter
    session = db.session.query(Session).one()
    assert (session.title, session.abstract) == ("Luisteren via chat", "Praten zonder bellen.")

    speaks = signed_in_by_mail(app, mailbox, "jane@example.org", "/spreker")
    speaks.submit("/spreker/2027", form="bevestigen")
    db.session.rollback()
    assert (db.session.query(Pitch).one().status, db.session.query(Speaker).one().status) == ("confirmed", "confirmed")

    starts, ends = datetime(2026, 9, 24, 8, 0, tzinfo=UTC), datetime(2026, 9, 24, 9, 0, tzinfo=UTC)
    session.starts_at, session.ends_at, session.room_id = starts, ends, room.id
    db.session.commit()
    make.a_release(edition)
    slides = f"/spreker/2027/sessies/{session.id}/materiaal"
    first, second = files.a_pdf(2), files.a_pptx(3)
    speaks.submit(f"{slides}/uploaden", file=(io.BytesIO(first), "luisteren.pdf"), publish="after")
    number = re.search(rf"{slides}/(\d+)/", html(speaks, slides))[1]
    speaks.submit(f"{slides}/{number}/uploaden", file=(io.BytesIO(second), "luisteren.pptx"))
    with app.app_context():
        previews.make_waiting()

    public = f"/2027/programma/{session.slug}"
    visitor = Visitor(app)
    time_stands_still.move_to(datetime(2026, 9, 24, 8, 59, tzinfo=UTC))
    assert "De slides komen hier na de sessie" in visitor.get(public)
    time_stands_still.move_to(datetime(2026, 9, 24, 9, 0, tzinfo=UTC))
    address = re.search(r"/2027/materiaal/\w+", html(visitor, public))[0]
    assert visitor.client.get(address).data == second
