"""Counting words as people do. The same list is counted by the script in tests/browser/test_pitch_form.py."""

import pytest

from blender_event.pitches import rules_sending

EXAMPLES = [
    ("", 0),
    ("   \n\t ", 0),
    ("een", 1),
    ("Jongeren chatten na school.", 4),
    ("e-mail en/of chat", 3),
    ("een – twee — drie", 3),
    ("o.a. 3,5 uur per week", 5),
    ("d'r is m’n cliënt's idee", 5),
    ("regel een\nregel twee\r\nregel drie", 6),
    ("vast\u00a0verbonden", 2),
    ("nul\u200bbreed", 2),
    ("\ufeffbegin", 1),
    ("🙂 lach 👩‍👩‍👧 !", 1),
    ("https://example.org/een-adres?met=veel", 1),
    ("½ dag, 10² keer, Ⅳ", 5),
    ("Đặng schrijft שלום en 日本", 5),
]


@pytest.mark.parametrize(("text", "number"), EXAMPLES)
def test_words_are_what_stands_between_spaces_and_holds_a_letter_or_digit(text, number):
    assert rules_sending.words(text) == number


@pytest.mark.once
@pytest.mark.parametrize(
    ("filled", "lacking", "onward"),
    [
        ({"idee"}, {"vraag", "voorwaarden", "praktisch"}, "inhoud"),
        ({"idee", "vraag"}, {"voorwaarden", "praktisch"}, "voorwaarden"),
        ({"idee", "inhoud", "waarom", "vraag"}, {"idee", "voorwaarden"}, "idee"),
        ({"idee", "vraag", "voorwaarden", "praktisch"}, set(), "nakijken"),
    ],
)
def test_one_goes_on_where_one_stopped_and_not_past_what_was_never_seen(filled, lacking, onward):
    steps = [
        rules_sending.Progress(step, step in filled, int(step in lacking))
        for step in ("idee", "inhoud", "waarom", "vraag", "voorwaarden", "praktisch")
    ]

    assert rules_sending.onward(steps) == onward
