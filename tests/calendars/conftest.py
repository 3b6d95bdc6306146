"""What the tests of calendars share."""

import pytest

from tests.oracles import icaljs


@pytest.fixture(scope="session")
def with_icaljs():
    with icaljs.reader() as read:
        yield read
