"""Mijn Blender: what a link opens, changes and proves, and what it never shows."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from icalendar import Calendar

from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.programme import release
from blender_event.registrations import actions, actions_links, queries
from blender_event.registrations.models import FreshLink, Needs, Registration
from blender_event.registrations.rules import Details
from tests import factories as make


def shown(registration):
    return f"/mijn/{queries.manage_token(registration)}"


def mailed(registration):
    return f"/mijn/{links.derive(Purpose.MAILED, registration.id, registration.link_version)}"


def again(registration):
    db.session.rollback()
    return db.session.get(Registration, registration.id)


def test_the_page_says_where_one_stands_and_keeps_to_itself(app, visitor):
    ada = make.a_registration(first_name="Ada", last_name="Lovelace", organisation="Analytische Machine")
    page = visitor.get(shown(ada))
    assert (page.heading, page.main.get("data-status")) == ("Dag Ada, dit is jouw dag", "confirmed")
    assert ada.reference in page
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


def picture(path, size, scale=8):
    """The dark squares of a drawn code, as a grey picture that a scanner reads."""
    side = size * scale
    grey = bytearray(b"\xff" * side * side)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "M":
            x, y = float(first), float(second)
        elif command == "m":
            x, y = x + float(first), y + float(second or 0)
        else:
            for row in range(int(y) * scale, (int(y) + 1) * scale):
                left = row * side + int(x) * scale
                grey[left : left + int(first) * scale] = bytes(int(first) * scale)
            x += float(first)
    return memoryview(bytes(grey)).cast("B", (side, side))


def test_the_ticket_holds_the_code_and_nothing_else(app, visitor):
    ada = make.a_registration(first_name="Ada")
    page = visitor.get(shown(ada))
    size, path = re.search(
        r'<svg viewBox="0 0 (\d+) \d+" class="qr"><path stroke="#000" d="([^"]+)"', page.body.decode()
    ).groups()
    assert [code.text for code in zxingcpp.read_barcodes(picture(path, int(size)))] == [ada.reference]


@pytest.mark.parametrize("part", ["", "/wijzigen", "/annuleren", "/afdrukken", "/blender.ics", "/behoeften", "/adres"])
def test_every_link_that_opens_nothing_looks_the_same(app, visitor, part):
    ada = make.a_registration(first_name="Ada")
    token = queries.manage_token(ada)
    feed = links.derive(Purpose.FEED, ada.id, ada.feed_version)
    flipped = token[:-1] + ("a" if token[-1] != "a" else "b")
    bodies = set()
    for wrong in (
        flipped,
        token.upper(),
        token[:-1],
        token + "x",
        feed,
        f"{ada.id + 1}-{token.split('-')[1]}",
        "1",
        "x",
        "0-" + "a" * 26,
    ):
        page = visitor.get(f"/mijn/{wrong}{part}", expect=404)
        assert page.heading == "Dit vinden we niet"
        assert page.links["Vraag een nieuwe link"] == "/2027/inschrijven/mijn-link"
        bodies.add(page.text)
    assert len(bodies) == 1


def test_the_token_for_one_purpose_opens_no_other(app):
    ada = make.a_registration()
    tokens = {purpose: links.derive(purpose, ada.id, ada.link_version) for purpose in Purpose}
    assert [purpose.name for purpose, token in tokens.items() if queries.by_manage_token(token)] == ["MANAGE", "MAILED"]
    ada.feed_version = ada.link_version
    db.session.commit()
    assert [purpose.name for purpose, token in tokens.items() if queries.by_feed_token(token)] == ["FEED"]
    assert [purpose.name for purpose, token in tokens.items() if queries.fresh_link(token)] == []


def test_looking_changes_nothing(app, visitor):
    ada = make.a_registration(first_name="Ada")
    for part in ("", "/wijzigen", "/annuleren", "/afdrukken", "/blender.ics"):
        visitor.get(mailed(ada) + part)
    after = again(ada)
    assert (after.status, after.revision, after.verified_at, after.sequence) == ("confirmed", 0, None, 0)


def test_cancelling_asks_first_then_gives_the_place_to_the_next(app, visitor, letters):
    edition = make.an_edition(capacity_onsite=1)
    ada = make.a_registration(edition, first_name="Ada")
    sam = make.a_registration(edition, first_name="Sam", status="waiting")
    page = visitor.get(shown(ada) + "/annuleren")
    assert page.heading == "Geef je je plaats terug?"
    assert "Ze gaat meteen naar de volgende op de wachtlijst" in page
    visitor.submit(page)
    page = visitor.follow()
    assert page.main.get("data-status") == "cancelled"
    visitor.post(shown(ada) + "/annuleren")
    assert (again(ada).status, again(sam).status) == ("cancelled", "confirmed")
    assert [one.kind for one in letters()] == ["cancelled", "promoted"]
    assert visitor.get(shown(ada) + "/annuleren").forms == []


def test_the_page_itself_has_a_form_that_cancels(app, visitor):
    ada = make.a_registration(first_name="Ada")
    page = visitor.get(shown(ada))
    forms = [form for form in page.forms if (form.element.get("action") or "").endswith("/annuleren")]
    assert len(forms) == 1
    visitor.submit(page, form="/annuleren")
    assert again(ada).status == "cancelled"


def test_changing_details_tells_in_one_letter_how_things_are_now(app, visitor, letters):
    ada = make.a_registration(first_name="Ada", group="field", email="ada@example.org")
    for name in ("Augusta", "Augusta Ada"):
        visitor.submit(shown(ada) + "/wijzigen", first_name=name, organisation="Machine", sectors=["ict"], listed=True)
    after = again(ada)
    assert (after.first_name, after.organisation, after.sectors, after.listed, after.revision) == (
        "Augusta Ada",
        "Machine",
        ["ict"],
        True,
        2,
    )
    assert after.search_text.startswith("augusta ada")
    assert [one.kind for one in letters()] == ["changed"]
    assert "Augusta Ada" in letters()[0].text


def test_a_swap_to_a_full_way_keeps_the_place_and_what_was_typed(app, visitor):
    edition = make.an_edition(capacity_online=0)
    ada = make.a_registration(edition, first_name="Ada", group="field")
    page = visitor.submit(shown(ada) + "/wijzigen", expect=422, attendance="online", organisation="Machine")
    assert page.errors == {"attendance": "Alle plaatsen online zijn ingenomen. Je houdt de plaats die je hebt."}
    assert page.form().values()["organisation"] == ["Machine"]
    assert (again(ada).attendance, again(ada).organisation) == ("onsite", "")


def test_of_two_windows_the_second_sees_both_versions(app, visitor):
    ada = make.a_registration(first_name="Ada", group="field")
    page = visitor.get(shown(ada) + "/wijzigen")
    visitor.submit(page, first_name="Augusta")
    page = visitor.submit(page, expect=409, first_name="Byron")
    assert page.heading == "Dit is intussen gewijzigd"
    assert "Augusta" in page and "Byron" in page
    assert again(ada).first_name == "Augusta"


def test_an_edit_loses_against_a_cancellation(app, visitor):
    ada = make.a_registration(first_name="Ada", group="field")
    page = visitor.get(shown(ada) + "/wijzigen")
    actions.cancel(again(ada), by=None, now=clock.now())
    db.session.commit()
    page = visitor.submit(page, expect=409, first_name="Byron")
    assert "Deze inschrijving is geannuleerd" in page
    assert again(ada).first_name == "Ada"


def test_only_a_button_on_a_mailed_page_proves_the_address(app, visitor):
    ada = make.a_registration(first_name="Ada", group="field")
    visitor.submit(shown(ada) + "/wijzigen", first_name="Augusta")
    visitor.post(shown(ada) + "/bevestigen")
    assert again(ada).verified_at is None
    assert "Is dit jouw adres?" not in visitor.get(shown(ada))
    visitor.submit(mailed(ada), form="/bevestigen")
    assert again(ada).verified_at == datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
    assert "Is dit jouw adres?" not in visitor.get(mailed(ada))


def test_a_withdrawn_link_stops_working_and_a_new_one_comes_by_mail_only(app, visitor, letters):
    ada = make.a_registration(first_name="Ada", email="ada@example.org")
    old, feed = shown(ada), queries.feed_token(ada)
    visitor.submit(old, form="/nieuwe-link")
    assert visitor.location == "/2027/inschrijven/ontvangen"
    visitor.get(old, expect=404)
    assert queries.by_feed_token(feed) is None
    assert [one.kind for one in letters()] == ["my_link"]
    assert queries.manage_token(again(ada)) not in letters()[0].text


def test_a_new_calendar_address_leaves_the_page_as_it_is(app, visitor):
    ada = make.a_registration(first_name="Ada")
    feed = queries.feed_token(ada)
    visitor.submit(shown(ada), form="/nieuwe-agenda")
    page = visitor.follow()
    assert queries.by_feed_token(feed) is None
    assert queries.feed_token(again(ada)) in page.body.decode()


def test_the_confirmation_can_be_mailed_again_a_few_times(app, visitor, letters):
    ada = make.a_registration(first_name="Ada")
    for _time in range(5):
        visitor.submit(shown(ada), form="/opnieuw")
    visitor.submit(shown(ada), form="/opnieuw", expect=429)
    assert [one.kind for one in letters()] == ["confirmed"]


def test_needs_are_shown_only_behind_a_link_of_ten_minutes(app, visitor, letters, time_stands_still):
    ada = make.a_registration(first_name="Ada", email="ada@example.org", needs="insuline koel bewaren")
    for part in ("", "/wijzigen", "/afdrukken", "/annuleren"):
        assert "insuline" not in visitor.get(mailed(ada) + part).body.decode()

    visitor.submit(mailed(ada), form="/behoeften-vragen")
    assert "insuline" not in letters()[0].text
    fresh = queries.fresh_address(db.session.query(FreshLink).one().id, "nl").removeprefix(
        "https://blender.example.org"
    )
    page = visitor.get(fresh)
    assert page.form().values()["needs_words"] == ["insuline koel bewaren"]

    page = visitor.submit(page, expect=422, needs_consent=False)
    assert page.errors == {"needs_consent": "Vink aan dat we mogen bewaren wat je nodig hebt, of maak het leeg."}
    visitor.submit(page, needs_words="niets meer", needs_consent=True)
    assert again(ada).needs.words == "niets meer"
    visitor.get(fresh, expect=404)


def test_a_link_of_ten_minutes_ends_after_ten_minutes_and_when_a_newer_is_asked(app, visitor, time_stands_still):
    ada = make.a_registration(first_name="Ada")
    for _time in range(2):
        actions_links.ask_fresh(again(ada), now=clock.now())
        db.session.commit()
    first, second = [
        queries.fresh_address(one.id, "nl").removeprefix("https://blender.example.org")
        for one in db.session.query(FreshLink)
    ]
    visitor.get(first, expect=404)
    visitor.get(second)
    time_stands_still.move_to(datetime(2026, 6, 16, 10, 0, tzinfo=UTC) + timedelta(minutes=10))
    visitor.get(second, expect=404)


def test_clearing_needs_takes_the_yes_away_too(app, visitor):
    ada = make.a_registration(first_name="Ada", needs="insuline")
    actions_links.ask_fresh(again(ada), now=clock.now())
    db.session.commit()
    fresh = queries.fresh_address(db.session.query(FreshLink).one().id, "nl").removeprefix(
        "https://blender.example.org"
    )
    visitor.submit(fresh, needs_words="", needs_consent=False)
    db.session.rollback()
    assert db.session.query(Needs).count() == 0


def test_another_address_must_prove_itself_and_the_old_one_hears_it(app, visitor, letters):
    ada = make.a_registration(first_name="Ada", email="ada@example.org")
    old = shown(ada)
    actions_links.ask_fresh(again(ada), now=clock.now())
    db.session.commit()
    fresh = queries.fresh_address(db.session.query(FreshLink).one().id, "nl").removeprefix(
        "https://blender.example.org"
    )
    visitor.submit(fresh, form="address", email="augusta@example.org")
    assert again(ada).email == "ada@example.org"
    proof = db.session.query(FreshLink).filter_by(kind="email").one()
    visitor.submit(queries.fresh_address(proof.id, "nl").removeprefix("https://blender.example.org"))
    assert (again(ada).email, again(ada).verified_at is not None) == ("augusta@example.org", True)
    visitor.get(old, expect=404)
    assert [(one.kind, one.to_email) for one in letters()] == [
        ("fresh_link", "ada@example.org"),
        ("new_address", "augusta@example.org"),
        ("address_changed", "ada@example.org"),
        ("my_link", "augusta@example.org"),
    ]


def test_an_address_somebody_else_has_is_answered_the_same_and_its_owner_told(app, visitor, letters):
    edition = make.an_edition()
    ada = make.a_registration(edition, first_name="Ada")
    make.a_registration(edition, first_name="Sam", email="sam@example.org")
    actions_links.ask_fresh(again(ada), now=clock.now())
    db.session.commit()
    fresh = queries.fresh_address(db.session.query(FreshLink).one().id, "nl").removeprefix(
        "https://blender.example.org"
    )
    visitor.submit(fresh, form="address", email="SAM@example.org")
    assert "We mailden het nieuwe adres." in visitor.follow()
    assert [one.kind for one in letters(to="sam@example.org")] == ["already_registered"]


def test_the_join_link_is_only_for_who_takes_part_online(app, visitor):
    edition = make.an_edition(join_url="https://meet.example.org/geheim")
    grace = make.a_registration(edition, first_name="Grace", attendance="online")
    others = [
        make.a_registration(edition, first_name="Ada"),
        make.a_registration(edition, first_name="Sam", attendance="online", status="waiting"),
        make.a_registration(edition, first_name="Alex", attendance="online", status="cancelled"),
    ]
    assert "meet.example.org" in visitor.get(shown(grace)).body.decode()
    assert "meet.example.org" in visitor.get(shown(grace) + "/blender.ics").body.decode().replace("\r\n ", "")
    for one in others:
        assert "meet.example.org" not in visitor.get(shown(one)).body.decode()


def test_the_file_and_the_letter_hold_the_same_entry_and_cancelling_raises_it(app, visitor, letters):
    edition = make.an_edition(motto="Dichtbij")
    made = actions.register(
        edition, now=clock.now(), details=Details(first_name="Ada", email="ada@example.org", group="ict")
    )
    db.session.commit()

    def entry(data):
        return next(iter(Calendar.from_ical(data).walk("VEVENT")))

    sent = entry(base64.b64decode(letters(kind="confirmed")[0].attachments[0]["data"]))
    got = entry(visitor.get(shown(made) + "/blender.ics").body)
    assert (
        (sent["UID"], sent["SEQUENCE"], sent["STATUS"])
        == (got["UID"], got["SEQUENCE"], got["STATUS"])
        == (got["UID"], 0, "CONFIRMED")
    )
    actions.cancel(again(made), by=None, now=clock.now())
    db.session.commit()
    gone = entry(base64.b64decode(letters(kind="cancelled")[0].attachments[0]["data"]))
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (got["UID"], 1, "CANCELLED")


def test_the_day_shows_what_is_for_everyone_and_where_to_choose(app, visitor):
    edition = make.an_edition()
    keynote, workshop = make.a_format("Keynote", edition, is_plenary=True), make.a_format("Workshop", edition)
    lunch = make.a_format("Pauze", edition, is_break=True)
    make.a_session("Opening", edition=edition, at="9:30", format_id=keynote.id, room=make.a_room("Grote zaal", edition))
    make.a_session("Chat", edition=edition, at="11:00", format_id=workshop.id)
    make.a_session("Beeldbellen", edition=edition, at="11:00", format_id=workshop.id)
    make.a_session("Lunch", edition=edition, at="12:00", format_id=lunch.id)
    release.release(edition, by=None, tell=False)
    db.session.commit()
    ada = make.a_registration(edition, first_name="Ada")
    text = visitor.get(shown(ada)).text
    assert "9.30 – 10.30 Opening Keynote, Grote zaal, voor iedereen" in text
    assert "11.00 – 12.00 2 sessies tegelijkJe kiest op de dag zelf." in text
    assert "12.00 – 13.00 Lunch" in text


def test_nothing_changes_after_the_day(app, visitor, time_stands_still):
    ada = make.a_registration(first_name="Ada", group="field")
    time_stands_still.move_to(datetime(2026, 9, 25, 8, 0, tzinfo=UTC))
    page = visitor.get(shown(ada) + "/wijzigen")
    assert "Deze editie is voorbij" in page and page.forms == []
    visitor.post(shown(ada) + "/annuleren", expect=422)
    assert again(ada).status == "confirmed"
