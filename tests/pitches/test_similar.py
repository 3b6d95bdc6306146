"""“Bestaat dit al?”: what resembles a few words, of everything anybody may read, and of nothing else."""

import random
import string

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches import actions_works, queries_similar, similar
from blender_event.pitches.models_works import Work
from blender_event.programme import release
from tests import factories as make
from tests.programme.counting import statements
from tests.visitor import signed_in

WORDS = "Chatten met jongeren die ’s nachts schrijven"


def alike(words, *titles):
    """The titles that resemble the words, best first."""
    known = similar.index(similar.Document(title) for title in titles)
    return [titles[place] for place, _score in similar.alike(known, words)]


@pytest.mark.once
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Een chat voor jongeren", ["De chatlijn voor jongeren", "Chatten na school"]),
        ("Beeldbellen in de gezinszorg", ["Beeldbelaanbod in de thuiszorg"]),
        ("buddy’s voor wie geadopteerd is", ["Buddywerking voor geadopteerden"]),
        ("DIGITALISÉRING bij jeugdhulp", ["Digitalisering in de jeugdhulp"]),
        ("AI die meeschrijft", ["Wat AI kan in een dossier"]),
        ("samen met mensen iets nieuws maken", []),
        ("taart bakken", []),
        ("", []),
        ("!?", []),
    ],
)
def test_shared_rare_words_and_the_beginning_of_compounds_find_things(words, found):
    titles = [
        "Chatten na school",
        "De chatlijn voor jongeren",
        "Beeldbelaanbod in de thuiszorg",
        "Buddywerking voor geadopteerden",
        "Digitalisering in de jeugdhulp",
        "Wat AI kan in een dossier",
    ]

    assert alike(words, *titles) == found


@pytest.mark.once
def test_one_word_of_a_text_finds_nothing_and_two_do():
    documents = [
        similar.Document("Anders", "een portaal voor mantelzorgers"),
        similar.Document("Nog iets", "een portaal"),
    ]
    known = similar.index(documents)

    assert [place for place, _score in similar.alike(known, "portaal")] == []
    assert [place for place, _score in similar.alike(known, "portaal voor mantelzorgers")] == [0]


@pytest.mark.once
def test_a_word_nearly_everything_has_says_nothing_among_many():
    documents = [similar.Document(f"Onlinehulp {n}") for n in range(50)] + [
        similar.Document("Onlinehulp en moodbuster")
    ]

    found = similar.alike(similar.index(documents), "onlinehulp met moodbuster")

    assert [place for place, _score in found] == [50]


@pytest.mark.once
def test_what_is_far_behind_the_best_is_left_out():
    assert similar.best([(3, 10.0), (1, 4.0), (2, 1.0)], 5) == [3, 1]
    assert similar.best([(3, 10.0), (1, 9.0), (2, 8.0)], 2) == [3, 1]
    assert similar.best([], 5) == []


@pytest.mark.once
def test_very_long_and_odd_words_take_no_time():
    known = similar.index([similar.Document("Chatten na school")])

    assert similar.alike(known, "a" * 200_000 + " chatten school" + "\x00" * 100)[0][0] == 0


@pytest.mark.slow
@pytest.mark.once
def test_one_of_five_thousand_things_is_found_again():
    rolled = random.Random(7)
    words = ["".join(rolled.choices(string.ascii_lowercase, k=rolled.randint(4, 14))) for _ in range(20_000)]
    documents = [
        similar.Document(" ".join(rolled.choices(words, k=6)), " ".join(rolled.choices(words, k=80)))
        for _ in range(5000)
    ]
    known = similar.index(documents)
    found = similar.alike(known, documents[1234].title + " " + documents[1234].words)

    assert found[0][0] == 1234


@pytest.fixture
def edition(app):
    return make.an_edition("2025", title="Blender 2025")


@pytest.fixture
def call(edition):
    return make.a_call(edition, pitches_public_at=clock.now())


def titles(words=WORDS, **more):
    return [found.title for found in queries_similar.found(words, **more)]


def test_it_looks_in_pitches_of_every_edition_sessions_projects_and_media(app, edition, call):
    pitch = make.a_pitch("Chatten na school", call, what="Jongeren schrijven ons.")
    make.a_session("Nachtelijk chatten met jongeren", edition=edition, abstract="Wie antwoordt?")
    release.release(edition, by=None, reason="", tell=False)
    actions_works.add_work(
        words={"kind": "media", "title": "", "subject": "jongeren die chatten", "url": "https://example.org/chat"},
        by=None,
    )
    db.session.commit()

    found = queries_similar.found(WORDS)

    assert {(one.kind, one.title) for one in found} == {
        ("pitch", "Chatten na school"),
        ("session", "Nachtelijk chatten met jongeren"),
        ("media", "jongeren die chatten"),
    }
    hrefs = {one.kind: one.href for one in found}
    assert hrefs["pitch"] == f"/2025/pitches/{pitch.slug}"
    assert hrefs["session"].startswith("/2025/programma/nachtelijk-chatten-met-jongeren-")
    assert hrefs["media"] == "https://example.org/chat"
    english = {one.kind: one.href for one in queries_similar.found(WORDS, language="en")}
    assert english["pitch"] == f"/en/2025/pitches/{pitch.slug}"


def test_a_pitch_is_not_like_itself(app, call):
    mine, other = make.a_pitch("Chatten met jongeren", call), make.a_pitch("Jongeren chatten", call)

    assert titles(beside=mine.id) == [other.title]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "draft"},
        {"status": "declined"},
        {"status": "withdrawn"},
        {"status": "cancelled"},
        {"agreed_public": False},
    ],
    ids=lambda facts: "-".join(map(str, facts.values())),
)
def test_what_is_not_public_is_never_found(app, call, facts):
    make.a_pitch("Chatten met jongeren", call, **facts)

    assert titles() == []


def test_pitches_of_a_closed_overview_or_a_draft_edition_are_never_found(app, edition):
    make.a_pitch("Chatten met jongeren", make.a_call(edition, title="Dicht"))
    hidden = make.an_edition("2030", status="draft")
    make.a_pitch("Jongeren chatten", make.a_call(hidden, pitches_public_at=clock.now()))
    make.a_session("Chatten met jongeren in het geheim", edition=edition)  # not published

    assert titles() == []


def test_no_name_finds_or_is_found(app, call):
    make.a_pitch("Iets anders", call, author="Noor Kanarie", partners="CAW Kanarie")

    assert titles("Noor Kanarie CAW") == []
    found = queries_similar.found("Iets anders")
    assert "Kanarie" not in repr(found)


def test_it_follows_what_changes(app, call):
    pitch = make.a_pitch("Chatten met jongeren", call)
    assert titles() == ["Chatten met jongeren"]

    pitch.title, pitch.search_text, pitch.revision = "Chatten met nachtelijke jongeren", "", pitch.revision + 1
    db.session.commit()
    assert titles() == ["Chatten met nachtelijke jongeren"]
    work = actions_works.add_work(words={"kind": "project", "title": "Jongeren chatten 's nachts"}, by=None)
    db.session.commit()
    assert len(titles()) == 2
    actions_works.remove_work(work, by=None)
    pitch.status = "withdrawn"
    db.session.commit()
    assert titles() == []


def test_asking_again_takes_three_questions_whatever_there_is(app, call):
    for number in range(30):
        make.a_pitch(f"Chatten met jongeren {number}", call, author=None)
    queries_similar.found(WORDS)

    with statements() as sent:
        assert len(queries_similar.found(WORDS)) == 5
    assert len(sent) == 3


WORKS = "/beheer/werken"


def test_organisers_of_every_edition_keep_the_list(organiser, app):
    organiser.get(WORKS)
    organiser.submit(f"{WORKS}/nieuw", title="Buddywerking", organisation="Steunpunt Adoptie", year=2017)
    page = organiser.get(WORKS)
    assert "Buddywerking" in page.text
    number = page.tree.xpath("//tbody//a[contains(@href, 'verwijderen')]")[0].get("href").split("/")[-2]

    organiser.submit(f"{WORKS}/{number}", title="Blended buddywerking")
    assert titles("blended buddy") == ["Blended buddywerking"]
    organiser.submit(f"{WORKS}/{number}/verwijderen")
    assert titles("blended buddy") == []


def test_a_work_has_a_title_or_says_what_it_is_about(organiser, app):
    page = organiser.submit(f"{WORKS}/nieuw", expect=422, url="javascript:alert(1)")

    assert page.errors["title"] == "Vul een titel in, of waarover het gaat."
    assert "https://" in page.errors["url"]
    organiser.submit(f"{WORKS}/nieuw", subject="beeldbellen")


def test_two_who_change_a_work_at_once_see_each_other(organiser, app):
    organiser.submit(f"{WORKS}/nieuw", title="Buddywerking")
    page = organiser.get(f"{WORKS}/{db.session.query(Work).one().id}")
    organiser.submit(page, title="Van een ander")

    both = organiser.submit(page, expect=409, title="Van mij")

    assert "Van een ander" in both.text


def test_an_organiser_of_one_edition_does_not_touch_the_list(app):

    olga = signed_in(app, make.an_organiser(edition=make.an_edition()))

    olga.get(WORKS, expect=404)
    olga.get(f"{WORKS}/nieuw", expect=404)
