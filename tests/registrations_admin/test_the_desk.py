"""The desk sees name, organisation and status, and nothing else."""

from tests import factories as make

DESK = "/beheer/2027/onthaal"


def test_the_desk_finds_people_by_name(helper, edition):
    make.a_registration(edition, first_name="José", last_name="Đặng", organisation="CAW")
    make.a_registration(edition, first_name="Wim", status="waiting")

    assert helper.get(DESK + "?q=dang").rows() == [
        ["Naam", "Organisatie", "Toestand"],
        ["José Đặng", "CAW", "Heeft een plaats"],
    ]


def test_the_desk_sees_nothing_more(helper, edition):
    make.a_registration(
        edition,
        first_name="Jane",
        email="geheim@example.org",
        phone="0470 11 22 33",
        job_title="Kanarie",
        note="Kanarie",
        needs="Kanarie",
        brings_seeks="Kanarie",
    )

    body = helper.get(DESK).body
    for secret in (b"geheim", b"0470", b"anarie", b"vraag"):
        assert secret not in body


def test_the_desk_cannot_try_out_addresses(helper, edition):
    make.a_registration(edition, first_name="Jane", email="geheim@example.org")

    assert "Niemand past" in helper.get(DESK + "?q=geheim")


def test_the_desk_opens_no_other_page_of_the_registrations(helper, edition):
    found = make.a_registration(edition)
    for path in ("", f"/{found.id}", "/wachtlijst", "/uitvoer", "/behoeften", "/nieuw", "/geparkeerd"):
        helper.get("/beheer/2027/inschrijvingen" + path, expect=404)


def test_the_desk_of_one_edition_is_not_that_of_another(helper, oscar, mallory, elsewhere):
    helper.get("/beheer/2031/onthaal", expect=404)
    oscar.get(DESK, expect=404)
    mallory.get(DESK, expect=404)
