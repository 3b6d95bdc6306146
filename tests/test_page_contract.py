"""The page contract itself, tried on pages that break it; and the visitor, who refuses what a form does not offer."""

import pytest
from werkzeug.wrappers import Response

from tests.page import Page

GOOD = """<!doctype html><html lang="nl"><head><title>Titel</title></head><body><main><h1>Kop</h1><h2>Deel</h2>{}
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t"><label for="a">Naam</label><input id="a" name="a" value="Ada">
<label for="b">Keuze</label><select id="b" name="b"><option value="1">een</option><option value="2" selected>twee</option></select>
<label><input type="checkbox" name="c" value="y"> Ja</label><button>Verder</button><button name="go" value="1">Terug</button></form>
</main></body></html>"""


def a_page(body, path="/2027"):
    return Page(Response(body, mimetype="text/html"), path)


def test_a_good_page_keeps_the_contract():
    a_page(GOOD.format("")).keeps_the_contract()


BROKEN = {
    "2 headings of level 1": "<h1>Nog een</h1>",
    "follows one of level 2": "<h4>Te diep</h4>",
    "an empty h3": "<h3> </h3>",
    "has no label": "<input name='naamloos'>",
    "a button without words": "<button></button>",
    "a link without words": "<a href='/x'></a>",
    "without alt": "<img src='/x.png'>",
    "without legend": "<fieldset><label for='z'>x</label><input id='z' name='z'></fieldset>",
    "stands 2 times": "<p id='a'></p>",
    "points to #weg": "<a href='#weg'>weg</a>",
    "points to #hint": "<label for='q'>q</label><input id='q' name='q' aria-describedby='hint'>",
    "no inline style": "<p style='color:red'>x</p>",
    "<p onclick": "<p onclick='x()'>x</p>",
    "a style element": "<style>p{}</style>",
    "an inline script": "<script>x()</script>",
    "loads from elsewhere": "<img alt='x' src='https://evil.example/x.png'>",
    "a dangerous link": "<a href='javascript:x()'>x</a>",
    "left over in the text: %(name)s": "<p>Dag %(name)s</p>",
    "left over in the text: {{": "<p>{{ naam }}</p>",
    "without csrf_token": "<form method='post' action='/y'><button>Doe</button></form>",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_each_broken_promise_is_seen(fault):
    with pytest.raises(AssertionError, match=r"breaks the page contract") as said:
        a_page(GOOD.format(BROKEN[fault])).keeps_the_contract()

    assert fault in str(said.value)


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (a_page(GOOD.format(""), "/en/2027"), "lang is nl, the address says en"),
        (a_page(GOOD.format("").replace("Titel", "")), "no title"),
        (a_page(GOOD.format("").replace("main>", "div>")), "0 main elements"),
    ],
)
def test_language_title_and_main_are_seen(page, fault):
    with pytest.raises(AssertionError) as said:
        page.keeps_the_contract()

    assert fault in str(said.value)


def test_a_form_sends_what_it_holds_and_what_was_filled_in():
    form = a_page(GOOD.format("")).form()

    assert form.filled({}) == {"csrf_token": ["t"], "a": ["Ada"], "b": ["2"]}
    assert form.filled({"a": "Lies", "b": 1, "c": True}, "Terug") == {
        "csrf_token": ["t"],
        "a": ["Lies"],
        "b": ["1"],
        "c": ["y"],
        "go": ["1"],
    }


@pytest.mark.parametrize("fields", [{"unknown": "x"}, {"b": "3"}, {"c": "z"}])
def test_what_a_form_does_not_offer_is_refused(fields):
    with pytest.raises(AssertionError):
        a_page(GOOD.format("")).form().filled(fields)


def test_a_button_that_is_not_there_cannot_be_pressed():
    with pytest.raises(AssertionError, match="no button"):
        a_page(GOOD.format("")).form().filled({}, "Verwijder alles")


def test_errors_are_read_beside_their_fields():
    page = a_page(GOOD.format('<p class="error" id="a-error"><span class="unseen">Fout: </span>Vul je naam in.</p>'))

    assert page.errors == {"a": "Vul je naam in."}
