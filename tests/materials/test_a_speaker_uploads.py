"""A speaker brings slides, replaces them, and sees what everybody gets and when."""

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import storage
from blender_event.core.database import db
from blender_event.programme.models_materials import Material, MaterialVersion
from tests import factories as make
from tests import files
from tests.visitor import signed_in


def materials():
    db.session.rollback()
    return db.session.query(Material).order_by(Material.id).all()


def versions():
    db.session.rollback()
    return db.session.query(MaterialVersion).order_by(MaterialVersion.id).all()


def a_file(data=None, name="dias.pdf"):
    import io

    return (io.BytesIO(files.a_pdf(2) if data is None else data), name)


def deeds():
    return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_slides_are_uploaded_on_a_plain_form(sam, at, public, visitor):
    page = sam.get(at())
    assert "Hier staat nog niets" in page

    page = sam.submit(at("uploaden"), file=a_file(), publish="now", follow=True)

    assert "“dias.pdf” is er." in page
    (material,) = materials()
    assert (material.title, material.kind, material.publish, material.is_public) == ("dias", "slides", "now", True)
    (version,) = versions()
    assert (version.number, version.name, version.media_type) == (1, "dias.pdf", "application/pdf")
    assert b"".join(storage.pieces(version.storage_key)) == files.a_pdf(2)
    assert "dias PDF, 1 kB" in visitor.get(public)
    assert "material added" in deeds()
