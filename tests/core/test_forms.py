"""Forms keep what was typed, clean it once, and show each problem beside its field."""

import pytest
from wtforms import BooleanField, RadioField

from blender_event.core.errors import Problem, RuleBroken
from blender_event.core.forms import BlenderForm, KeyedForm, Line, Lines, needed

pytestmark = pytest.mark.once


class Guestbook(KeyedForm):
    name = Line("Name", [needed("Fill in your name.")], longest=20)
    words = Lines("Words", longest=30)
    way = RadioField("Way", choices=[("onsite", "On site"), ("online", "Online")])
    listed = BooleanField("Listed")


@pytest.fixture
def sent(app):
    def send(**fields):
        with app.test_request_context("/", method="POST", data={"way": "onsite", **fields}):
            form = Guestbook(meta={"csrf": False})
            form.validate()
            return form

    return send


def test_typed_text_is_cleaned_on_the_way_in(sent):
    form = sent(name="  Lies\x00  Peeters ", words="een\r\ntwee")

    assert (form.name.data, form.words.data, form.status) == ("Lies Peeters", "een\ntwee", 200)


def test_what_is_needed_and_only_looks_filled_is_refused(sent):
    assert sent(name="\u200b \u2060").name.errors == ["Fill in your name."]


def test_a_line_break_counts_as_one_character(sent):
    assert sent(name="Lies", words="\r\n".join("x" * 15)).words.errors == []


def test_what_is_too_long_is_refused_and_not_cut(sent):
    form = sent(name="x" * 21)

    assert form.name.data == "x" * 21
    assert "21" in str(form.name.errors[0]) and "20" in str(form.name.errors[0])
    assert form.status == 422


def test_a_megabyte_is_kept_and_refused(sent):
    form = sent(name="Lies", words="x" * 1_000_000)

    assert len(form.words.data) == 1_000_000
    assert form.status == 422


def test_broken_rules_stand_beside_their_fields_and_others_on_top(sent):
    form = sent(name="Lies")
    form.take(
        RuleBroken(
            Problem("Choose another name.", "name"), Problem("Registration is closed."), Problem("Odd.", "unknown")
        )
    )

    assert form.name.errors == ["Choose another name."]
    assert form.general == ["Registration is closed.", "Odd."]
    assert form.status == 422


def test_problems_lead_to_the_first_choice_of_a_group(sent):
    form = sent(name="", way="by boat")

    assert [target for target, _message in form.problems] == ["name", "way-0"]


def test_the_trap_is_seen_only_when_filled(sent):
    assert not sent(name="Lies", website="  ").is_trapped
    assert sent(name="Lies", website="https://spam.example").is_trapped


def test_a_form_shown_again_keeps_its_key_and_a_new_one_gets_another(app, sent):
    assert sent(name="Lies", key="abc").key.data == "abc"
    with app.test_request_context("/"):
        one, other = Guestbook(meta={"csrf": False}).key.data, Guestbook(meta={"csrf": False}).key.data
    assert one != other and len(one) == 32


def test_a_key_too_long_to_store_is_replaced(sent):
    assert len(sent(name="Lies", key="x" * 65).key.data) == 32


def test_the_digest_speaks_of_the_answers_and_not_of_the_key(sent):
    one, again, other = sent(name="Lies", key="a"), sent(name=" Lies ", key="b"), sent(name="Sam", key="a")

    assert one.digest() == again.digest() != other.digest()


def test_a_checkbox_that_is_not_sent_is_no(sent):
    assert sent(name="Lies").listed.data is False
    assert sent(name="Lies", listed="y").listed.data is True


def test_every_form_has_the_trap(app):
    with app.test_request_context("/"):
        assert "website" in BlenderForm(meta={"csrf": False})
