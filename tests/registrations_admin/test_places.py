"""How many may come: raising gives places, lowering sends nobody away, and the last may be cancelled on purpose."""

import pytest

from blender_event.core.database import db
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.registrations_admin.conftest import LIST

PLACES = LIST + "/plaatsen"
LAST = PLACES + "/laatste-op-locatie"


def statuses():
    db.session.rollback()
    return {row.first_name: row.status for row in db.session.query(Registration).order_by(Registration.id)}


@pytest.fixture
def three(edition, time_stands_still):
    """Ann, Bea and Cas came in this order, on three places; Dis waits."""
    edition.capacity_onsite = 3
    db.session.commit()
    for name in ("Ann", "Bea", "Cas"):
        make.a_registration(edition, first_name=name, email=f"{name.lower()}@example.org")
        time_stands_still.shift(60)
    make.a_registration(edition, first_name="Dis", status="waiting", email="dis@example.org")


def test_more_places_go_to_who_waits(olga, three, letters):
    olga.submit(PLACES, capacity_onsite="4", follow=True)

    assert "1 persoon van de wachtlijst heeft een plaats." in olga.page
    assert statuses()["Dis"] == "confirmed"
    assert [letter.to_email for letter in letters(kind="promoted")] == ["dis@example.org"]


def test_looking_first_shows_the_mails_and_changes_nothing(olga, three, letters):
    page = olga.submit(PLACES, capacity_onsite="4", button="Kijk eerst wat er gebeurt", expect=200)

    assert "dis@example.org" in page
    assert statuses()["Dis"] == "waiting"
    assert letters() == []
    olga.submit(page)
    assert statuses()["Dis"] == "confirmed"


def test_fewer_places_send_nobody_away(olga, three, letters):
    olga.submit(PLACES, capacity_onsite="1", follow=True)

    assert "Op locatie: 2 mensen meer dan er plaatsen zijn." in olga.page
    assert "Niemand wordt weggestuurd" in olga.page
    assert statuses() == {"Ann": "confirmed", "Bea": "confirmed", "Cas": "confirmed", "Dis": "waiting"}
    assert letters() == []


def test_last_in_first_out_shows_names_and_mails_before_anything_happens(olga, three, letters):
    olga.submit(PLACES, capacity_onsite="1")
    page = olga.get(LAST)

    assert [row[0] for row in page.rows()[1:]] == ["Cas Aanwezig", "Bea Aanwezig"]
    read = olga.submit(page, button="Lees eerst de mails", expect=200)
    assert "cas@example.org" in read
    assert statuses()["Cas"] == "confirmed"
    assert letters() == []


def test_last_in_first_out_cancels_the_latest_and_promotes_nobody(olga, three, letters):
    olga.submit(PLACES, capacity_onsite="1")
    olga.submit(LAST)

    assert statuses() == {"Ann": "confirmed", "Bea": "cancelled", "Cas": "cancelled", "Dis": "waiting"}
    assert [letter.to_email for letter in letters(kind="cancelled")] == ["cas@example.org", "bea@example.org"]


def test_it_is_not_done_when_the_number_is_another_by_now(olga, organiser, three):
    olga.submit(PLACES, capacity_onsite="1")
    seen = olga.get(LAST)
    organiser.submit(PLACES, capacity_onsite="2")

    page = olga.submit(seen, expect=409)

    assert "Het zijn intussen niet meer evenveel mensen." in page.errors[""]
    assert statuses()["Bea"] == "confirmed"


def test_two_organisers_do_not_overwrite_each_other(olga, organiser, edition):
    seen = olga.get(PLACES)
    organiser.submit(PLACES, capacity_onsite="80")

    page = olga.submit(seen, capacity_onsite="120", expect=409)

    assert "op locatie 80, online 50" in page
    db.session.refresh(edition)
    assert edition.capacity_onsite == 80


@pytest.mark.parametrize("typed", ["veel", "-1", "1.5", "100001", "٣", "99999999999"])
def test_what_is_no_number_of_places_is_refused(olga, edition, typed):
    page = olga.submit(PLACES, capacity_onsite=typed[:9], expect=422)

    assert "Vul een aantal plaatsen in" in page.errors["capacity_onsite"]


def test_empty_means_no_limit(olga, three, edition):
    olga.submit(PLACES, capacity_onsite="")
    db.session.refresh(edition)

    assert edition.capacity_onsite is None
    assert statuses()["Dis"] == "confirmed"


def test_others_change_no_places(oscar, mallory, helper, edition):
    for browser in (oscar, mallory, helper):
        browser.get(PLACES, expect=404)
        browser.post(PLACES, expect=404, capacity_onsite="1", capacity_online="1", seen="100/50")
        browser.post(LAST, expect=404, expected="0")
    db.session.refresh(edition)
    assert edition.capacity_onsite == 100
