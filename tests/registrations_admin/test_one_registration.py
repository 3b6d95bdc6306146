"""One registration: its story, changes, conflicts, cancelling, a place out of turn, links and the paper."""

import pytest

from blender_event.core.database import db
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.registrations_admin.conftest import LIST


def now(registration):
    db.session.rollback()
    return db.session.get(Registration, registration.id)


@pytest.fixture
def jane(edition):
    return make.a_registration(
        edition, first_name="Jane", last_name="Addams", email="jane@example.org", organisation="Hull House"
    )


def of(registration):
    return f"{LIST}/{registration.id}"


def test_a_registration_shows_its_facts_but_not_its_needs(organiser, edition):
    found = make.a_registration(edition, first_name="Jane", phone="09 123", needs="Kanarie-allergie")

    page = organiser.get(of(found))

    assert "09 123" in page
    assert "1 vraag" in page
    assert b"Kanarie" not in page.body


def test_a_change_is_kept_told_and_written_down(olga, jane, letters):
    olga.submit(of(jane) + "/wijzigen", organisation="Toynbee Hall")

    assert now(jane).organisation == "Toynbee Hall"
    assert [(letter.kind, letter.to_email) for letter in letters()] == [("changed", "jane@example.org")]
    assert "Olga: wijzigde de inschrijving" in olga.get(of(jane))


def test_the_second_of_two_organisers_sees_both_versions_and_keeps_what_they_typed(olga, organiser, jane):
    seen = olga.get(of(jane) + "/wijzigen")
    organiser.submit(of(jane) + "/wijzigen", organisation="Toynbee Hall")

    page = olga.submit(seen, organisation="Hull House, Chicago", expect=409)

    assert "Toynbee Hall" in page
    assert page.form().values()["organisation"] == ["Hull House, Chicago"]
    assert now(jane).organisation == "Toynbee Hall"
    olga.submit(page)
    assert now(jane).organisation == "Hull House, Chicago"


def test_a_note_is_not_overwritten_unseen(olga, organiser, jane):
    seen = olga.get(of(jane))
    organiser.submit(of(jane), form="notitie", note="Belt liever.")

    page = olga.submit(seen, form="notitie", note="Komt later.", expect=409)

    assert "Belt liever." in page
    assert now(jane).note == "Belt liever."


def test_another_address_ends_the_old_links_and_tells_both(olga, jane, letters):
    before = jane.link_version
    olga.submit(of(jane) + "/wijzigen", email="jane@voorbeeld.example.org")

    assert now(jane).email == "jane@voorbeeld.example.org"
    assert now(jane).link_version != before
    assert {(letter.kind, letter.to_email) for letter in letters()} == {
        ("address_changed", "jane@example.org"),
        ("my_link", "jane@voorbeeld.example.org"),
    }


def test_a_letter_that_waits_for_the_old_address_never_carries_the_new_link(olga, jane, letters):
    """Links are made at sending: what was stuck would open Mijn Blender for whoever reads the mistyped address."""
    olga.submit(of(jane) + "/wijzigen", organisation="Toynbee Hall")
    olga.submit(of(jane) + "/wijzigen", email="jane.addams@example.org")

    waiting = [letter for letter in letters() if letter.status != "dropped"]
    assert [(letter.kind, letter.to_email) for letter in waiting] == [
        ("address_changed", "jane@example.org"),
        ("my_link", "jane.addams@example.org"),
    ]


def test_an_address_that_is_taken_is_refused_beside_its_field(olga, jane, edition):
    make.a_registration(edition, email="alice@example.org")

    page = olga.submit(of(jane) + "/wijzigen", email="Alice@example.org", organisation="Elders", expect=422)

    assert "Dit adres is al ingeschreven" in page.errors["email"]
    assert now(jane).organisation == "Hull House"


def test_extra_fields_change_nothing_else(olga, jane):
    before = jane.link_version
    page = olga.get(of(jane) + "/wijzigen")
    olga.post(
        of(jane) + "/wijzigen",
        **page.form().values() | {"status": "cancelled", "note": "x", "link_version": "9", "id": "1"},
    )

    assert (now(jane).status, now(jane).note, now(jane).link_version) == ("confirmed", "", before)


def test_cancelling_names_who_gets_the_place_and_gives_it(olga, edition, letters):
    edition.capacity_onsite = 1
    db.session.commit()
    jane = make.a_registration(edition, first_name="Jane", email="jane@example.org")
    alice = make.a_registration(edition, first_name="Alice", status="waiting", email="alice@example.org")
    page = olga.get(of(jane) + "/annuleren")

    assert "De plaats gaat meteen naar Alice Aanwezig" in page
    olga.submit(page)

    assert (now(jane).status, now(alice).status) == ("cancelled", "confirmed")
    assert [(letter.kind, letter.to_email) for letter in letters()] == [
        ("cancelled", "jane@example.org"),
        ("promoted", "alice@example.org"),
    ]


def test_cancelling_twice_is_once(olga, jane, letters):
    asked = olga.get(of(jane) + "/annuleren")
    olga.submit(asked)
    olga.submit(asked, follow=True)

    assert "Ze was al geannuleerd." in olga.page
    assert len(letters(kind="cancelled")) == 1


@pytest.fixture
def full(edition):
    """One place, taken by Jane; Alice and Mary wait."""
    edition.capacity_onsite = 1
    db.session.commit()
    return [
        make.a_registration(edition, first_name="Jane"),
        make.a_registration(edition, first_name="Alice", status="waiting"),
        make.a_registration(edition, first_name="Mary", status="waiting", email="mary@example.org"),
    ]


def test_out_of_turn_says_who_is_passed_and_asks_why(olga, full):
    page = olga.get(of(full[2]) + "/plaats-geven")

    assert "1 persoon wacht langer en wordt voorbijgegaan." in page
    assert "Alice Aanwezig" in page
    refused = olga.submit(page, add_place=True, expect=422)
    assert "Schrijf waarom" in refused.errors["reason"]
    assert now(full[2]).status == "waiting"


def test_no_place_is_given_that_is_not_there(olga, full, edition):
    page = olga.submit(of(full[2]) + "/plaats-geven", reason="Spreekt mee", expect=422)

    assert "Alle plaatsen zijn ingenomen. Verhoog eerst het aantal plaatsen." in page.errors[""]
    assert now(full[2]).status == "waiting"


def test_a_place_may_be_added_for_one_person_and_the_waiting_list_tells_why(olga, full, edition, letters):
    olga.submit(of(full[2]) + "/plaats-geven", reason="Brengt een pitch", add_place=True)
    db.session.refresh(edition)

    assert edition.capacity_onsite == 2
    assert [now(one).status for one in full] == ["confirmed", "waiting", "confirmed"]
    assert [letter.to_email for letter in letters(kind="promoted")] == ["mary@example.org"]
    rows = olga.get(LIST + "/wachtlijst").rows()
    assert rows[1][:2] == ["1", "Alice Aanwezig"]
    assert "Olga: Brengt een pitch" in rows[1][4]


def test_no_place_is_added_while_more_people_come_than_there_are_places(olga, full, edition):
    make.a_registration(edition, first_name="Ida")

    page = olga.get(of(full[2]) + "/plaats-geven")
    assert "add_place" not in page.form().names
    olga.post(page.path, **page.form().values() | {"reason": "x", "add_place": "y"}, expect=422)
    assert now(full[2]).status == "waiting"


def test_new_links_are_asked_for_first(olga, jane, letters):
    assert "werkt niet meer" in olga.get(of(jane) + "/nieuwe-link")
    before = (jane.link_version, jane.feed_version)
    olga.submit(of(jane) + "/nieuwe-link")

    assert now(jane).link_version != before[0]
    assert now(jane).feed_version != before[1]
    assert [letter.kind for letter in letters()] == ["my_link"]


def test_the_confirmation_can_be_sent_again(olga, jane, letters):
    olga.submit(of(jane), form="opnieuw-sturen")

    assert [letter.kind for letter in letters()] == ["confirmed"]


def test_the_paper_shows_the_code_and_an_address_that_works(olga, jane, visitor):
    page = olga.get(of(jane) + "/bevestiging")

    assert jane.reference in page
    address = page.tree.findtext(".//code")
    assert "Jane" in visitor.get(address.removeprefix("https://blender.example.org"))
    assert now(jane).verified_at is None


@pytest.mark.parametrize(
    "path", ["", "/wijzigen", "/annuleren", "/plaats-geven", "/nieuwe-link", "/bevestiging", "/behoeften"]
)
def test_nobody_else_sees_or_changes_it(path, oscar, mallory, helper, visitor, jane):
    for browser in (oscar, mallory, helper):
        browser.get(of(jane) + path, expect=404)
        browser.post(of(jane) + path, expect=405 if path in ("", "/bevestiging") else 404, first_name="X")
    visitor.get(of(jane) + path, expect=302)
    assert now(jane).status == "confirmed"


def test_an_id_of_another_edition_is_not_here(olga, elsewhere):
    foreign = make.a_registration(elsewhere)

    olga.get(of(foreign), expect=404)
    olga.post(of(foreign) + "/notitie", expect=404, note="x", seen="0")
