"""Edition 2027 with its organisers: Ada sees needs, Olga does not, Oscar organises another edition."""

import pytest

from tests import factories as make
from tests.visitor import signed_in

LIST = "/beheer/2027/inschrijvingen"


@pytest.fixture
def edition(app):
    return make.an_edition()


@pytest.fixture
def elsewhere(edition):
    return make.an_edition("2031")


@pytest.fixture
def olga(app, edition):
    """An organiser of 2027 without the right to see needs."""
    return signed_in(app, make.an_organiser("Olga", edition))


@pytest.fixture
def oscar(app, elsewhere):
    """An organiser of another edition."""
    return signed_in(app, make.an_organiser("Oscar", elsewhere, sees_needs=True))


@pytest.fixture
def helper(app, edition):
    """Somebody at the desk of 2027."""
    return signed_in(app, make.a_person("Grace", role="desk", edition=edition))
