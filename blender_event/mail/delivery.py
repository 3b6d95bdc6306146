"""Sending letters: lease a row, commit, send, mark it, commit. One letter at a time; the row is the truth."""

import base64
import contextlib
import os
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import flask_mail
from flask import current_app
from markupsafe import escape
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.core.logs import log
from blender_event.mail import outbox
from blender_event.mail.models import Letter
from blender_event.mail.reasons import KILLED, REPLACED, UNREACHED, UNREADABLE
from blender_event.mail.rendering import safe_header

LEASE = timedelta(seconds=60)
TIMEOUT = 15  # seconds without a word from the server
DEADLINE = 45  # seconds for a whole letter: it must be over before the lease is
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Unreachable(Exception):
    """There is no mail server to speak to: not this letter's fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try: the new status, why, and whether a server was reached at all."""

    status: str
    reason: str = ""
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class _Slip:
    """What the sender holds while it has a row on lease."""

    id: int
    key: str | None
    attempts: int
    lease_until: datetime


def deliver(letter_id: int) -> Outcome | None:
    """Send this letter if it is due and nobody else has it on lease; None when it is not ours to send. Commits twice."""
    now = clock.now()
    claimed = _claim(letter_id, now)
    if claimed is None:
        return None
    slip, envelope = claimed
    if envelope is None:
        outcome = Outcome("failed", UNREADABLE)
    elif slip.attempts > 1 and _is_overtaken(slip):
        outcome = Outcome("dropped", REPLACED)
    elif slip.attempts > len(RETRIES) + 1:
        outcome = Outcome("stuck", KILLED)
    else:
        outcome = _sent(envelope)
    _mark(slip, outcome)
    log.info("letter tried", letter=slip.id, outcome=outcome.status, attempt=slip.attempts)
    return outcome


def deliver_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Send every letter that is due, oldest first, until `stop()`; how many were tried.

    When there is no server to speak to, the others keep their tries and wait for the next round.
    """
    tried: set[int] = set()
    while fresh := [letter_id for letter_id in _due_ids() if letter_id not in tried]:
        for letter_id in fresh:
            if stop():
                return len(tried)
            tried.add(letter_id)
            outcome = deliver(letter_id)
            if outcome is not None and outcome.unreached:
                return len(tried)
    return len(tried)


def _due_ids() -> list[int]:
    order = (Letter.created_at, Letter.id)
    found = list(db.session.scalars(select(Letter.id).where(_is_due(clock.now())).order_by(*order).limit(100)))
    db.session.rollback()
    return found


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting and due, or left behind by a worker whose lease has ended."""
    waiting = and_(Letter.status == "queued", Letter.due_at <= now)
    return or_(waiting, and_(Letter.status == "sending", Letter.lease_until <= now))


def _claim(letter_id: int, now: datetime) -> tuple[_Slip, "Envelope | None"] | None:
    """Lease the row in a transaction of its own. The guarded update lets one worker through on every database."""
    with writing():
        wanted = select(Letter.id).where(Letter.id == letter_id, _is_due(now)).with_for_update(skip_locked=True)
        if db.session.scalar(wanted) is None:
            db.session.rollback()
            return None
        lease = {"status": "sending", "lease_until": now + LEASE, "attempts": Letter.attempts + 1}
        taken = db.session.execute(update(Letter).where(Letter.id == letter_id, _is_due(now)).values(lease))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            db.session.rollback()
            return None
        letter = db.session.get_one(Letter, letter_id, populate_existing=True)
        slip = _Slip(letter.id, letter.key, letter.attempts, now + LEASE)
        envelope = _envelope(letter)
        db.session.commit()
    return slip, envelope


def _envelope(letter: Letter) -> "Envelope | None":
    """The message of a row; None, with a line in the log, when it cannot be made up: that must not stop the others."""
    try:
        with db.session.begin_nested():
            return Envelope(letter, _addresses(letter))
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with this one, the others go out
        log.exception("letter not made up", letter=letter.id, fault=type(fault).__name__)
        return None


def _addresses(letter: Letter) -> dict[str, str]:
    found = outbox.placeholders(letter.text) | outbox.placeholders(letter.html)
    return {mark: outbox.fill(purpose, row_id, letter.language) for mark, (purpose, row_id) in found.items()}


def _mark(slip: _Slip, outcome: Outcome) -> None:
    """Write down what became of the letter, unless somebody else decided meanwhile."""
    now = clock.now()
    with writing():
        try:
            db.session.execute(_marking(slip, outcome, now))
            if outcome.status == "sent":
                _wake_the_unreached(now)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            db.session.execute(_marking(slip, Outcome("dropped", REPLACED), now))
            db.session.commit()


def _marking(slip: _Slip, outcome: Outcome, now: datetime) -> Any:
    values: dict[str, Any] = {"status": outcome.status, "reason": outcome.reason[:500], "lease_until": None}
    values["unreached"] = outcome.unreached
    if outcome.status == "sent":
        values["sent_at"] = now
    if outcome.status == "queued":
        values |= _again(slip, outcome, now)
    mine = (Letter.id == slip.id, Letter.status == "sending", Letter.lease_until == slip.lease_until)
    return update(Letter).where(*mine).values(values).execution_options(synchronize_session=False)


def _again(slip: _Slip, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """When to try again; stuck after the last time, dropped when a newer letter with its key is waiting."""
    newer = aliased(Letter)
    replaced = select(exists().where(newer.key == slip.key, newer.status == "queued", newer.id != slip.id))
    if slip.key is not None and db.session.scalar(replaced):
        return {"status": "dropped", "reason": REPLACED}
    if slip.attempts > len(RETRIES):
        return {"status": "stuck"}
    return {"due_at": now + RETRIES[slip.attempts - 1]}


def _is_overtaken(slip: _Slip) -> bool:
    """Whether a newer letter with the key of this late one waits, leaves or went: a letter states the present."""
    if slip.key is None:
        return False
    newer = select(
        exists().where(Letter.key == slip.key, Letter.id > slip.id, Letter.status.in_(("queued", "sending", "sent")))
    )
    found = bool(db.session.scalar(newer))
    db.session.rollback()
    return found


def _wake_the_unreached(now: datetime) -> None:
    """The server is back: whoever waited only for it need not wait longer."""
    waiting = update(Letter).where(Letter.status == "queued", Letter.unreached.is_(True), Letter.due_at > now)
    db.session.execute(waiting.values(due_at=now).execution_options(synchronize_session=False))


def _sent(envelope: "Envelope") -> Outcome:
    """Hand the message to the server, or to the folder of a newcomer who has none."""
    address = current_app.config.get("SMTP_URL")
    try:
        if not address:
            _write(envelope)
            return Outcome("sent")
        with Connection(address) as connection:
            connection.send(envelope)
        return Outcome("sent")
    except Unreachable as fault:
        return Outcome("queued", f"{UNREACHED}{fault}", unreached=True)
    except smtplib.SMTPRecipientsRefused as fault:
        return _refused(*next(iter(fault.recipients.values())))
    except smtplib.SMTPResponseException as fault:
        return _refused(fault.smtp_code, fault.smtp_error)
    except (smtplib.SMTPNotSupportedError, UnicodeError) as fault:
        return Outcome("failed", f"{type(fault).__name__}: {fault}")
    except (smtplib.SMTPException, OSError) as fault:
        return Outcome("queued", f"{type(fault).__name__}: {fault}")
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with this one, the others go out
        log.exception("letter not sent", fault=type(fault).__name__)
        return Outcome("queued", type(fault).__name__)


def _refused(code: int, words: bytes | str) -> Outcome:
    """5xx is for good, anything else is worth another try (RFC 5321 §4.2.1)."""
    return Outcome("failed" if 500 <= code < 600 else "queued", _said(code, words))


def _said(code: int, words: bytes | str) -> str:
    """The server's own words, on one line."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"


def _write(envelope: "Envelope") -> None:
    """A file per letter under `mail/` in the instance folder; it appears whole or not at all."""
    folder = Path(current_app.config["INSTANCE"]) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{envelope.letter_id}.{os.getpid()}.{threading.get_ident()}"
    unfinished.write_bytes(envelope.as_bytes())
    unfinished.replace(folder / f"{envelope.letter_id:08d}.eml")


class Envelope(flask_mail.Message):
    """A letter as a message with both parts and its attachments; personal addresses are filled in here."""

    def __init__(self, letter: Letter, addresses: dict[str, str]) -> None:
        name, sender = parseaddr(current_app.config["MAIL_SENDER"])
        local, _at, domain = letter.to_email.rpartition("@")
        to = f"{local}@{domain.encode('idna').decode()}"
        super().__init__(subject=letter.subject, recipients=[to], sender=sender)
        self.letter_id = letter.id
        self.mail_options = [] if to.isascii() else ["SMTPUTF8"]
        self.made = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
        self.made["Subject"] = safe_header(letter.subject)
        self.made["From"] = Address(display_name=safe_header(name or "Blender"), addr_spec=sender)
        self.made["To"] = Address(display_name=safe_header(letter.to_name), addr_spec=to)
        if "@" in letter.reply_to:
            self.made["Reply-To"] = Address(addr_spec=letter.reply_to)
        self.made["Date"] = format_datetime(clock.now())
        self.made["Message-ID"] = letter.message_id
        self.made["Auto-Submitted"] = "auto-generated"
        self.made["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        self._put_in(letter, addresses)
        self.made["Content-Language"] = letter.language
        self._octets = self.made.as_bytes()

    def _put_in(self, letter: Letter, addresses: dict[str, str]) -> None:
        in_html = {mark: str(escape(address)) for mark, address in addresses.items()}
        self.made.set_content(outbox.filled(letter.text, addresses), cte="quoted-printable")
        self.made.add_alternative(outbox.filled(letter.html, in_html), subtype="html", cte="quoted-printable")
        for attachment in letter.attachments:
            kind, *settings = attachment["type"].split(";")
            main, _slash, sub = kind.strip().partition("/")
            self.made.add_attachment(
                base64.b64decode(attachment["data"]),
                maintype=main,
                subtype=sub,
                filename=attachment["name"],
                params=dict(setting.strip().split("=", 1) for setting in settings),
            )

    def as_bytes(self) -> bytes:
        return self._octets


class Connection(flask_mail.Connection):
    """A conversation with the mail server: certificates verified, never longer than the lease allows."""

    host: smtplib.SMTP | None

    def __init__(self, address: str) -> None:
        super().__init__(flask_mail.Mail().init_mail(current_app.config, False, False))  # type: ignore[arg-type]
        self.address = urlsplit(address)
        self._alarm: threading.Timer | None = None

    def __enter__(self) -> "Connection":
        begun = time.monotonic()
        try:
            self.host = self.configure_host()
        except smtplib.SMTPResponseException as fault:
            raise Unreachable(_said(fault.smtp_code, fault.smtp_error)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(f"{type(fault).__name__}: {fault}") from fault
        left = DEADLINE - (time.monotonic() - begun)
        self._alarm = threading.Timer(max(left, 1), self._hang_up)
        self._alarm.daemon = True
        self._alarm.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        """Say goodbye; what the server answers to that changes nothing about the letter."""
        if self.host is not None:
            try:
                self.host.quit()
            except (smtplib.SMTPException, OSError):
                self.host.close()
        if self._alarm is not None:
            self._alarm.cancel()

    def configure_host(self) -> smtplib.SMTP:
        """Connect as BLENDER_SMTP_URL says: smtp, smtp+starttls or smtps, with user and password if it has them."""
        scheme, name = self.address.scheme, self.address.hostname or "localhost"
        port = self.address.port or PORTS[scheme]
        me = parseaddr(current_app.config["MAIL_SENDER"])[1].rpartition("@")[2] or None
        trusted = ssl.create_default_context()
        host: smtplib.SMTP
        if scheme == "smtps":
            host = smtplib.SMTP_SSL(name, port, local_hostname=me, timeout=TIMEOUT, context=trusted)
        else:
            host = smtplib.SMTP(name, port, local_hostname=me, timeout=TIMEOUT)
        try:
            if scheme == "smtp+starttls":
                host.starttls(context=trusted)
            if self.address.username:
                host.login(unquote(self.address.username), unquote(self.address.password or ""))
        except BaseException:
            host.close()
            raise
        return host

    def _hang_up(self) -> None:
        """A server that dribbles never runs into the time-out: end the conversation from here."""
        if self.host is not None and self.host.sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.host.sock, socket.SHUT_RDWR)
