"""Typed text is cleaned once, on the way in; names of people survive it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_event.core import text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lies   Peeters ", "Lies Peeters"),
        ("Jose\u0301", "José"),
        ("one\r\ntwo", "one two"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("line\u2028break\u2029and\x85next", "line break and next"),
        ("a\ud800b", "ab"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\u200b\u2060\ufeff", ""),
        ("\u200d", ""),
        ("   ", ""),
        (None, ""),
        ("ʼs-Gravenwezel", "ʼs-Gravenwezel"),
        ("שלום مرحبا", "שלום مرحبا"),
    ],
)
def test_one_line_is_cleaned(typed, kept):
    assert text.clean(typed) == kept


def test_lines_and_tabs_survive_where_lines_are_allowed():
    assert text.clean("one\r\ntwo\rthree\tfour\u2028five", lines=True) == "one\ntwo\nthree\tfour\nfive"


def test_text_is_cut_at_its_length():
    assert text.clean("a" * 300) == "a" * 200
    assert text.clean("ab  " + "c" * 9, longest=3) == "ab"


@given(st.text())
def test_clean_text_can_be_stored_and_put_in_a_header(typed):
    cleaned = text.clean(typed)

    cleaned.encode()
    assert not set("\r\n\x00\u2028\u2029\u202e") & set(cleaned)
    assert text.clean(cleaned) == cleaned


@given(st.text())
def test_cleaning_lines_twice_changes_nothing(typed):
    once = text.clean(typed, lines=True, longest=1000)

    assert text.clean(once, lines=True, longest=1000) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đặng", "dang"),
        ("José", "jose"),
        ("Jose\u0301", "josé"),
        ("D’hondt", "d'hondt"),
        ("ŁUKASZ", "lukasz"),
        ("Søren", "soren"),
        ("Straße", "strasse"),
    ],
)
def test_names_are_found_without_capitals_and_diacritics(one, other):
    assert text.folded(one) == text.folded(other)


def test_a_slug_holds_only_letters_digits_and_hyphens():
    assert text.slug("Chat in de jeugdhulp: één (of twee)?") == "chat-in-de-jeugdhulp-een-of-twee"
    assert text.slug("日本") == ""
    assert len(text.slug("woord " * 40)) <= 60


def test_codes_have_no_look_alikes_and_differ():
    codes = {text.code() for _number in range(200)}

    assert len(codes) > 190
    assert not set("".join(codes)) & set("01ilo")


@pytest.mark.parametrize("typed", ["Sam@Example.org", " sam@example.org ", "SAM@EXAMPLE.ORG"])
def test_the_same_address_in_other_capitals_and_spaces_is_one(typed):
    assert text.email_key(typed) == "sam@example.org"


def test_addresses_that_differ_in_a_dot_or_plus_stay_two():
    assert text.email_key("s.am@example.org") != text.email_key("sam@example.org")
    assert text.email_key("sam+blender@example.org") != text.email_key("sam@example.org")
