"""Pictures of first pages are made after the upload; files that nobody knows any more go."""

import io
import os
from datetime import timedelta

import pytest

from blender_event import check, forgetting, orphans, previews
from blender_event.audit.models import AuditEntry
from blender_event.core import clock, storage
from blender_event.core.database import db
from blender_event.programme.models_materials import Material, MaterialVersion, Preview
from tests import factories as make
from tests import files
from tests.factories_files import kept


def newest():
    db.session.rollback()
    return db.session.query(MaterialVersion).order_by(MaterialVersion.id.desc()).first()


def test_a_picture_and_the_number_of_pages_come_after_the_upload(sam, at, story, visitor, public):
    sam.submit(at("uploaden"), file=(io.BytesIO(files.a_pdf(3)), "dias.pdf"), publish="now", follow=True)
    assert "Er wordt een beeld van gemaakt." in sam.page
    assert visitor.get(public).tree.xpath("//main//img") == []

    previews.make_waiting()

    version = newest()
    assert (version.preview, version.pages) == ("made", 3)
    page = visitor.get(public)
    assert "3 pagina’s" in page
    (picture,) = page.tree.xpath("//main//img/@src")
    assert visitor.client.get(picture).data.startswith(b"\xff\xd8\xff")
    own = sam.client.get(at(version.material_id, "versies", 1, "voorbeeld.jpg"))
    assert (own.status_code, own.headers["Cache-Control"]) == (200, "no-store")
    assert previews.make_waiting() is None
    assert db.session.query(Preview).count() == 1


def test_a_file_that_breaks_the_maker_can_still_be_downloaded(story, sam, at, visitor, public):
    broken = b"%PDF-1.7\n" + b"rubbish" * 100 + b"\n%%EOF\n"
    make.a_material(story.session, title="Stuk", publish="now", data=broken)
    good = make.a_material(story.elsewhere, title="Heel", data=files.a_pdf(2))

    previews.make_waiting()

    stuck = db.session.query(MaterialVersion).order_by(MaterialVersion.id).first()
    assert (stuck.preview, stuck.pages, stuck.picture) == ("broken", None, None)
    assert newest().preview == "made"
    assert visitor.client.get(visitor.get(public).links["Stuk"]).data == broken
    assert "We konden er geen beeld van maken; downloaden kan wel." in sam.get(at())
    assert good.id


def test_a_file_that_is_not_there_does_not_wait_for_ever(story):
    material = make.a_material(story.session)
    storage.remove(material.newest.storage_key)

    previews.make_waiting()

    assert newest().preview == "broken"


def test_a_picture_that_somebody_else_made_is_not_kept_twice(story):
    material = make.a_material(story.session)
    number = material.newest.id
    previews.make(number)
    before = sorted(storage.keys())

    previews.make(number)

    assert sorted(storage.keys()) == before
    assert len(before) == 2


def test_the_worker_is_woken_for_a_new_file_and_not_for_a_refused_one(app, sam, at, story):
    rung = []

    class Heard:
        def ring(self, *wanted):
            rung.append([list(ids) for ids in wanted])

        def close(self):
            return None

    bell, app.extensions["blender_jobs"] = app.extensions["blender_jobs"], Heard()
    try:
        sam.submit(at("uploaden"), file=(io.BytesIO(b"x"), "a.pdf"), expect=422)
        sam.submit(at("uploaden"), file=(io.BytesIO(files.a_pdf()), "a.pdf"))
    finally:
        app.extensions["blender_jobs"] = bell

    assert [pictures for _letters, _announced, pictures in rung if pictures] == [[newest().id]]


def age(key, days):
    """Make a stored file so many days older than the clock of the test."""
    file = storage.folder() / key
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(file, (moment, moment))


def test_files_that_were_nobodys_for_a_day_go_and_others_stay(story, time_stands_still):
    known = make.a_material(story.session).newest.storage_key
    fresh, _size, _digest = kept("materials", b"on its way")
    old, _size, _digest = kept("materials", b"left behind")
    foreign = "van-iemand-anders.txt"
    (storage.folder() / foreign).write_bytes(b"not ours")
    for key, days in ((known, 9), (fresh, 0.5), (old, 1.5), (foreign, 9)):
        age(key, days)

    assert orphans.sweep() == 1

    assert set(storage.keys()) == {known, fresh, foreign}
    (storage.folder() / foreign).unlink()


def test_the_check_names_what_is_missing_and_what_is_too_much(story):
    key = make.a_material(story.session, publish="now").newest.storage_key
    storage.remove(key)
    stray, _size, _digest = kept("materials", b"left behind")

    found = "\n".join(check.faults())

    assert f"file {key}: a row names it and it is not there" in found
    assert f"file {stray}: no row knows it" in found


def test_what_was_removed_a_month_ago_is_forgotten_with_its_files(sam, at, story, time_stands_still):
    material = make.a_material(story.session)
    make.a_preview(material.newest)
    sam.submit(at(material.id, "verwijderen"))
    time_stands_still.shift(timedelta(days=29))
    forgetting.forget()
    assert db.session.query(Material).count() == 1

    time_stands_still.shift(timedelta(days=2))
    forgetting.forget()

    assert db.session.query(Material).count() == 0
    assert list(storage.keys()) == []
    last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (last.action, last.by_id) == ("material forgotten", None)


@pytest.mark.once
def test_a_copy_of_an_edition_takes_no_materials_along(organiser, story):
    make.a_material(story.session, publish="now")

    organiser.submit("/beheer/2027/kopie", slug="2029", title="Blender 2029", starts_on="2029-09-20")

    assert db.session.query(Material).count() == 1
