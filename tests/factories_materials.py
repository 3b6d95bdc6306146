"""Rows of slides, portraits and what speakers need, for tests. Import as `from tests import factories as make`."""

import functools
import io

from PIL import Image

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.programme.models_materials import Material, MaterialVersion, Portrait, Preview, SpeakerNeeds
from tests.factories_files import MEDIA_TYPES, a_pdf, kept
from tests.factories_programme import saved


def a_material(session, kind="slides", title="Dia's", *, data=None, name="dias.pdf", publish="after", **facts):
    """Slides or a handout of the session with one version that is really stored (`data`: its bytes); a link has none."""
    known = {
        "edition_id": session.edition_id,
        "session_id": session.id,
        "kind": kind,
        "title": title,
        "publish": publish,
        "licence": "CC BY 4.0",
        "created_at": clock.now(),
    }
    material = saved(Material(**known | facts))
    if kind in ("slides", "handout"):
        a_version(material, data, name)
    db.session.expire_all()
    return material


def a_link(session, title="Opname", url="https://video.example.org/opname", kind="recording", **facts):
    """A link or a recording of the session."""
    return a_material(session, kind, title, url=url, **facts)


def a_version(material, data=None, name="dias.pdf", **facts):
    """The next version of the material, really stored."""
    number = 1 + db.session.query(MaterialVersion).filter_by(material_id=material.id).count()
    key, size, digest = kept("materials", a_pdf(words=f"versie {number} van") if data is None else data)
    known = {
        "material_id": material.id,
        "number": number,
        "storage_key": key,
        "name": name,
        "media_type": MEDIA_TYPES[name.rpartition(".")[2].lower()],
        "size": size,
        "sha256": digest,
        "scanned": "clean",
        "uploaded_at": clock.now(),
    }
    version = saved(MaterialVersion(**known | facts))
    db.session.expire_all()
    return version


def a_preview(version, **facts):
    """The picture of the first page of a version, as the worker makes it."""
    data = a_picture()
    key, size, _digest = kept("previews", data)
    known = {"storage_key": key, "width": 640, "height": 360, "size": size, "made_at": clock.now()}
    version.preview, version.pages = "made", 1
    return saved(Preview(version_id=version.id, **known | facts))


def a_portrait(speaker, **facts):
    """A portrait of the speaker, shown from now on (when the speaker agreed)."""
    key, size, _digest = kept("portraits", a_picture(640, 640))
    known = {"edition_id": speaker.edition_id, "speaker_id": speaker.id, "storage_key": key, "size": size}
    portrait = saved(Portrait(**known | {"made_at": clock.now()} | facts))
    speaker.portrait_code = portrait.code
    db.session.commit()
    return portrait


@functools.cache
def a_picture(width=640, height=360, kind="JPEG"):
    """The bytes of a grey picture."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), (120, 130, 140)).save(made, kind)
    return made.getvalue()


def speaker_needs(speaker, words="Een stoel om op te zitten.", **facts):
    """What the speaker needs to take part, with consent."""
    known = {"edition_id": speaker.edition_id, "speaker_id": speaker.id, "consent_at": clock.now()}
    return saved(SpeakerNeeds(words=words, **known | facts))
