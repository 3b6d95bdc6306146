"""A real mail server for tests: it keeps what it takes, and misbehaves towards the addresses it was told to."""

import asyncio
import email
import email.policy
import socket
import ssl
from pathlib import Path

from aiosmtpd.controller import Controller

CERTIFICATE = Path(__file__).parent / "certificate.pem"


class Counter:
    """The handler: `at_rcpt` and `at_data` hold answers by address; `hangs` never answers to what it was given."""

    def __init__(self):
        self.taken = []
        self.at_rcpt = {}
        self.at_data = {}
        self.hangs = set()
        self.delays = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if address in self.hangs:
            await asyncio.sleep(30)
        await asyncio.sleep(self.delays.get(address, 0))
        if address in self.at_data:
            return self.at_data[address]
        self.taken.append((address, envelope.content))
        return "250 OK"


class PostOffice:
    """A server on a free port of loopback. `open()` and `close()` as often as needed, on the same port."""

    def __init__(self, **settings):
        self.counter = Counter()
        self.settings = settings
        self.controller = None
        self.port = 0

    def open(self):
        self.controller = Controller(self.counter, hostname="127.0.0.1", port=self.port or free_port(), **self.settings)
        self.port = self.controller.port
        self.controller.start()
        return self

    def close(self):
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def addresses(self):
        return [address for address, _content in self.counter.taken]

    @property
    def messages(self):
        return [
            email.message_from_bytes(content, policy=email.policy.default) for _address, content in self.counter.taken
        ]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def secured():
    """A TLS context for the server, with the certificate of `CERTIFICATE`: for 127.0.0.1, signed by nobody but itself."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context
