"""Sending in a pitch, from the first words to the receipt."""

from datetime import timedelta

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches import queries
from blender_event.pitches.models import Author, Call, Pitch
from tests import factories as make
from tests.visitor import Visitor

BEGIN = "/2027/pitches/indienen"
CONDITIONS = {
    "inclusion_access": "We lenen tablets uit.",
    "inclusion_support": "Aan het onthaal helpt iemand.",
    "inclusion_learning": "Elke week is er een oefenuur.",
    "accessibility": "Getest met een schermlezer.",
    "privacy": "Alleen een schuilnaam, dertig dagen lang.",
}


def begin(visitor, **fields):
    """Everything the first step asks; where it leads is the next step of the draft."""
    answers = {"title": "Chatten na school", "email": "noor@example.org", "summary": "Jongeren chatten na school."}
    visitor.submit(BEGIN, form="pitch-form", **answers | fields)
    return visitor.follow()


def pitch():
    return db.session.query(Pitch).one()


def here(visitor, step=""):
    """An address of the draft that this visitor is on."""
    return "/".join(visitor.path.split("/")[:5]) + (f"/{step}" if step else "")


def complete(visitor):
    """Everything that has to be there before sending in."""
    visitor.submit(here(visitor, "vraag"), form="pitch-form", kind="running")
    visitor.submit(here(visitor, "voorwaarden"), form="pitch-form", **CONDITIONS)
    visitor.submit(here(visitor, "praktisch"), form="pitch-form", my_name="Noor Klein")


@pytest.fixture
def call(app):
    """Open for one more hour."""
    return make.a_call(closes_at=clock.now() + timedelta(hours=1))


def test_the_first_step_asks_three_things_and_mails_the_link(call, visitor, letters):
    page = visitor.get(BEGIN)
    assert page.form("pitch-form").names - {"csrf_token", "key", "seen", "whole", "website"} == {
        "title",
        "email",
        "summary",
    }
    assert "Zet hier geen gegevens van cliënten" in page
    page = begin(visitor)

    assert (page.heading, page.path.endswith("/inhoud")) == ("De inhoud", True)
    made = pitch()
    assert (made.title, made.summary, made.status, made.language) == (
        "Chatten na school",
        "Jongeren chatten na school.",
        "draft",
        "nl",
    )
    assert [(one.email, one.role, one.status) for one in made.authors] == [("noor@example.org", "first", "accepted")]
    assert [(one.kind, one.to_email, one.subject) for one in letters()] == [
        ("pitch_draft", "noor@example.org", "Je concept voor Blender 2027 is bewaard")
    ]


def test_only_a_bad_address_refuses_the_first_save_and_everything_typed_stays(call, visitor):
    page = visitor.submit(BEGIN, form="pitch-form", expect=422, title="Praten", email="noor", summary="Een idee.")

    assert page.errors == {"email": "Vul een volledig e-mailadres in, zoals ada@example.org"}
    assert page.form("pitch-form").values()["summary"] == ["Een idee."]
    assert db.session.query(Pitch).count() == 0
    visitor.submit(page, form="pitch-form", email="noor@example.org", title="", summary="")
    assert (pitch().title, pitch().summary) == ("", "")


def test_one_page_makes_one_draft_however_often_it_is_sent(call, visitor, letters):
    page = visitor.get(BEGIN)
    visitor.submit(page, form="pitch-form", title="Eerst", email="noor@example.org")
    first = visitor.location
    visitor.submit(page, form="pitch-form", title="Later", email="noor@example.org")

    assert (visitor.location, pitch().title, len(letters())) == (first, "Later", 1)


def test_a_draft_takes_too_many_words_and_says_how_many(call, visitor):
    page = begin(visitor, summary="woord " * 262)
    assert "Je korte tekst heeft 12 woorden te veel." in page

    page = visitor.get(here(visitor, "idee"))
    assert "12 woorden te veel" in page
    assert pitch().summary.count("woord") == 262
    complete(visitor)
    page = visitor.submit(here(visitor, "nakijken"), form="pitch-form", expect=422)
    assert "Je korte tekst heeft 12 woorden te veel. Er passen er hoogstens 250." in page
    assert pitch().status == "draft"


def test_every_step_keeps_what_is_right_when_something_else_is_wrong(call, visitor):
    begin(visitor)
    page = visitor.submit(
        here(visitor, "praktisch"), form="pitch-form", expect=422, most_participants="veel", practical="Vier tafels"
    )

    assert page.errors == {"most_participants": "Vul een geheel getal in van 1 tot 1000."}
    assert page.form("pitch-form").values()["most_participants"] == ["veel"]
    assert (pitch().practical, pitch().most_participants) == ("Vier tafels", None)


def test_a_form_that_did_not_arrive_whole_clears_nothing(call, visitor):
    begin(visitor)
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", what="Een chat", partners="CAW")
    token = visitor.get(here(visitor, "inhoud")).token
    answer = visitor.client.post(here(visitor, "inhoud"), data={"csrf_token": token, "what": "Een ch"})

    assert answer.status_code == 422
    assert (pitch().what, pitch().partners) == ("Een chat", "CAW")


def test_the_whole_way_to_the_receipt(call, visitor, letters):
    begin(visitor)
    page = visitor.get(here(visitor, "nakijken"))
    assert "Er ontbreken nog" in page
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", what="Een chat na school", for_whom="Jongeren")
    assert visitor.location.endswith("/waarom")
    visitor.submit(here(visitor, "waarom"), form="pitch-form", why="Na school is er niemand.")
    visitor.submit(here(visitor, "vraag"), form="pitch-form", kind="running", themes=["trust"], technology=["chat"])
    complete(visitor)
    page = visitor.get(here(visitor, "nakijken"))
    assert "Alles is er." in page
    visitor.submit(page, form="pitch-form")
    page = visitor.follow()

    assert page.main.get("data-status") == "submitted"
    assert "We hebben je pitch. Dank je wel." in page
    sent = letters(kind="pitch_received")
    assert [(one.to_email, one.subject) for one in sent] == [
        ("noor@example.org", "We hebben je pitch “Chatten na school”")
    ]
    assert "Een chat na school" in sent[0].text and "Elke week is er een oefenuur." in sent[0].text
    visitor.post(here(visitor, "nakijken"))
    assert len(letters(kind="pitch_received")) == 1


def test_sending_in_names_every_gap_with_a_link_to_it(call, visitor):
    begin(visitor, title="", summary="")
    page = visitor.submit(here(visitor, "nakijken"), form="pitch-form", expect=422)

    assert page.links["Geef je pitch een titel."].endswith("/idee#title")
    assert page.links["Zeg iets over privacy."].endswith("/voorwaarden#privacy")
    assert page.links["Kies wat voor pitch het is."].endswith("/vraag#kind-0")
    assert page.links["Vul je naam in."].endswith("/praktisch#my_name")


def test_a_call_of_one_kind_does_not_ask_which(app, visitor):
    make.a_call(kinds=["proposal"])
    begin(visitor)
    assert pitch().kind == "proposal"
    assert "kind" not in visitor.get(here(visitor, "vraag")).form("pitch-form").names


def test_what_was_sent_in_changes_until_the_deadline(call, visitor, time_stands_still, letters):
    begin(visitor)
    complete(visitor)
    visitor.submit(here(visitor, "nakijken"), form="pitch-form")
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", what="Anders")
    assert (pitch().what, pitch().status) == ("Anders", "submitted")

    page = visitor.get(here(visitor, "inhoud"))
    time_stands_still.move_to(call.closes_at + timedelta(seconds=1))
    page = visitor.submit(page, form="pitch-form", expect=422, what="Te laat getypt")
    assert "De deadline is voorbij" in page
    assert page.form("pitch-form").values()["what"] == ["Te laat getypt"]
    assert pitch().what == "Anders"
    visitor.get(here(visitor, "inhoud"), expect="redirect")
    assert "Anders" in visitor.follow()


def test_a_late_draft_is_kept_and_says_whom_to_call(call, visitor, time_stands_still):
    begin(visitor)
    complete(visitor)
    time_stands_still.move_to(call.closes_at + timedelta(minutes=1))
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", what="Nog iets")
    assert pitch().what == "Nog iets"
    page = visitor.submit(here(visitor, "nakijken"), form="pitch-form", expect=422)
    assert "gesloten" in page and pitch().status == "draft"
    assert "De deadline is voorbij." in visitor.get(here(visitor))

    pitch().extended_until = clock.now() + timedelta(days=1)
    db.session.commit()
    assert "je kreeg meer tijd" in visitor.get(here(visitor))
    visitor.submit(here(visitor, "nakijken"), form="pitch-form")
    assert pitch().status == "submitted"


def test_a_first_text_that_arrives_just_too_late_is_still_kept(call, visitor, time_stands_still):
    page = visitor.get(BEGIN)
    time_stands_still.move_to(call.closes_at + timedelta(seconds=5))
    visitor.submit(page, form="pitch-form", title="Net te laat", email="noor@example.org")
    assert pitch().title == "Net te laat"
    assert "De deadline is voorbij." in visitor.follow()


def test_long_after_the_deadline_nothing_new_begins(call, visitor, time_stands_still):
    page = visitor.get(BEGIN)
    call.closes_at = clock.now() - timedelta(days=1, seconds=1)
    db.session.commit()
    page = visitor.submit(page, form="pitch-form", expect=422, title="Veel te laat", email="noor@example.org")
    assert "Deze oproep is afgesloten." in page and page.form("pitch-form").values()["title"] == ["Veel te laat"]
    assert db.session.query(Pitch).count() == 0


def test_nobody_begins_when_no_call_is_open(app, visitor):
    assert "Er is nog geen oproep" in (make.an_edition() and visitor.get(BEGIN))
    make.a_call(is_open=False)
    page = visitor.get(BEGIN)
    assert "Nu is er geen oproep open." in page and "is afgesloten" in page


def test_of_several_calls_one_chooses(app, visitor):
    make.a_call(title="Bijdragen")
    make.a_call(title="Infomarkt")
    page = visitor.get(BEGIN)
    assert page.links["Infomarkt"] == "/2027/pitches/indienen/infomarkt"
    visitor.submit(page.links["Infomarkt"], form="pitch-form", email="noor@example.org", title="Stand")
    assert pitch().call_id == db.session.query(Call).filter_by(slug="infomarkt").one().id


def test_two_who_write_at_once_both_see_both_and_nothing_is_lost(call, visitor, app):
    begin(visitor)
    other = Visitor(app)
    mine, theirs = visitor.get(here(visitor, "inhoud")), other.get(here(visitor, "inhoud"))
    other.submit(theirs, form="pitch-form", what="Van Lies", partners="SAAMO")
    page = visitor.submit(mine, form="pitch-form", expect=409, what="Van Noor", result="Rust")

    assert "Van Lies" in page and page.form().values()["what"] == ["Van Noor"]
    assert (pitch().what, pitch().result) == ("Van Lies", "")
    visitor.submit(page, what="Van Noor en Lies")
    assert (pitch().what, pitch().result, pitch().partners) == ("Van Noor en Lies", "Rust", "")
    # Other steps are nobody's business.
    other.submit(here(visitor, "waarom"), form="pitch-form", why="Daarom")
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", what="Toch anders")
    assert pitch().what == "Toch anders"


def test_each_button_of_the_steps_keeps_what_was_typed(call, visitor):
    begin(visitor)
    visitor.submit(here(visitor, "inhoud"), form="pitch-form", button="Basisvoorwaarden", what="Een chat")
    assert (pitch().what, visitor.location.endswith("/voorwaarden")) == ("Een chat", True)
    visitor.submit(here(visitor, "waarom"), form="pitch-form", button="Vorige stap", why="Daarom")
    assert (pitch().why, visitor.location.endswith("/inhoud")) == ("Daarom", True)
    visitor.submit(here(visitor, "waarom"), form="pitch-form", button="Bewaar en ga later verder", why="Hierom")
    assert (pitch().why, visitor.location) == ("Hierom", here(visitor))


def test_a_link_works_in_its_own_edition_only_and_nothing_opens_by_number(call, visitor):
    begin(visitor)
    token = here(visitor).rsplit("/", 1)[1]
    make.an_edition(slug="2028")
    for path in (
        f"/2028/pitches/mijn/{token}",
        f"/2027/pitches/mijn/{token[:-1]}x",
        f"/2027/pitches/mijn/{pitch().authors[0].id}",
        f"/2027/pitches/mijn/{token}/meedoen",
        "/2027/pitches/mijn/1-aaaaaaaaaaaaaaaaaaaaaaaaaa/idee",
    ):
        page = visitor.get(path, expect=404)
        assert "Chatten" not in page.everything


def test_own_pages_are_kept_nowhere(call, visitor):
    begin(visitor)
    base = here(visitor)
    for step in (
        "",
        "idee",
        "inhoud",
        "waarom",
        "vraag",
        "voorwaarden",
        "praktisch",
        "nakijken",
        "indieners",
        "bijlagen",
        "intrekken",
        "adres",
        "bestaat-al",
    ):
        page = visitor.get(f"{base}/{step}".rstrip("/"))
        assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"], page.headers["X-Robots-Tag"]) == (
            "no-store",
            "no-referrer",
            "noindex",
        )


def test_the_trap_keeps_the_words_but_mails_nobody(call, visitor, letters):
    begin(visitor, website="https://spam.example")
    assert (pitch().title, letters()) == ("Chatten na school", [])
    visitor.submit(here(visitor, "idee"), form="pitch-form")
    assert [one.kind for one in letters()] == ["pitch_draft"]


@pytest.mark.slow
def test_one_address_gets_only_so_many_letters(call, app, letters):
    for number in range(7):
        browser = Visitor(app)
        page = begin(browser, title=f"Pitch {number}")
    assert len(letters(kind="pitch_draft")) == 5
    assert "bewaar het adres van deze pagina" in page.text.lower()
    assert db.session.query(Author).filter(Author.accepted_at.is_not(None)).count() == 7


def test_search_words_hold_the_pitch_and_never_a_name(call, visitor):
    begin(visitor)
    visitor.submit(here(visitor, "praktisch"), form="pitch-form", my_name="Wim Verstopt")
    assert "chatten na school" in pitch().search_text and "verstopt" not in pitch().search_text
    assert queries.in_edition(pitch().edition, pitch().slug).id == pitch().id
