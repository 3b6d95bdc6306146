"""Taking a place and giving it back (PRODUCT §5)."""

import pytest
from sqlalchemy import event

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import Conflict, KeyReused, Repeated, RuleBroken
from blender_event.programme.models import Edition
from blender_event.registrations import actions, queries
from blender_event.registrations.models import Registration, Team
from blender_event.registrations.rules import Details
from tests import factories as make


def register(edition, name="Alex", **details):
    details.setdefault("email", f"{name.lower()}@example.org")
    more = {key: details.pop(key) for key in ("by", "key", "digest", "tell_owner") if key in details}
    made = actions.register(
        edition, now=clock.now(), details=Details(first_name=name, group="field", **details), **more
    )
    db.session.commit()
    return made


def statuses():
    return {row.first_name: row.status for row in db.session.query(Registration).order_by(Registration.id)}


def test_who_comes_first_gets_a_place_and_the_next_ones_a_number(app):
    edition = make.an_edition(capacity_onsite=1)

    ada, sam, alex = (register(edition, name) for name in ("Ada", "Sam", "Alex"))

    assert statuses() == {"Ada": "confirmed", "Sam": "waiting", "Alex": "waiting"}
    assert [queries.position(one) for one in (ada, sam, alex)] == [None, 1, 2]


def test_on_site_and_online_have_their_own_places_and_lines(app):
    edition = make.an_edition(capacity_onsite=1, capacity_online=1)

    for name, attendance in (("Ada", "onsite"), ("Sam", "online"), ("Alex", "onsite"), ("Grace", "online")):
        register(edition, name, attendance=attendance)

    seats = queries.seats(edition)
    assert (seats.onsite_taken, seats.onsite_waiting, seats.online_taken, seats.online_waiting) == (1, 1, 1, 1)
    assert [queries.position(one) for one in db.session.query(Registration).filter_by(status="waiting")] == [1, 1]


def test_cancelling_promotes_the_first_in_line_in_the_same_transaction(app, letters):
    edition = make.an_edition(capacity_onsite=1)
    ada, _sam, alex = (register(edition, name) for name in ("Ada", "Sam", "Alex"))

    actions.cancel(ada, by=None, now=clock.now())
    db.session.commit()

    assert statuses() == {"Ada": "cancelled", "Sam": "confirmed", "Alex": "waiting"}
    assert queries.position(alex) == 1
    assert [(one.kind, one.to_email) for one in letters()][3:] == [
        ("cancelled", "ada@example.org"),
        ("promoted", "sam@example.org"),
    ]


def test_cancelling_twice_frees_one_place_and_sends_one_letter(app, letters):
    edition = make.an_edition(capacity_onsite=1)
    ada, _sam, _alex = (register(edition, name) for name in ("Ada", "Sam", "Alex"))

    assert actions.cancel(ada, by=None, now=clock.now()) is True
    assert actions.cancel(ada, by=None, now=clock.now()) is False
    db.session.commit()

    assert statuses() == {"Ada": "cancelled", "Sam": "confirmed", "Alex": "waiting"}
    assert len(letters(kind="cancelled")) == 1


def test_who_cancels_after_being_promoted_is_offered_nothing_more(app, letters):
    edition = make.an_edition(capacity_onsite=1)
    ada, sam = register(edition, "Ada"), register(edition, "Sam")
    actions.cancel(ada, by=None, now=clock.now())
    actions.cancel(sam, by=None, now=clock.now())
    register(edition, "Alex")

    assert statuses() == {"Ada": "cancelled", "Sam": "cancelled", "Alex": "confirmed"}
    assert len(letters(to="sam@example.org", kind="promoted")) == 1


def test_two_places_freed_promote_exactly_two_in_order(app, letters):
    edition = make.an_edition(capacity_onsite=2)
    people = [register(edition, name) for name in ("Ada", "Sam", "Alex", "Grace", "Alan")]

    for one in people[:2]:
        actions.cancel(one, by=None, now=clock.now())
    db.session.commit()

    assert statuses() == {
        "Ada": "cancelled",
        "Sam": "cancelled",
        "Alex": "confirmed",
        "Grace": "confirmed",
        "Alan": "waiting",
    }
    assert [one.to_email for one in letters(kind="promoted")] == ["alex@example.org", "grace@example.org"]


def test_a_newcomer_never_overtakes_who_waits(app):
    edition = make.an_edition(capacity_onsite=2)
    make.a_registration(edition, first_name="Ada")
    make.a_registration(edition, first_name="Sam", status="waiting")

    register(edition, "Alex")

    assert statuses() == {"Ada": "confirmed", "Sam": "waiting", "Alex": "waiting"}


def test_without_a_waiting_list_a_full_edition_says_so_beside_the_choice(app):
    edition = make.an_edition(capacity_onsite=1, has_waiting_list=False)
    register(edition, "Ada")

    with pytest.raises(RuleBroken) as refused:
        register(edition, "Sam")

    assert [(str(one.message), one.field) for one in refused.value.problems] == [
        ("Alle plaatsen op locatie zijn ingenomen en er is geen wachtlijst.", "attendance")
    ]


def test_an_edition_without_a_limit_is_never_full(app):
    edition = make.an_edition(capacity_onsite=None)
    for number in range(3):
        register(edition, f"Ada{number}")
    assert set(statuses().values()) == {"confirmed"}


def test_lowering_the_capacity_evicts_nobody_and_promotes_nobody(app):
    edition = make.an_edition(capacity_onsite=3)
    people = [register(edition, name) for name in ("Ada", "Sam", "Alex", "Grace")]

    actions.change_capacity(edition, onsite=1, online=50, by=None, now=clock.now())
    actions.cancel(people[0], by=None, now=clock.now())
    db.session.commit()

    assert statuses() == {"Ada": "cancelled", "Sam": "confirmed", "Alex": "confirmed", "Grace": "waiting"}
    assert list(queries.faults()) == []


def test_raising_the_capacity_promotes_as_many_as_fit(app, letters):
    edition = make.an_edition(capacity_onsite=1)
    for name in ("Ada", "Sam", "Alex", "Grace"):
        register(edition, name)
    before = edition.public_revision

    actions.change_capacity(edition, onsite=3, online=50, by=None, now=clock.now())
    db.session.commit()

    assert statuses() == {"Ada": "confirmed", "Sam": "confirmed", "Alex": "confirmed", "Grace": "waiting"}
    assert [one.to_email for one in letters(kind="promoted")] == ["sam@example.org", "alex@example.org"]
    assert edition.public_revision == before + 1


def test_last_in_first_out_is_an_act_of_the_organiser_that_says_whom(app, ada, letters):
    edition = make.an_edition(capacity_onsite=3)
    for name in ("Ada", "Sam", "Alex"):
        register(edition, name)
    actions.change_capacity(edition, onsite=1, online=50, by=ada, now=clock.now())
    assert [one.first_name for one in queries.latest_confirmed(edition, "onsite", 2)] == ["Alex", "Sam"]

    with pytest.raises(Conflict):
        actions.let_last_go(edition, "onsite", expected=1, by=ada, now=clock.now())
    actions.let_last_go(edition, "onsite", expected=2, by=ada, now=clock.now())
    db.session.commit()

    assert statuses() == {"Ada": "confirmed", "Sam": "cancelled", "Alex": "cancelled"}
    assert len(letters(kind="cancelled")) == 2


def test_a_swap_gives_the_old_place_up_only_for_a_new_one(app, letters):
    edition = make.an_edition(capacity_onsite=1, capacity_online=1)
    ada, _sam = register(edition, "Ada"), register(edition, "Sam")
    grace = register(edition, "Grace", attendance="online")

    with pytest.raises(RuleBroken) as refused:
        actions.change(
            ada, details=Details(first_name="Ada", group="field", attendance="online"), seen=0, by=None, now=clock.now()
        )
    db.session.rollback()
    assert [str(one.message) for one in refused.value.problems] == [
        "Alle plaatsen online zijn ingenomen. Je houdt de plaats die je hebt."
    ]
    assert statuses() == {"Ada": "confirmed", "Sam": "waiting", "Grace": "confirmed"}

    actions.cancel(grace, by=None, now=clock.now())
    actions.change(
        ada, details=Details(first_name="Ada", group="field", attendance="online"), seen=0, by=None, now=clock.now()
    )
    db.session.commit()

    assert statuses() == {"Ada": "confirmed", "Sam": "confirmed", "Grace": "cancelled"}
    assert ada.attendance == "online" and ada.sequence == 1
    assert len(letters(to="sam@example.org", kind="promoted")) == 1


def test_a_change_against_an_older_version_is_refused(app):
    edition = make.an_edition()
    ada = register(edition, "Ada")
    actions.change(ada, details=Details(first_name="Augusta", group="field"), seen=0, by=None, now=clock.now())

    with pytest.raises(Conflict):
        actions.change(ada, details=Details(first_name="Byron", group="field"), seen=0, by=None, now=clock.now())
    assert ada.first_name == "Augusta"


def test_a_cancelled_registration_cannot_be_changed(app):
    edition = make.an_edition()
    ada = register(edition, "Ada")
    actions.cancel(ada, by=None, now=clock.now())

    with pytest.raises(RuleBroken) as refused:
        actions.change(ada, details=Details(first_name="Augusta", group="field"), seen=1, by=None, now=clock.now())
    assert (
        str(refused.value.problems[0].message)
        == "Deze inschrijving is geannuleerd. Je kunt je opnieuw inschrijven als er nog plaats is."
    )


@pytest.mark.parametrize("again", ["ADA@example.org", "  ada@Example.org "])
def test_one_active_registration_per_address_whose_owner_is_told(app, letters, again):
    edition = make.an_edition()
    register(edition, "Ada", email="ada@example.org")

    assert register(edition, "Mallory", email=again) is None
    assert statuses() == {"Ada": "confirmed"}
    assert [one.kind for one in letters(to="ada@example.org")] == ["confirmed", "already_registered"]


def test_an_address_with_another_dot_or_plus_is_another_person(app):
    edition = make.an_edition()
    for number, email in enumerate(("ada@example.org", "a.da@example.org", "ada+1@example.org")):
        register(edition, f"Ada{number}", email=email)
    assert set(statuses().values()) == {"confirmed"}


def test_who_cancelled_may_register_again_and_stands_at_the_end(app):
    edition = make.an_edition(capacity_onsite=1)
    ada = register(edition, "Ada")
    register(edition, "Sam")
    actions.cancel(ada, by=None, now=clock.now())

    again = register(edition, "Ada")

    assert (again.status, queries.position(again)) == ("waiting", 1)


def test_the_same_key_shows_the_first_result_and_other_content_is_refused(app):
    edition = make.an_edition()
    first = register(edition, "Ada", key="one-time", digest="same")

    with pytest.raises(Repeated) as repeated:
        register(edition, "Ada", key="one-time", digest="same")
    assert repeated.value.result == str(first.id)
    with pytest.raises(KeyReused):
        register(edition, "Sam", key="one-time", digest="other")
    db.session.rollback()
    assert statuses() == {"Ada": "confirmed"}


def test_an_organiser_registers_somebody_without_an_address_outside_the_window(app, ada, letters):
    edition = make.an_edition(status="closed", capacity_onsite=1)

    with pytest.raises(RuleBroken):
        register(edition, "Sam", email=None)
    db.session.rollback()
    first, second = register(edition, "Sam", email=None, by=ada), register(edition, "Alex", email=None, by=ada)

    assert (first.status, second.status, first.email_key) == ("confirmed", "waiting", None)
    assert first.registered_by_id == ada.id
    assert letters() == []


def test_an_organiser_hears_that_an_address_is_taken(app, ada):
    edition = make.an_edition()
    register(edition, "Sam")
    with pytest.raises(RuleBroken) as refused:
        register(edition, "Sam", by=ada)
    assert refused.value.problems[0].field == "email"


def test_an_organiser_promotes_out_of_turn_only_where_there_is_room(app, ada):
    edition = make.an_edition(capacity_onsite=1)
    _first, sam = register(edition, "Ada"), register(edition, "Sam")
    with pytest.raises(RuleBroken):
        actions.promote(sam, by=ada, now=clock.now())
    assert sam.status == "waiting"


def test_a_cancelled_edition_promotes_nobody(app):
    edition = make.an_edition(capacity_onsite=1)
    ada, _sam = register(edition, "Ada"), register(edition, "Sam")
    edition.status = "cancelled"
    actions.cancel(ada, by=None, now=clock.now())
    db.session.commit()
    assert statuses() == {"Ada": "cancelled", "Sam": "waiting"}


def test_needs_are_kept_only_with_a_yes(app):
    edition = make.an_edition()
    with pytest.raises(RuleBroken) as refused:
        register(edition, "Ada", needs=("wheelchair",))
    db.session.rollback()
    assert refused.value.problems[0].field == "needs_consent"
    made = register(edition, "Ada", needs=("wheelchair",), needs_words="dicht bij de deur", needs_consent=True)
    assert (made.needs.choices, made.needs.words, made.needs.consent_at) == (
        ["wheelchair"],
        "dicht bij de deur",
        clock.now(),
    )


def team(edition, *names, as_many_as_fit=False, **more):
    contact = Team(contact_name="Olga", contact_email="olga@example.org", name="Huis")
    people = [Details(first_name=name, group="field", email=more.get(name)) for name in names]
    made = actions.register_team(
        edition, now=clock.now(), people=people, contact=contact, as_many_as_fit=as_many_as_fit
    )
    db.session.commit()
    return made


def test_a_team_gets_a_place_for_everybody_or_for_nobody(app, letters):
    edition = make.an_edition(capacity_onsite=2)

    with pytest.raises(RuleBroken) as refused:
        team(edition, "Ada", "Sam", "Alex")
    db.session.rollback()
    assert str(refused.value.problems[0].message) == (
        "Er zijn nog 2 plaatsen en jullie zijn met 3. Kies “zoveel als er plaats is”, of maak je team kleiner."
    )
    assert statuses() == {} and letters() == []

    team(edition, "Ada", "Sam")
    assert statuses() == {"Ada": "confirmed", "Sam": "confirmed"}


def test_as_many_of_a_team_as_fit_get_a_place_and_the_others_wait(app, letters):
    edition = make.an_edition(capacity_onsite=2)
    team(edition, "Ada", "Sam", "Alex", as_many_as_fit=True, Ada="ada@example.org")

    assert statuses() == {"Ada": "confirmed", "Sam": "confirmed", "Alex": "waiting"}
    assert sorted((one.kind, one.to_email) for one in letters()) == [
        ("confirmed", "ada@example.org"),
        ("confirmed", "olga@example.org"),
        ("team", "olga@example.org"),
        ("waiting", "olga@example.org"),
    ]


def test_somebody_of_a_team_who_was_registered_keeps_that_place(app, letters):
    edition = make.an_edition(capacity_onsite=3)
    register(edition, "Ada")
    made = team(edition, "Ada", "Sam", Ada="ADA@example.org")
    assert [one.first_name for one in made] == ["Sam"]
    assert len(letters(to="ada@example.org", kind="already_registered")) == 1


def test_the_check_names_what_must_never_be(app):
    edition = make.an_edition(capacity_onsite=1)
    make.a_registration(edition, first_name="Ada")
    make.a_registration(edition, first_name="Sam")
    assert list(queries.faults()) == ["2027: 2 confirmed onsite for 1 places"]

    db.session.query(Registration).delete()
    make.a_registration(edition, first_name="Alex", status="waiting")
    assert list(queries.faults()) == ["2027: 1 wait onsite while places are free"]


def test_counting_seats_asks_one_statement(app):
    edition = db.session.get(Edition, make.an_edition().id)
    assert edition.id
    asked = []

    def note(*given):
        asked.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    queries.seats(edition)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1
