"""What a letter looks like in the outbox, before anybody sends it."""

import re

import pytest
from jinja2 import meta

from blender_event.core.database import db
from blender_event.mail import outbox, rendering
from blender_event.mail.models import Bounce, Letter
from tests import factories as make

HOSTILE = [
    "[klik hier](https://evil.example)",
    '<a href="https://evil.example">klik</a>',
    "[[klik hier|https://evil.example]]",
    "[klik|https://evil.example]",
    "\n\n[[klik|https://evil.example]]\n\n* een\n",
    "%%\n\nmeer",
    "https://evil.example",
    "\x02blender.manage-registration.v1:1\x03",
    "\ue000\ue000klik\ue002https://evil.example\ue001\ue001",
]


def test_a_letter_has_a_subject_a_text_and_a_page_from_one_source(write):
    letter = write(name="Sam")

    assert "Blender" in letter.subject
    assert letter.text.startswith("Dag Sam,\n\n")
    assert "https://blender.example.org/aanmelden/abc" in letter.text.splitlines()
    assert '<html lang="nl">' in letter.html
    assert '<a class="button" href="https://blender.example.org/aanmelden/abc">' in letter.html
    assert letter.status == "queued"


def test_the_language_is_the_readers_whoever_asked(app, write):
    with app.test_request_context("/en/"):
        dutch = write(language="nl")
    english = write(language="en")

    assert dutch.text.startswith("Dag Sam,")
    assert english.text.startswith("Hello Sam,")
    assert '<html lang="en">' in english.html


def test_lines_of_the_text_are_at_most_75_characters(write):
    letter = write(name="Isala " * 30)

    assert max(len(line) for line in letter.text.splitlines()) <= 75


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_makes_no_link_and_no_mark(write, name):
    plain, letter = write(name="Sam"), write(name=name)

    assert letter.html.count("<a ") == plain.html.count("<a ")
    assert letter.html.count("<p>") == plain.html.count("<p>")
    assert "<ul>" not in letter.html
    assert "://evil" not in letter.html.partition("<body>")[2]
    assert "\x02" not in letter.text + letter.html + letter.subject


def test_a_hostile_name_stands_in_the_text_as_it_is(write):
    letter = write(name="[klik hier](https://evil.example)")

    assert "Dag [klik hier](https://evil.example)," in letter.text


@pytest.mark.once
@pytest.mark.parametrize("name", HOSTILE)
def test_no_template_lets_a_value_become_a_link(app, name):
    for kind in kinds(app):
        harmless, hostile = (rendering.render(kind, "nl", facts(app, kind, value)) for value in ("Sam", name))

        assert hostile.html.count("<a ") == harmless.html.count("<a "), kind
        assert "://evil" not in hostile.html.partition("<body>")[2], kind
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", hostile.subject), kind


@pytest.mark.once
def test_every_template_speaks_both_languages_and_greets_once(app):
    for kind in kinds(app):
        dutch, english = (rendering.render(kind, language, facts(app, kind, "Sam")) for language in ("nl", "en"))

        assert (dutch.text.count("Dag Sam"), dutch.text.count("Hello")) == (1, 0), kind
        assert (english.text.count("Hello Sam"), english.text.count("Dag ")) == (1, 0), kind
        assert dutch.subject, kind
        assert max(len(line) for line in dutch.text.splitlines() if "://" not in line) <= 75, kind


def test_a_waiting_letter_with_the_same_key_is_replaced(write):
    first = write(key="sessions-1", language="nl")
    old_id = first.message_id
    second = write(key="sessions-1", language="en")

    assert db.session.query(Letter).count() == 1
    assert second.text.startswith("Hello Sam,")
    assert second.message_id != old_id


def test_a_letter_that_went_out_is_not_replaced(write):
    first = write(key="sessions-1")
    first.status = "sent"
    db.session.commit()
    write(key="sessions-1")

    assert db.session.query(Letter).count() == 2


def test_a_letter_of_a_transaction_that_failed_never_was(app, write):
    write()
    outbox.put(
        kind="sign_in",
        to_email="b@example.org",
        to_name="B",
        language="nl",
        facts={"minutes": 1, "link": "https://x.example.org"},
    )
    db.session.rollback()

    assert db.session.query(Letter).count() == 1


def test_letters_of_the_example_edition_say_so_first(write):
    example = make.an_edition("voorbeeld", is_example=True)
    real = make.an_edition("2027")

    assert write(edition=example).subject.startswith("[voorbeeld] ")
    assert write(edition=example, language="en").subject.startswith("[example] ")
    assert "voorbeeld" not in write(edition=real).subject


def test_the_edition_answers_questions(write):
    letter = write(edition=make.an_edition("2027", contact_email="info@example.org", contact_phone="09 123 45 67"))

    assert letter.reply_to == "info@example.org"
    assert "Vragen? Mail naar info@example.org of bel 09 123 45 67." in letter.text


def test_to_an_address_that_bounced_nothing_is_sent_and_it_shows(app, write):
    outbox.mark_bounced("Sam@Example.org")
    db.session.commit()
    letter = write(to="sam@example.org")

    assert letter.status == "failed"
    assert letter.reason == "This address was marked as not working."

    outbox.forgive("sam@example.org")
    db.session.commit()
    assert db.session.query(Bounce).count() == 0
    assert write(to="sam@example.org").status == "queued"


def test_marking_an_address_fails_what_waits_for_it(write):
    waiting, other = write(to="Sam@example.org"), write(to="alex@example.org")
    outbox.mark_bounced("sam@example.org")
    db.session.commit()

    assert (waiting.status, other.status) == ("failed", "queued")


def test_a_reminder_can_be_withdrawn(write):
    letter = write(key="reminder-1")
    outbox.withdraw("reminder-1")
    db.session.commit()

    assert letter.status == "dropped"


def test_held_letters_go_when_an_organiser_says_so_unless_a_newer_one_waits(write):
    old, other = write(key="sessions-1"), write(to="alex@example.org")
    old.status = other.status = "held"
    db.session.commit()
    write(key="sessions-1")
    released = outbox.release_held()
    db.session.commit()

    assert released == 1
    assert (old.status, other.status) == ("dropped", "queued")


@pytest.mark.once
def test_a_button_leads_to_a_whole_address_or_nowhere():
    with pytest.raises(ValueError, match="whole address"):
        rendering.parse("[[Klik|javascript:alert(1)]]")


def kinds(app):
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("mail/") and name.endswith(".txt"))
    letters = [name for name in names if name != "mail/base.txt" and "{% extends" in source(app, name)]
    return [name.removeprefix("mail/").removesuffix(".txt") for name in letters]


def source(app, name):
    return app.jinja_env.loader.get_source(app.jinja_env, name)[0]


class Anything:
    """A fact that reads as `words` whatever is asked of it, and holds itself once; addresses and moments are what they should be."""

    def __init__(self, words, addresses):
        self.words, self.addresses = words, addresses

    def __str__(self):
        return self.words

    def __iter__(self):
        return iter([self])

    def __getattr__(self, name):
        return fact(name, self.words, self.addresses)

    def __getitem__(self, name):
        return fact(str(name), self.words, self.addresses)


def fact(name, words, addresses):
    if name.startswith("__"):
        raise AttributeError(name)
    if name in addresses:
        return "https://blender.example.org/somewhere"
    if name == "zone":
        return "Europe/Brussels"
    if name.endswith(("_at", "_on")) or name in ("day", "starts", "ends") or f"{name}|day" in addresses:
        return make.a_moment(9)
    if f"{name}#" in addresses:
        return 2
    for parts in (known.partition("=")[2] for known in addresses if known.startswith(f"{name}=")):
        return [tuple(fact(part, words, addresses) for part in parts.split(", "))]
    return Anything(words, addresses)


def facts(app, kind, words):
    """Something for every name a template and what it includes asks; what stands as an address, a day or a number is one."""
    found = source(app, f"mail/{kind}.txt")
    found += "".join(source(app, name) for name in re.findall(r'include "([^"]+)"', found))
    addresses = {name.rpartition(".")[2] for name in re.findall(r"\|\{\{\s*([\w.]+)", found)}
    addresses |= {name.rpartition(".")[2] for name in re.findall(r"[\w.]+\|day", found)}
    addresses |= {f"{name}#" for name in re.findall(r'ngettext\("[^"]*", "[^"]*", (\w+)', found)}
    addresses |= {f"{several}={parts}" for parts, several in re.findall(r"for (\w+(?:, \w+)+) in (\w+)", found)}
    plain = re.sub(r"\{%-?\s*(extends|include|block|endblock)\b[^%]*%\}", "", found)
    names = meta.find_undeclared_variables(app.jinja_env.parse(plain)) - set(app.jinja_env.globals)
    return {name: fact(name, words, addresses) for name in names} | {"to_name": words}
