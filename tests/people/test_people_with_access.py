"""Organisers give access, change it and take it away; nobody gives more than they have, and somebody always stays."""

import threading

import pytest
from sqlalchemy import select

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db, writing
from blender_event.core.errors import RuleBroken
from blender_event.people import actions, queries
from blender_event.people.models import Person, Role, SignInLink
from tests import factories as make
from tests.visitor import Visitor, signed_in


@pytest.fixture
def edition(app):
    return make.an_edition("2027")


@pytest.fixture
def olga(app, edition):
    """An organiser of this edition only, without the right to see needs."""
    return make.a_person("Olga Organisator", "olga@example.org", role="organiser", edition=edition)


def roles():
    db.session.rollback()
    return [
        (role.person.name, role.kind, role.edition_id, role.sees_needs)
        for role in db.session.scalars(select(Role).order_by(Role.id))
    ]


def test_an_invitation_gives_access_and_a_first_link(organiser, ada, edition, letters, app):
    page = organiser.submit(
        "/beheer/2027/toegang/nodig-uit",
        name="Sam",
        email="sam@example.org",
        kind="organiser",
        reach="here",
        follow=True,
    )
    (letter,) = letters(kind="invitation")
    link = db.session.scalars(select(SignInLink).order_by(SignInLink.id.desc())).first()
    sam = Visitor(app)
    sam.submit(f"/aanmelden/{queries.token_of(link)}")

    assert "Sam heeft toegang. De uitnodiging is onderweg." in page
    assert roles()[-1] == ("Sam", "organiser", edition.id, False)
    assert (letter.to_email, letter.subject) == ("sam@example.org", "Je hebt toegang tot Blender 2027")
    assert (link.expires_at - link.created_at).days == 7
    sam.get("/beheer/2027")


def test_an_invitation_used_twice_at_once_signs_in_once(edition, app, ada):
    role = actions.invite(
        email="sam@example.org", name="Sam", edition=edition, kind="organiser", sees_needs=False, by=ada
    )
    db.session.commit()
    link = db.session.scalars(select(SignInLink).where(SignInLink.person_id == role.person_id)).one()
    token, now = queries.token_of(link), link.created_at
    ready, answers = threading.Barrier(2), []

    def use():
        with app.app_context(), writing():
            ready.wait()
            try:
                actions.use_link(token, now=now)
                db.session.commit()
                answers.append("in")
            except RuleBroken:
                db.session.rollback()
                answers.append("too late")

    threads = [threading.Thread(target=use) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["in", "too late"]


def test_two_who_find_or_make_the_same_person_get_one(app):
    ready, found = threading.Barrier(4), []

    def ask():
        with app.app_context(), writing():
            ready.wait()
            person = queries.person_for("Alex@Example.org", "Alex")
            db.session.commit()
            found.append(person.id)
            db.session.remove()

    threads = [threading.Thread(target=ask) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert db.session.query(Person).count() == 1


def test_a_known_person_keeps_the_name_they_had(app):
    make.a_person("Alex Aanwezig", "alex@example.org")

    assert queries.person_for(" ALEX@example.org", "Klik hier").name == "Alex Aanwezig"


def test_the_same_access_is_not_given_twice(organiser, edition, olga):
    page = organiser.submit("/beheer/2027/toegang/nodig-uit", name="Olga", email="OLGA@example.org", expect=422)

    assert page.errors["email"] == "Deze persoon heeft deze toegang al. Wijzig ze in de lijst."
    assert page.form().values()["name"] == ["Olga"]
    assert len([role for role in roles() if role[0] == "Olga Organisator"]) == 1


def test_an_organiser_of_one_edition_gives_access_to_that_one_only(app, edition, olga):
    browser = signed_in(app, olga)
    page = browser.get("/beheer/2027/toegang/nodig-uit")

    assert "reach" not in page.form().names
    assert "sees_needs" not in page.form().names
    more = {"reach": "everywhere", "sees_needs": "y"}
    browser.post(
        "/beheer/2027/toegang/nodig-uit", name="Eve", email="eve@example.org", kind="organiser", language="nl", **more
    )
    assert roles()[-1] == ("Eve", "organiser", edition.id, False)


def test_the_action_itself_refuses_what_the_giver_lacks(edition, olga):
    for wish in ({"edition": None, "sees_needs": False}, {"edition": edition, "sees_needs": True}):
        with pytest.raises(RuleBroken):
            actions.invite(email="eve@example.org", name="Eve", kind="organiser", by=olga, **wish)

    assert [name for name, *_rest in roles()] == ["Olga Organisator"]


def test_the_desk_never_sees_needs(organiser, edition):
    organiser.submit(
        "/beheer/2027/toegang/nodig-uit", name="Desk", email="desk@example.org", kind="desk", sees_needs=True
    )

    assert roles()[-1] == ("Desk", "desk", edition.id, False)


def test_the_right_to_see_needs_is_given_and_noted(organiser, ada, edition, olga):
    number = olga.roles[0].id
    organiser.submit(f"/beheer/2027/toegang/{number}", sees_needs=True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "access changed")).one()

    assert ("Olga Organisator", "organiser", edition.id, True) in roles()
    assert (entry.by_id, entry.old, entry.new) == (ada.id, {"sees_needs": False}, {"sees_needs": True})


def test_access_is_taken_away_after_saying_what_is_lost(organiser, edition, olga, app):
    browser = signed_in(app, olga)
    number = olga.roles[0].id
    page = organiser.get(f"/beheer/2027/toegang/{number}/weg")

    assert "Vanaf dan kan Olga Organisator geen pagina voor organisatoren van deze editie openen." in page
    organiser.submit(page)
    assert browser.client.get("/beheer/2027").status_code == 404


def test_the_last_chief_stays(organiser, ada, edition):
    number = ada.roles[0].id
    page = organiser.submit(f"/beheer/2027/toegang/{number}/weg", expect=422)

    assert "Dit is de laatste organisator van elke editie." in page
    assert roles() == [("Ada Lovelace", "organiser", None, True)]


def test_one_of_two_chiefs_may_go(organiser, ada, edition):
    make.an_organiser("Second")
    organiser.submit(f"/beheer/2027/toegang/{ada.roles[0].id}/weg")

    assert organiser.location == "/beheer"
    assert [name for name, *_rest in roles()] == ["Second"]


def test_two_chiefs_who_push_each_other_out_at_once_leave_one(app, edition):
    first, second = make.an_organiser("First"), make.an_organiser("Second")
    pairs = [(first.id, second.roles[0].id), (second.id, first.roles[0].id)]
    db.session.rollback()
    ready, answers = threading.Barrier(2), []

    def push(by, role):
        with app.app_context(), writing():
            ready.wait()
            try:
                actions.withdraw(db.session.get(Role, role), by=db.session.get(Person, by))
                db.session.commit()
                answers.append("gone")
            except RuleBroken:
                db.session.rollback()
                answers.append("refused")

    threads = [threading.Thread(target=push, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["gone", "refused"]
    assert len(roles()) == 1


def test_an_organiser_of_one_edition_cannot_touch_a_chief(app, edition, olga, ada):
    browser = signed_in(app, olga)
    number = ada.roles[0].id
    page = browser.get(f"/beheer/2027/toegang/{number}")

    assert "Alleen wie elke editie organiseert, kan dit wijzigen." in page
    browser.post(f"/beheer/2027/toegang/{number}", expect=422)
    browser.post(f"/beheer/2027/toegang/{number}/weg", expect=422)
    assert ("Ada Lovelace", "organiser", None, True) in roles()


def test_a_role_of_another_edition_is_not_there(app, edition, olga, organiser):
    other = make.an_organiser("Elsewhere", make.an_edition("2028"))
    number = other.roles[0].id
    for way in ("", "/weg"):
        organiser.get(f"/beheer/2027/toegang/{number}{way}", expect=404)
        organiser.post(f"/beheer/2027/toegang/{number}{way}", expect=404)
    for way in ("/opnieuw", "/herstel"):
        organiser.post(f"/beheer/2027/toegang/{number}{way}", expect=404)

    assert "Elsewhere" not in organiser.get("/beheer/2027/toegang")


def test_an_invitation_is_sent_again_with_a_new_link(organiser, edition, olga, letters):
    organiser.submit(f"/beheer/2027/toegang/{olga.roles[0].id}", form="opnieuw")

    assert [letter.to_email for letter in letters(kind="invitation")] == ["olga@example.org"]


def test_twenty_invitations_an_hour_is_enough(organiser, edition):
    for number in range(20):
        organiser.submit("/beheer/2027/toegang/nodig-uit", name="Sam", email=f"sam{number}@example.org")

    organiser.submit("/beheer/2027/toegang/nodig-uit", name="Sam", email="sam20@example.org", expect=429)


def test_a_name_that_looks_like_a_link_stays_words(organiser, edition, letters):
    organiser.submit(
        "/beheer/2027/toegang/nodig-uit", name="[klik hier](https://evil.example)", email="sam@example.org", follow=True
    )
    (letter,) = letters(kind="invitation")

    assert 'href="https://evil.example' not in letter.html
    assert "[klik hier](https://evil.example)" in letter.text.replace("\n", " ")


def test_who_sees_needs_is_listed(organiser, edition, olga):
    page = organiser.get("/beheer/2027/toegang")

    assert "Ada Lovelace. Dit zijn gegevens over gezondheid." in page


def test_somebody_changes_their_own_name(organiser, ada):
    organiser.submit("/beheer/account", name="Ada King", language="en", follow=True)
    db.session.refresh(ada)

    assert (ada.name, ada.language) == ("Ada King", "en")
