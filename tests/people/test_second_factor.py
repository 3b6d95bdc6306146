"""The second step: an app with codes, each used once, five tries, and a way back for who lost the phone."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.people import actions, queries, rules
from tests import factories as make
from tests.visitor import Visitor

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(steps=0, secret=SECRET):
    return pyotp.HOTP(secret).at(int(clock.now().timestamp()) // 30 + steps)


@pytest.fixture
def careful(app):
    """A chief organiser with the second step on."""
    return make.a_person("Careful", "careful@example.org", role="organiser", totp_secret=SECRET, totp_confirmed_at=NOW)


def a_link(person):
    link = actions.make_link(person, lasts=timedelta(minutes=30), now=clock.now(), next_path="/beheer/account")
    db.session.commit()
    return f"/aanmelden/{queries.token_of(link)}"


def test_the_link_alone_does_not_sign_in(careful, visitor):
    visitor.submit(a_link(careful))

    assert visitor.location == "/aanmelden/code"
    visitor.get("/beheer/account", expect=302)
    page = visitor.get("/aanmelden/code")
    assert page.heading == "Je code"
    assert page.tree.xpath("//input[@name='code']/@autocomplete") == ["one-time-code"]


def test_the_code_signs_in_and_goes_on(careful, visitor):
    visitor.submit(a_link(careful))
    visitor.submit("/aanmelden/code", code=f"{code()[:3]} {code()[3:]}")

    assert visitor.location == "/beheer/account"
    visitor.get("/beheer/account")


def test_a_code_is_refused_the_second_time(careful, app):
    first, second = Visitor(app), Visitor(app)
    first.submit(a_link(careful))
    second.submit(a_link(careful))
    first.submit("/aanmelden/code", code=code())

    page = second.submit("/aanmelden/code", code=code(), expect=422)

    assert page.errors["code"] == "Deze code klopt niet of werd al gebruikt. Wacht op de volgende en probeer opnieuw."
    second.submit("/aanmelden/code", code=code(-1), expect=422)  # an older one than the last used neither
    second.submit("/aanmelden/code", code=code(+1))
    assert second.location == "/beheer/account"


def test_after_five_wrong_codes_a_new_link_is_needed(careful, visitor):
    visitor.submit(a_link(careful))
    for _try in range(5):
        visitor.submit("/aanmelden/code", code="000000" if code() != "000000" else "111111", expect=422)

    assert visitor.submit("/aanmelden/code", code=code(), expect=404).heading == "Deze link werkt niet meer"
    visitor.get("/aanmelden/code", expect=302)


def test_a_copied_cookie_gives_no_more_tries(careful, app):
    visitor, copy = Visitor(app), Visitor(app)
    visitor.submit(a_link(careful))
    cookie = visitor.client.get_cookie("__Host-blender", domain="blender.example.org").value
    for _try in range(5):
        visitor.submit("/aanmelden/code", code="000000" if code() != "000000" else "111111", expect=422)
    copy.client.set_cookie("__Host-blender", cookie, domain="blender.example.org", secure=True)

    copy.submit("/aanmelden/code", code=code(), expect=404)


def test_the_code_must_follow_within_ten_minutes(careful, visitor, time_stands_still):
    visitor.submit(a_link(careful))
    page = visitor.get("/aanmelden/code")
    time_stands_still.move_to(NOW + timedelta(minutes=10))

    assert visitor.submit(page, code=code(), expect=404).heading == "Deze link werkt niet meer"


def test_without_a_link_there_is_nothing_to_fill_in(visitor, app):
    visitor.get("/aanmelden/code", expect=302)

    assert visitor.location == "/aanmelden"


def test_switching_it_on_takes_a_code_of_the_app(organiser, ada):
    organiser.submit("/beheer/account/tweede-stap")
    page = organiser.follow()
    secret = re.sub(r"\s", "", page.tree.xpath("//code")[0].text_content())
    db.session.refresh(ada)

    assert secret == ada.totp_secret
    assert ada.totp_confirmed_at is None
    assert len(page.tree.xpath("//main//*[@role='img']/svg")) == 1
    assert page.headers["Cache-Control"] == "no-store"
    organiser.submit(page, code="000000" if code(secret=secret) != "000000" else "111111", expect=422)
    organiser.submit("/beheer/account/tweede-stap/code", code=code(secret=secret))
    db.session.refresh(ada)
    assert ada.totp_confirmed_at == NOW
    assert "De tweede stap staat aan." in organiser.follow()


def test_the_picture_says_what_the_words_say(organiser, ada):
    organiser.submit("/beheer/account/tweede-stap")
    page = organiser.follow()
    (address,) = [href for words, href in page.links.items() if href.startswith("otpauth:")]
    db.session.refresh(ada)

    assert pyotp.parse_uri(address).secret == ada.totp_secret
    assert pyotp.parse_uri(address).issuer == "Blender"


def test_switching_it_off_takes_a_code(careful, visitor):
    visitor.submit(a_link(careful))
    visitor.submit("/aanmelden/code", code=code(-1))
    visitor.submit("/beheer/account/tweede-stap/uit", code="000000" if code() != "000000" else "111111", expect=422)
    visitor.submit("/beheer/account/tweede-stap/uit", code=code())
    db.session.refresh(careful)

    assert careful.totp_confirmed_at is None
    assert careful.totp_secret is None


def test_a_secret_that_is_in_use_is_never_replaced(careful):
    with pytest.raises(RuleBroken):
        actions.propose_second_factor(careful)

    assert careful.totp_secret == SECRET


def test_another_chief_rescues_who_lost_a_phone(careful, organiser, app):
    make.an_edition()
    role = careful.roles[0].id
    lost = Visitor(app)
    lost.submit(a_link(careful))
    lost.submit("/aanmelden/code", code=code())

    organiser.submit(f"/beheer/2027/toegang/{role}", form="Zet de tweede stap uit")
    db.session.refresh(careful)

    assert careful.totp_confirmed_at is None
    lost.get("/beheer/account", expect=302)


def test_nobody_else_rescues(careful, app):
    edition = make.an_edition()
    olga = make.an_organiser("Olga", edition)
    from_here = Visitor(app)
    from_here.submit(a_link(olga))
    role = careful.roles[0].id

    page = from_here.get(f"/beheer/2027/toegang/{role}")
    assert "Zet de tweede stap uit" not in page
    from_here.post(f"/beheer/2027/toegang/{role}/herstel", expect=404, what="second-step")
    db.session.refresh(careful)
    assert careful.totp_confirmed_at == NOW


def test_a_code_of_the_next_or_the_last_half_minute_is_right():
    step = int(NOW.timestamp()) // 30
    of = pyotp.HOTP(SECRET)

    assert rules.matching_step(SECRET, of.at(step), now=NOW, after=None) == step
    assert rules.matching_step(SECRET, of.at(step - 1), now=NOW, after=None) == step - 1
    assert rules.matching_step(SECRET, of.at(step + 1), now=NOW, after=None) == step + 1
    assert rules.matching_step(SECRET, of.at(step + 2), now=NOW, after=None) is None
    assert rules.matching_step(SECRET, of.at(step), now=NOW, after=step) is None
    assert rules.matching_step(SECRET, "", now=NOW, after=None) is None
    assert rules.matching_step(SECRET, "१२३४५६", now=NOW, after=None) is None
