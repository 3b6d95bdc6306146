"""Where files are kept: the same promises of a local folder and of an S3 service."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blender_event.core import storage
from blender_event.core.storage import Missing, Unreachable
from tests import ground
from tests.core.objects import OPTIONS, an_object_store, bucket

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=["local", "s3"])
def house(request, tmp_path_factory):
    with an_object_store(request.param) as more:
        app = ground.an_app(tmp_path_factory.mktemp("house"), **more)
        yield app
        ground.let_go(app)


@pytest.fixture
def stored(house, tmp_path):
    """`stored(data)` gives the key under which the bytes now are."""

    def store(data, key=None):
        source = tmp_path / "source"
        source.write_bytes(data)
        key = key or storage.new_key("slides")
        storage.save(key, source)
        return key

    with house.app_context():
        yield store


def test_a_key_tells_its_area_and_nothing_else():
    keys = {storage.new_key("slides") for _again in range(100)}

    assert len(keys) == 100
    assert all(re.fullmatch(r"slides/([0-9a-f]{2})/\1[0-9a-f]{30}", key) for key in keys)
    for odd in ("", "a/b", "../a", "Slides", "a" * 30):
        with pytest.raises(ValueError):
            storage.new_key(odd)


@pytest.mark.parametrize("size", [0, 1, 300_000, 5 * 1024 * 1024, 5 * 1024 * 1024 + 1, 12_000_000])
def test_what_goes_in_comes_out(stored, tmp_path, size):
    data = os.urandom(size)
    key = stored(data)

    storage.fetch(key, tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == data
    assert storage.size(key) == size
    assert key in set(storage.keys())


def test_parts_come_in_small_pieces(stored):
    data = os.urandom(2_000_000)
    key = stored(data)

    pieces = list(storage.pieces(key, 1000, 1_900_000))

    assert b"".join(pieces) == data[1000:1_900_000]
    assert max(map(len, pieces)) <= 1024 * 1024
    assert b"".join(storage.pieces(key, 1_999_990)) == data[-10:]


def test_a_slow_reader_of_an_object_store_asks_again_and_again(stored, monkeypatch):
    """One answer has to be whole within half a minute; who reads slowly takes longer than that over a file."""
    monkeypatch.setattr(storage, "_RANGE", 1000)
    data = os.urandom(4500)
    key = stored(data)

    pieces = list(storage.pieces(key, 100))

    assert b"".join(pieces) == data[100:]
    if storage.folder() is None:
        assert [len(piece) for piece in pieces] == [1000, 1000, 1000, 1000, 400]


def test_a_file_that_is_not_there_is_missing_and_can_be_removed_all_the_same(stored, tmp_path):
    with pytest.raises(Missing):
        storage.pieces("slides/aa/none")
    with pytest.raises(Missing):
        storage.size("slides/aa/none")
    with pytest.raises(Missing):
        storage.fetch("slides/aa/none", tmp_path / "back")
    storage.remove("slides/aa/none")


def test_a_file_of_another_size_is_missing(stored):
    key = stored(b"hello")

    assert b"".join(storage.pieces(key, whole=5)) == b"hello"
    with pytest.raises(Missing):
        storage.pieces(key, whole=6)


def test_a_removed_file_is_gone(stored):
    key = stored(b"hello")

    storage.remove(key)

    assert key not in set(storage.keys())


def test_what_is_stored_again_replaces_what_was_there(stored, tmp_path):
    key = stored(b"first")
    stored(b"second", key)

    storage.fetch(key, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"second"


@pytest.fixture
def local(tmp_path):
    app = ground.an_app(tmp_path)
    with app.app_context():
        yield app
    ground.let_go(app)


@pytest.mark.slow
def test_a_disk_without_room_is_full_and_keeps_what_was_there(tmp_path, local):
    """With a limit on the size of files in a process of its own, which the kernel tells like a full disk."""
    (tmp_path / "small").write_bytes(b"first")
    storage.save("slides/aa/file", tmp_path / "small")
    words = f"""
import resource, signal, sys
from pathlib import Path
from blender_event.core import storage
from tests import ground
app = ground.create_app(ground.settings({str(tmp_path)!r}, "sqlite://"))
source = Path({str(tmp_path)!r}) / "large"
source.write_bytes(b"a" * 8_000_000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
with app.app_context():
    try:
        storage.save("slides/aa/file", source)
    except storage.Full:
        sys.exit(7)
"""
    ended = subprocess.run([sys.executable, "-c", words], cwd=TOP, check=False).returncode

    assert ended == 7
    assert b"".join(storage.pieces("slides/aa/file")) == b"first"
    assert [*storage.keys()] == ["slides/aa/file"]


def test_what_a_killed_process_left_half_written_is_swept(tmp_path, local):
    folder = storage.folder() / "slides" / "aa"
    folder.mkdir(parents=True)
    for name in ("file#1", "file"):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (1000, 1000))

    storage.forget_half_written(older_than=900)
    assert sorted(os.listdir(folder)) == ["file", "file#1"]
    storage.forget_half_written(older_than=1100)
    assert os.listdir(folder) == ["file"]


def test_another_folder_keeps_what_comes_in_on_its_own_disk(tmp_path):
    app = ground.an_app(tmp_path, STORAGE_URL=f"file://{tmp_path}/else%20where/files")
    with app.app_context():
        (tmp_path / "source").write_bytes(b"hello")
        storage.save("slides/aa/file", tmp_path / "source")
        assert (tmp_path / "else where" / "files" / "slides" / "aa" / "file").read_bytes() == b"hello"
        assert storage.incoming() == tmp_path / "else where" / "incoming"
    ground.let_go(app)


def test_keys_on_s3_stand_below_the_folder_of_the_address(tmp_path):
    with an_object_store("s3") as more:
        app = ground.an_app(tmp_path, **more)
        with app.app_context():
            (tmp_path / "source").write_bytes(b"hello")
            storage.save("slides/aa/file", tmp_path / "source")
            name = more["STORAGE_URL"].split("/")[2]
            found = bucket(more["STORAGE_OPTIONS"]["endpoint"]).list_objects_v2(Bucket=name)["Contents"]
            assert [item["Key"] for item in found] == ["files/slides/aa/file"]
            assert list(storage.keys()) == ["slides/aa/file"]
        ground.let_go(app)


def test_an_s3_service_that_is_away_is_unreachable_soon(tmp_path):
    options = OPTIONS | {"endpoint": "http://127.0.0.1:9"}
    app = ground.an_app(tmp_path, STORAGE_URL="s3://blender/files", STORAGE_OPTIONS=options)
    started = time.perf_counter()
    with app.app_context():
        (tmp_path / "source").write_bytes(b"hello")
        with pytest.raises(Unreachable):
            storage.save("slides/aa/file", tmp_path / "source")
        with pytest.raises(Unreachable):
            storage.pieces("slides/aa/file")
    ground.let_go(app)

    assert time.perf_counter() - started < 30


def test_an_s3_service_elsewhere_is_not_spoken_to_without_encryption(tmp_path):
    options = OPTIONS | {"endpoint": "http://s3.example.org"}
    app = ground.an_app(tmp_path, STORAGE_URL="s3://blender/files", STORAGE_OPTIONS=options)
    with app.app_context(), pytest.raises(Unreachable):
        storage.size("slides/aa/file")
    ground.let_go(app)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["local", "s3"])
def test_storing_50_megabytes_takes_little_memory(tmp_path, kind):
    with (tmp_path / "source").open("wb") as file:
        for _part in range(50):
            file.write(os.urandom(1024 * 1024))
    with an_object_store(kind) as more:
        words = f"""
import sys
from pathlib import Path
from blender_event.core import storage
from tests import ground
app = ground.create_app(ground.settings({str(tmp_path)!r}, "sqlite://", **{more!r}))
def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
with app.app_context():
    Path({str(tmp_path)!r}, "small").write_bytes(b"a" * 6_000_000)
    storage.save("slides/aa/small", Path({str(tmp_path)!r}, "small"))
    open("/proc/self/clear_refs", "w").write("5")  # the highest mark begins anew here
    before = resident()
    storage.save("slides/aa/file", Path({str(tmp_path)!r}, "source"))
    storage.save("slides/aa/more", Path({str(tmp_path)!r}, "source"))
    print(resident() - before)
"""
        ended = subprocess.run([sys.executable, "-c", words], cwd=TOP, capture_output=True, text=True, check=True)

    assert float(ended.stdout) < 20
