"""Release the edition whose slug arrives on standard input, again for each line; runs beside the server."""

from __future__ import annotations

import sys

from sqlalchemy import select

from blender_event import create_app
from blender_event.core.database import db, writing
from blender_event.programme import release
from blender_event.programme.models import Edition


def main() -> None:
    app = create_app()
    for line in sys.stdin:
        with app.app_context(), writing():
            edition = db.session.execute(select(Edition).where(Edition.slug == line.strip())).scalar_one()
            row = release.release(edition, by=None, tell=False)
            db.session.commit()
            print(f"released {row.number}", flush=True)


if __name__ == "__main__":
    main()
