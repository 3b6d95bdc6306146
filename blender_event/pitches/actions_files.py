"""What is attached to a pitch. The file itself is stored before the row, and removed after it."""

from datetime import datetime

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import require
from blender_event.pitches import queries, rules_sending
from blender_event.pitches.models import Author, Pitch, PitchFile


def attach(author: Author, file: PitchFile, *, now: datetime) -> PitchFile:
    """Add a stored file to the pitch, its row last. Raises `RuleBroken` when there are enough or the pitch is settled."""
    pitch = queries.lock(author.pitch)
    require(rules_sending.may_change(pitch, now), rules_sending.may_attach(pitch, len(pitch.files)))
    file.pitch, file.uploaded_at = pitch, now
    db.session.add(file)
    audit.note("pitch file added", pitch, by=None)
    return file


def detach(author: Author, file: PitchFile, *, now: datetime) -> str:
    """Take a file away; the key of what is stored, to remove after the commit. Raises `RuleBroken`."""
    pitch = queries.lock(author.pitch)
    require(rules_sending.may_change(pitch, now))
    key = file.storage_key
    pitch.files.remove(file)
    db.session.flush()
    audit.note("pitch file removed", pitch, by=None)
    return key


def blind_name(pitch: Pitch, file: PitchFile) -> str:
    """What a file is called for whoever may not know who sent it in: its place and its kind."""
    return f"bijlage-{[one.id for one in pitch.files].index(file.id) + 1}.{file.ending}"
