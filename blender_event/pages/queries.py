"""What the operator's pages ask: does the database answer?"""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from blender_event.core.database import db


def database_answers() -> bool:
    """One tiny question; False when it failed, whatever the reason."""
    try:
        db.session.execute(select(1))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
