"""A speaker brings slides, replaces them, orders and removes them; nobody else does."""

import io

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import storage
from blender_event.core.database import db
from blender_event.programme.models import Session, Speaker
from blender_event.programme.models_materials import Material, MaterialVersion
from tests import factories as make
from tests import files


def materials():
    db.session.rollback()
    return db.session.query(Material).order_by(Material.position).all()


def versions():
    db.session.rollback()
    return db.session.query(MaterialVersion).order_by(MaterialVersion.id).all()


def a_file(data=None, name="dias.pdf"):
    return (io.BytesIO(files.a_pdf(2) if data is None else data), name)


def deeds():
    db.session.rollback()
    return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def stored():
    return sorted(storage.keys())


def test_slides_are_uploaded_on_a_plain_form(sam, at, public, visitor):
    assert "Hier staat nog niets" in sam.get(at())

    page = sam.submit(at("uploaden"), file=a_file(), publish="now", follow=True)

    assert "“dias.pdf” is er." in page
    (material,) = materials()
    assert (material.title, material.kind, material.publish, material.is_public) == ("dias", "slides", "now", True)
    (version,) = versions()
    assert (version.number, version.name, version.media_type) == (1, "dias.pdf", "application/pdf")
    assert b"".join(storage.pieces(version.storage_key)) == files.a_pdf(2)
    assert "dias PDF, 1 kB" in visitor.get(public)
    assert deeds()[-1] == "material added"


def test_what_is_allowed_is_said_before(sam, at):
    page = sam.get(at("uploaden"))

    assert "PDF, PPTX, ODP, hoogstens 50 MB." in page
    assert page.tree.xpath("//input[@type='file']/@accept") == [".pdf,.pptx,.odp"]


def test_a_form_without_a_file_says_so_and_keeps_what_was_typed(sam, at):
    page = sam.submit(at("uploaden"), title="Mijn dia's", licence="CC0", publish="hand", expect=422)

    assert page.errors["file"] == "Kies een bestand."
    assert page.form().values()["title"] == ["Mijn dia's"]
    assert page.form().values()["licence"] == ["CC0"]
    assert page.form().values()["publish"] == ["hand"]
    assert materials() == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(files.the_hostile()))
@pytest.mark.once
def test_a_bad_file_is_refused_and_the_version_that_was_there_stays(sam, at, story, kind):
    material = make.a_material(story.session, publish="now")
    before = stored()
    name, data = files.the_hostile()[kind]

    page = sam.submit(at(material.id, "uploaden"), file=a_file(data, name), expect=422)

    assert page.errors["file"]
    assert [version.number for version in versions()] == [1]
    assert stored() == before


def test_a_file_cut_off_on_its_way_leaves_the_version_that_was_there(sam, at, story):
    material = make.a_material(story.session, publish="now")
    before = stored()
    path = at(material.id, "uploaden")
    token, key = sam.get(path).form().values()["csrf_token"][0], "k" * 32
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n{key}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="dias.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + files.a_pdf(3)[:400]
    answer = sam.client.post(
        path,
        input_stream=io.BytesIO(body),
        content_length=len(body) + 5000,
        content_type="multipart/form-data; boundary=b",
        headers={"Referer": "https://blender.example.org" + path},
    )

    assert answer.status_code in (400, 422)
    assert [version.number for version in versions()] == [1]
    assert stored() == before


def test_a_new_version_keeps_the_address_and_the_earlier_one(sam, at, story, public, visitor):
    material = make.a_material(story.session, publish="now", data=files.a_pdf(1))
    (first,) = versions()

    sam.submit(at(material.id, "uploaden"), file=a_file(files.a_pptx(), "dias.pptx"), follow=True)

    assert "De nieuwe versie is er. De vorige blijft bewaard." in sam.page
    assert [version.number for version in versions()] == [1, 2]
    assert visitor.client.get(f"/2027/materiaal/{material.code}").data == files.a_pptx()
    assert "PowerPoint" in visitor.get(public)
    assert sam.client.get(at(material.id, "versies", 1)).data == files.a_pdf(1)
    assert first.storage_key in stored()
    assert "2 versies" in sam.get(at())


def test_the_same_file_again_is_no_new_version(sam, at, story):
    material = make.a_material(story.session, data=files.a_pdf(4))
    before = stored()

    page = sam.submit(at(material.id, "uploaden"), file=a_file(files.a_pdf(4)), follow=True)

    assert "Dat bestand stond hier al. Er is niets veranderd." in page
    assert [version.number for version in versions()] == [1]
    assert stored() == before


def test_a_second_click_is_no_second_file(sam, at):
    form = sam.get(at("uploaden")).form()
    answers = form.filled({"file": a_file()})
    again = form.filled({"file": a_file()})
    first = sam.client.post(at("uploaden"), data=answers, content_type="multipart/form-data")
    second = sam.client.post(at("uploaden"), data=again, content_type="multipart/form-data")

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(materials()) == len(stored()) == 1


def test_the_same_key_with_another_file_is_refused(sam, at):
    form = sam.get(at("uploaden")).form()
    sam.client.post(at("uploaden"), data=form.filled({"file": a_file()}), content_type="multipart/form-data")
    other = form.filled({"file": a_file(files.a_pdf(5))})
    answer = sam.client.post(at("uploaden"), data=other, content_type="multipart/form-data")

    assert answer.status_code == 409
    assert len(materials()) == len(stored()) == 1


def test_a_script_reads_where_to_go_or_what_to_mend(sam, at):
    asked = {"Accept": "application/json"}
    form = sam.get(at("uploaden")).form()
    bad = sam.client.post(
        at("uploaden"),
        data=form.filled({"file": a_file(b"x", "a.exe")}),
        content_type="multipart/form-data",
        headers=asked,
    )
    good = sam.client.post(
        at("uploaden"), data=form.filled({"file": a_file()}), content_type="multipart/form-data", headers=asked
    )

    assert bad.status_code == 422
    (problem,) = bad.get_json()["problems"]
    assert problem.endswith("ODP, PDF, PPTX.")
    assert good.status_code == 200
    assert good.get_json() == {"href": at()}
    assert good.headers["Cache-Control"] == "no-store"


def test_a_session_holds_five_files_and_says_so(sam, at, story):
    for number in range(5):
        make.a_material(story.session, title=f"Deel {number}")
    before = stored()
    page = sam.get(at())
    assert "Er kan geen bestand meer bij." in page
    assert "Nog een bestand uploaden" not in page.links

    page = sam.submit(at("uploaden"), file=a_file(), expect=422)

    assert page.errors["file"].startswith("Deze sessie heeft al 5 bestanden.")
    assert stored() == before


def test_an_edition_holds_so_many_bytes(app, sam, at, story, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOAD_EDITION_BYTES", 2 * 1024 * 1024)
    make.a_version(make.a_material(story.elsewhere), size=2 * 1024 * 1024)

    page = sam.submit(at("uploaden"), file=a_file(), expect=422)

    assert page.errors["file"] == (
        "Alle bestanden van deze editie samen mogen hoogstens 2 MB zijn, en zoveel staat er al. Vraag ons om hulp."
    )
    assert len(materials()) == 1


def test_removing_and_uploading_again_makes_no_room_on_the_disk(app, sam, at, story, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOAD_EDITION_BYTES", 2 * 1024 * 1024)
    big = make.a_material(story.session)
    make.a_version(big, size=2 * 1024 * 1024)
    sam.submit(at(big.id, "verwijderen"))

    page = sam.submit(at("uploaden"), file=a_file(), expect=422)

    assert "2 MB" in page.errors["file"]


def test_a_link_and_a_recording_stand_beside_the_slides(sam, at, public, visitor):
    page = sam.submit(at("link"), url="javascript:alert(1)", title="Opname", expect=422)
    assert "https://" in page.errors["url"]

    sam.submit(at("link"), url="https://video.example.org/1", title="Opname", kind="recording", publish="now")

    page = visitor.get(public)
    assert "Opname Opname" in page
    (material,) = materials()
    answer = visitor.client.get(page.links["Opname"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://video.example.org/1")
    assert versions() == []
    assert sam.client.get(at(material.id, "uploaden")).status_code == 200
    page = sam.submit(at(material.id, "uploaden"), file=a_file(), expect=422)
    assert page.errors["file"] == "Een link heeft geen bestand. Wijzig het adres."


def test_facts_are_changed_and_a_slower_one_sees_both(sam, at, story, organiser):
    material = make.a_material(story.session, title="Eerst")
    slow = sam.get(at(material.id))

    organiser.submit(f"/beheer/2027/materiaal/sessies/{story.session.id}/{material.id}", title="Van Ada")
    page = sam.submit(slow, title="Van Sam", licence="CC0", expect=409)

    assert "Van Ada" in page
    assert page.form().values()["title"] == ["Van Sam"]
    sam.submit(page, title="Van Sam", accessible="yes", language="en")
    (material,) = materials()
    assert (material.title, material.licence, material.accessible, material.language) == ("Van Sam", "CC0", "yes", "en")


def test_the_order_is_changed_by_buttons(sam, at, story, public, visitor):
    one = make.a_material(story.session, title="Een", publish="now", position=1)
    two = make.a_material(story.session, title="Twee", publish="now", position=2)

    sam.submit(at(), form=at(two.id, "volgorde"), button="Omhoog")

    assert [material.id for material in materials()] == [two.id, one.id]
    sam.post(at(two.id, "volgorde"), way="up")
    assert [material.id for material in materials()] == [two.id, one.id]
    page = visitor.get(public)
    assert page.text.index("Twee") < page.text.index("Een PDF")


def test_removing_is_asked_first_and_can_be_undone(sam, at, story, public, visitor):
    material = make.a_material(story.session, title="Dia's", publish="now")
    address = f"/2027/materiaal/{material.code}"
    assert visitor.client.get(address).status_code == 200

    assert "Dertig dagen lang kun je het terugzetten." in sam.get(at(material.id, "verwijderen"))
    sam.submit(at(material.id, "verwijderen"), follow=True)

    assert "Weggehaald (1)" in sam.page
    assert "Dia's" not in visitor.get(public)
    gone = visitor.get(address, expect=410)
    assert gone.heading == "Dit materiaal is weggehaald"
    assert visitor.client.get(f"{address}/1").status_code == 410
    sam.submit(at(), form=at(material.id, "terugzetten"))
    assert visitor.client.get(address).status_code == 200
    assert deeds()[-2:] == ["material removed", "material put back"]


def test_what_was_never_public_is_simply_not_there(sam, at, story, visitor):
    material = make.a_material(story.session, publish="hand")
    sam.submit(at(material.id, "verwijderen"))

    assert visitor.client.get(f"/2027/materiaal/{material.code}").status_code == 404


def test_each_button_may_be_pressed_twice(sam, at, story):
    material = make.a_material(story.session, publish="hand")
    for word, said in (
        ("publiceren", "Het was al openbaar."),
        ("terugnemen", "Het was niet openbaar."),
        ("verwijderen", "Het was al weggehaald."),
        ("terugzetten", "Het was niet weggehaald."),
    ):
        sam.post(at(material.id, word))
        sam.follow()
        count = len(deeds())
        sam.post(at(material.id, word))
        assert said in sam.follow()
        assert len(deeds()) == count


@pytest.mark.slow
def test_nobody_but_its_speakers_reaches_a_session(mallory, visitor, at, story, organiser):
    material = make.a_material(story.session, publish="hand")
    theirs = make.a_material(story.elsewhere)
    mine = f"/spreker/2027/sessies/{story.elsewhere.id}/materiaal"
    pages = ["", "/uploaden", "/link"] + [
        f"/{material.id}{word}" for word in ("", "/uploaden", "/verwijderen", "/versies/1", "/versies/1/voorbeeld.jpg")
    ]
    assert mallory.client.get(mine).status_code == 200

    for page in pages:
        assert mallory.client.get(at() + page).status_code == 404
        assert mallory.client.get(mine + f"/{material.id}").status_code == 404
        assert visitor.client.get(at() + page).status_code in (302, 303, 404)
    for word in ("publiceren", "terugnemen", "volgorde", "verwijderen", "terugzetten", "uploaden"):
        mallory.post(at(material.id, word), expect=404)
        mallory.post(f"{mine}/{material.id}/{word}", expect=404)
    assert theirs.session_id == story.elsewhere.id
    assert [one.published_at for one in materials()] == [None, None]


def test_a_speaker_of_another_edition_is_nobody_here(sam, story):
    other = make.an_edition("2028")
    session = make.a_session("Later", edition=other)
    material = make.a_material(session, publish="now")

    assert sam.client.get(f"/spreker/2028/sessies/{session.id}/materiaal").status_code == 404
    assert sam.client.get(f"/spreker/2027/sessies/{session.id}/materiaal").status_code == 404
    assert sam.client.get(f"/spreker/2027/sessies/{story.session.id}/materiaal/{material.id}").status_code == 404
    assert sam.client.get(f"/2027/materiaal/{material.code}").status_code == 404


def test_who_is_taken_out_of_a_session_no_longer_has_its_slides(sam, at, story):
    make.a_material(story.session)
    session = db.session.get(Session, story.session.id)
    session.people.clear()
    db.session.commit()

    assert sam.client.get(at()).status_code == 404
    assert db.session.query(Speaker).count() == 2


def test_a_hostile_name_is_only_shown(sam, at, story):
    sam.submit(at("uploaden"), file=a_file(name="../../\u202eet<b>c.pdf"))
    (version,) = versions()

    assert version.name == "et<b>c.pdf"
    answer = sam.client.get(at(materials()[0].id, "versies", 1))
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=\"et_b_c.pdf\"; filename*=UTF-8''et%3Cb%3Ec"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert "et<b>c.pdf" in sam.get(at())


def test_a_session_with_material_is_not_removed(organiser, story):
    session = make.a_session("Nieuw", at="15:00")
    material = make.a_material(session)

    page = organiser.submit(f"/beheer/2027/programma/sessies/{session.id}/verwijderen", expect=422)

    assert "materiaal" in page
    assert db.session.get(Material, material.id) is not None
