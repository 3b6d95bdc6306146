"""What the tests of `core` share."""

import pytest
from flask_babel import force_locale

from tests.oracles import icaljs


@pytest.fixture(scope="session")
def with_icaljs():
    with icaljs.reader() as read:
        yield read


@pytest.fixture
def in_english(app):
    """Words outside requests are those of the message ids."""
    with force_locale("en"):
        yield
