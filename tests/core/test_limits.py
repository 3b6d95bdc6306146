"""Limits count over processes, in a table or in Redis, and never refuse anybody because they cannot count."""

import uuid

import pytest
from limits.storage import storage_from_string

from blender_event.core import limits
from blender_event.core.database import db
from tests import ground

REDIS = "redis://127.0.0.1:6379/15"


def test_the_third_try_of_two_is_refused_and_another_visitor_is_not(app):
    tries = [limits.allowed("sign in", "10.0.0.1", "2 per hour") for _try in range(3)]

    assert tries == [True, True, False]
    assert limits.allowed("sign in", "10.0.0.2", "2 per hour")
    assert limits.allowed("something else", "10.0.0.1", "2 per hour")


def test_after_the_time_is_over_counting_starts_again(app, time_stands_still):
    assert [limits.allowed("x", "a", "1 per minute") for _try in range(2)] == [True, False]

    time_stands_still.shift(61)

    assert limits.allowed("x", "a", "1 per minute")


def test_each_of_several_rates_counts(app, time_stands_still):
    rates = "2 per minute; 3 per day"
    first = [limits.allowed("x", "a", rates) for _try in range(2)]
    time_stands_still.shift(61)
    second = [limits.allowed("x", "a", rates) for _try in range(2)]

    assert first + second == [True, True, True, False]


def test_two_processes_share_one_count(app):
    """The table is the memory: another storage on the same database goes on counting."""
    other = limits.TableStorage(database_url=app.config["DATABASE_URL"])
    assert [
        other.incr("LIMITER/x", 60),
        app.extensions["blender_limits"][1].incr("LIMITER/x", 60),
        other.incr("LIMITER/x", 60),
    ] == [1, 2, 3]
    other.engine.dispose()


def test_lapsed_counters_are_forgotten(app, time_stands_still):
    tables = app.extensions["blender_limits"][1]
    tables.incr("old", 60)
    time_stands_still.shift(61)
    tables.incr("new", 60)
    tables.forget_lapsed()

    assert (tables.get("old"), tables.get("new")) == (0, 1)
    with db.engine.connect() as connection:
        assert connection.execute(limits.counts.select()).scalars().all() == ["new"]


def test_a_key_of_any_length_can_be_counted(app):
    assert [limits.allowed("x", "a" * 2000, "1 per hour") for _try in range(2)] == [True, False]


@pytest.mark.once
def test_redis_counts_when_there_is_one(app):
    storage = storage_from_string(REDIS)
    if not storage.check():
        pytest.skip("no Redis on 127.0.0.1:6379")
    kept = app.extensions["blender_limits"]
    app.extensions["blender_limits"] = (storage, kept[1])
    who = uuid.uuid4().hex
    try:
        assert [limits.allowed("x", who, "1 per minute") for _try in range(2)] == [True, False]
        with db.engine.connect() as connection:
            assert connection.execute(limits.counts.select()).all() == []
    finally:
        app.extensions["blender_limits"] = kept


@pytest.mark.once
def test_without_redis_the_table_goes_on(app):
    gone = storage_from_string("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    kept = app.extensions["blender_limits"]
    app.extensions["blender_limits"] = (gone, kept[1])
    try:
        assert [limits.allowed("x", "a", "1 per hour") for _try in range(2)] == [True, False]
    finally:
        app.extensions["blender_limits"] = kept


@pytest.mark.once
def test_when_nothing_can_count_nobody_is_refused(app, tmp_path):
    broken = limits.TableStorage(database_url=f"sqlite:///{tmp_path / 'no tables.db'}")
    kept = app.extensions["blender_limits"]
    app.extensions["blender_limits"] = (broken,)
    try:
        assert [limits.allowed("x", "a", "1 per hour") for _try in range(3)] == [True, True, True]
    finally:
        app.extensions["blender_limits"] = kept
        broken.engine.dispose()


@pytest.mark.once
def test_form_posts_are_limited_per_address_and_reading_is_not(app, client):
    kept, app.config["LIMITS"] = app.config["LIMITS"], "3 per minute"
    try:
        posts = [client.post("/nowhere").status_code for _try in range(4)]
        reads = [client.get("/nowhere").status_code for _try in range(6)]
        elsewhere = client.post("/nowhere", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code
        forged = client.post("/nowhere", headers={"X-Forwarded-For": "10.0.0.10"}).status_code
    finally:
        app.config["LIMITS"] = kept

    assert posts[-1] == forged == 429
    assert 429 not in [*posts[:3], *reads, elsewhere]


@pytest.mark.once
@pytest.mark.parametrize(("proxies", "counted"), [(0, "10.9.9.9"), (1, "10.0.0.2"), (2, "10.0.0.1")])
def test_the_visitor_address_is_taken_from_as_many_proxies_as_there_are(tmp_path, proxies, counted):
    made = ground.an_app(tmp_path, PROXIES=proxies)
    with made.app_context():
        made.test_client().post(
            "/nowhere",
            base_url=ground.BASE_URL,
            headers={"X-Forwarded-For": "10.0.0.1, 10.0.0.2"},
            environ_base={"REMOTE_ADDR": "10.9.9.9"},
        )
        with db.engine.connect() as connection:
            keys = connection.execute(limits.counts.select()).scalars().all()
    ground.let_go(made)

    assert len(keys) == 1
    assert f"/{counted}/" in keys[0]
