"""Tells every decision of an edition, one in each transaction, as the button does; started and killed by a test."""

import sys

from blender_event import create_app
from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.pitches import actions_decisions, queries_organise
from blender_event.programme import queries

app = create_app()
with app.app_context():
    edition = queries.edition_by_slug(sys.argv[1])
    promised = actions_decisions.seals(queries_organise.pending(edition))
    db.session.rollback()
    print("ready", flush=True)
    for number, seal in promised.items():
        with writing():
            actions_decisions.tell(edition, {number: seal}, by=None, now=clock.now())
            db.session.commit()
