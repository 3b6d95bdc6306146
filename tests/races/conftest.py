"""Several server processes on a real database, for races over HTTP."""

import pytest

from tests import ground
from tests.flows.processes import Installation
from tests.mail.post_office import free_port


def pytest_collection_modifyitems(items):
    """Three processes and fifty guests take their time on a busy machine."""
    for item in items:
        if "tests/races/" in str(item.path):
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def site(request, tmp_path):
    """Three server processes on a database of their own; without Redis, as most will run it."""
    postgres = ground.PostgresDatabase() if request.param == "postgresql" else None
    found = Installation(tmp_path, postgres.url if postgres else "", BLENDER_LIMITS="100000 per minute")
    found.run("db", "upgrade")
    found.port = free_port()
    yield found
    found.close()
    if postgres:
        postgres.drop()
