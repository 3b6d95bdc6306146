"""Everything that is kept no longer than promised, in one round: by the worker each hour, or by hand."""

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.core.forgetting import Gone, remove_files
from blender_event.pitches import actions_forget as pitches
from blender_event.programme import actions_forget as programme
from blender_event.registrations import actions_forget as registrations


def forget(*, rehearse: bool = False) -> list[Gone]:
    """Forget it all, then remove the files. With `rehearse` only say what would go: everything is put back."""
    now = clock.now()
    with writing():
        gone = [one for part in (registrations, programme, pitches) for one in part.forget(now=now)]
        if rehearse:
            db.session.rollback()
            return gone
        db.session.commit()
    remove_files(gone)
    return gone
