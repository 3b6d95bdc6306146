"""Letters to an address that somebody types are limited per address, whichever form it is typed in (PRODUCT §5.9)."""

from tests import factories as make


def a_team(visitor, number, contact="chris@example.org"):
    return visitor.submit(
        "/2027/inschrijven/team",
        follow=False,
        expect=visitor.wanted,
        contact_name="Chris",
        contact_email=contact,
        attendance="onsite",
        group="field",
        **{"people-0-first_name": f"Nieuw {number}", "people-0-email": f"nieuw{number}@example.org"},
        **{"people-1-first_name": "Vic", "people-1-email": "vic@example.org"},
    )


def test_somebody_who_is_named_in_many_teams_gets_three_letters(visitor, letters):
    make.an_edition()
    make.a_registration(first_name="Vic", email="vic@example.org")
    visitor.wanted = "redirect"
    for number in range(6):
        a_team(visitor, number, contact=f"chris{number}@example.org")
    told = [letter for letter in letters(to="vic@example.org") if letter.kind == "already_registered"]
    assert len(told) <= 3


def test_one_address_answers_for_ten_teams_an_hour_and_what_was_typed_stays(visitor, letters):
    make.an_edition()
    visitor.wanted = "redirect"
    for number in range(10):
        a_team(visitor, number)
    visitor.wanted = 422
    a_team(visitor, 10)
    assert 'value="Nieuw 10"' in visitor.response.text
    assert len(letters(to="chris@example.org")) == 10
