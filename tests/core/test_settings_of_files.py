"""Settings of files that cannot work are refused at the start, in one line that says what to set."""

import pytest

from blender_event import config

GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 40,
    "BASE_URL": "https://blender.example.org",
    "MAIL_SENDER": "blender@example.org",
    "SMTP_URL": "smtps://mail.example.org",
}


def settings(tmp_path, **more):
    return config.settings(GOOD | {"INSTANCE": str(tmp_path)} | more)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"STORAGE_URL": "s3://bucket/folder", "STORAGE_OPTIONS": {"endpoint": "https://s3.example.org"}},
        {"STORAGE_URL": "s3://bucket", "STORAGE_OPTIONS": {"endpoint": "http://127.0.0.1:9000"}},
        {"CLAMD": "unix:/run/clamav/clamd.ctl", "ACCEL": "/intern"},
        {"CLAMD": "tcp://127.0.0.1:3310"},
    ],
)
def test_what_can_work_is_taken(tmp_path, more):
    config.require_safe(settings(tmp_path, **more))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"STORAGE_URL": "ftp://example.org"}, "BLENDER_STORAGE_URL"),
        (
            {"STORAGE_URL": "s3://bucket", "STORAGE_OPTIONS": {"endpoint": "http://s3.example.org"}},
            "AWS_ENDPOINT_URL",
        ),
        ({"CLAMD": "127.0.0.1:3310"}, "BLENDER_CLAMD"),
        ({"ACCEL": "intern"}, "BLENDER_ACCEL"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path, more, said):
    with pytest.raises(config.UnsafeSettings, match=said):
        config.require_safe(settings(tmp_path, **more))


def test_the_environment_says_where_files_are_and_who_may_have_them(tmp_path, monkeypatch):
    for name, value in {
        "BLENDER_STORAGE_URL": "s3://bucket/folder",
        "AWS_ENDPOINT_URL": "https://s3.example.org",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)

    found = settings(tmp_path)

    assert found["STORAGE_URL"] == "s3://bucket/folder"
    assert found["STORAGE_OPTIONS"] == {
        "endpoint": "https://s3.example.org",
        "region": "eu-west-1",
        "access_key_id": "key",
        "secret_access_key": "secret",
    }


def test_a_third_of_the_threads_may_hold_an_upload(tmp_path):
    shares = [settings(tmp_path, THREADS=threads)["UPLOADS_AT_ONCE"] for threads in (1, 6, 24, 25)]

    assert shares == [1, 2, 8, 8]
