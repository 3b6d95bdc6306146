"""Real processes of the `blender` command on an installation of their own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from blender_event import create_app
from blender_event.core.database import db, writing
from blender_event.mail import outbox
from blender_event.mail.models import Letter
from tests import ground

BLENDER = Path(sys.executable).parent / "blender"


class Installation:
    """A folder, a database and the settings that go with them; everything started here is stopped by `close`."""

    def __init__(self, folder, database_url="", **more):
        self.folder = folder
        self.url = database_url or f"sqlite:///{folder / 'blender.db'}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "ignore",
            "BLENDER_INSTANCE": str(folder),
            "BLENDER_DATABASE_URL": self.url,
            "BLENDER_BASE_URL": "http://127.0.0.1:5000",
            "BLENDER_SECRET_KEY": ground.KEY,
            "BLENDER_MAIL_SENDER": "blender@example.org",
        } | more
        self.started = []
        self.flask = None

    def run(self, *words, expect=0):
        """Run a command to its end and return what it said."""
        done = subprocess.run([BLENDER, *words], env=self.environment, capture_output=True, text=True, timeout=90)
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, *words):
        process = subprocess.Popen(
            [BLENDER, *words], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.started.append(process)
        return process

    def app(self):
        """The same installation inside the test, to write and to look."""
        if self.flask is None:
            self.flask = create_app(ground.settings(self.folder, self.url))
        return self.flask

    def letters(self):
        with self.app().app_context():
            return [(row.to_email, row.status, row.attempts) for row in db.session.query(Letter).order_by(Letter.id)]

    def write(self, *addresses):
        with self.app().app_context(), writing():
            for address in addresses:
                facts = {"minutes": 30, "link": "https://blender.example.org/x"}
                outbox.put(kind="sign_in", to_email=address, to_name="", language="nl", facts=facts)
            db.session.commit()

    def close(self):
        for process in self.started:
            kill(process)
        if self.flask is not None:
            self.flask.extensions["blender_jobs"].close()
            with self.flask.app_context():
                db.engine.dispose()


def kill(process):
    """SIGKILL the process and the ones it made."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
    ).stdout.split()
    for pid in [process.pid, *map(int, children)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(10)
    if process.stderr:
        process.stderr.close()


def until(holds, seconds=20):
    """Wait until it holds. Fails after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def answers(url):
    """The status of a page, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0
