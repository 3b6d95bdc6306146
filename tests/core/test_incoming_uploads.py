"""Forms with a file: on disk before the app hears of them, a few at once, and every way in which they can go wrong."""

import hashlib
import io
import threading

import pytest
from flask import jsonify, request

from blender_event.core import incoming_files, storage, uploads
from blender_event.core.access import everyone, open_to
from tests import files, ground
from tests.visitor import Visitor

PATH = "/en/proef/uploaden"  # the words of the pages are the message ids then


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An app with one address that takes a file of at most 3 MB, two at once."""
    app = ground.an_app(tmp_path_factory.mktemp("house"), UPLOAD_BYTES=3 * 1024 * 1024, UPLOADS_AT_ONCE=2)

    @app.route("/proef/uploaden", methods=["GET", "POST"])
    @open_to(everyone)
    def take():
        if request.method == "GET":
            return "the form"
        with uploads.received(request.files.get("file"), kinds=uploads.SLIDES, most_bytes=3 * 1024 * 1024) as upload:
            lies_in = upload.path.parent.name
            return jsonify(name=upload.name, sha256=upload.sha256, lies_in=lies_in, words=request.form.get("words", ""))

    with app.app_context():
        yield app
    ground.let_go(app)


@pytest.fixture
def sender(house):
    return Visitor(house)


def send(sender, *, expect=200, data=None, name="dia.pdf", **more):
    fields = {"csrf_token": sender.csrf_token()} | more
    body = b"".join(part(field, value.encode()) for field, value in fields.items())
    body += part("file", files.a_pdf() if data is None else data, name) + b"--x--\r\n"
    answer = raw(sender, body)
    assert answer.status_code == expect, answer.text[:800]
    return answer


def raw(sender, body, *, boundary="x", length=None, **environ):
    """Send these bytes as they are, as a server would hand them on."""
    return sender.client.open(
        PATH,
        method="POST",
        input_stream=io.BytesIO(body),
        content_type=f"multipart/form-data; boundary={boundary}",
        environ_overrides={"CONTENT_LENGTH": str(len(body) if length is None else length)} | environ,
    )


def part(name, content, filename=None):
    named = f'; filename="{filename}"' if filename is not None else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


def on_disk():
    return list(storage.incoming().iterdir())


def test_a_file_lands_on_the_disk_of_the_store_and_is_gone_afterwards(sender):
    data = files.a_pdf()

    answer = send(sender, data=data, words="één")

    assert answer.json == {
        "name": "dia.pdf",
        "sha256": hashlib.sha256(data).hexdigest(),
        "lies_in": "incoming",
        "words": "één",
    }
    assert on_disk() == []


def test_a_file_of_the_allowed_size_is_taken_and_a_larger_one_refused_in_words(sender):
    most = 3 * 1024 * 1024
    fits = files.a_pdf()[:-6].ljust(most - 6) + b"%%EOF\n"

    assert send(sender, data=fits).status_code == 200
    assert "This file is larger than 3 MB." in send(sender, data=fits + b" ", expect=422).text
    assert on_disk() == []


def test_two_gibibytes_are_refused_before_a_byte_is_read(sender):
    class Unread(io.BytesIO):
        def read(self, *_size):
            raise AssertionError("read")

    answer = sender.client.open(
        PATH,
        method="POST",
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
    )

    assert answer.status_code == 413
    assert "A file here may be 3 MB at most." in answer.text
    assert '<a class="button" href="/en/proef/uploaden">Choose a file again</a>' in answer.text
    assert on_disk() == []


def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit_and_leaves_nothing(sender):
    body = part("file", b"%PDF-1.4\n" + b"a" * 6_000_000, "a.pdf") + b"--x--\r\n"
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}

    answer = raw(sender, body, **environ)

    assert answer.status_code == 413
    assert on_disk() == []


def test_a_body_that_does_not_say_its_length_is_taken_when_it_is_small_enough(sender):
    body = part("csrf_token", sender.csrf_token().encode()) + part("file", files.a_pdf(), "a.pdf") + b"--x--\r\n"
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}

    assert raw(sender, body, **environ).json["name"] == "a.pdf"


def whole(sender):
    return part("csrf_token", sender.csrf_token().encode()) + part("file", files.a_pdf(), "a.pdf") + b"--x--\r\n"


@pytest.mark.parametrize(
    ("what", "change", "told"),
    [
        ("cut off", lambda body: body[: len(body) // 2], "whole"),
        ("shorter than it says", lambda body: body[:-40], "whole"),
        ("without its last boundary, of the length it says", lambda body: body.replace(b"--x--", b""), "own"),
        ("with another boundary", lambda body: body.replace(b"--x", b"--y"), "own"),
        ("nothing at all", lambda _body: b"", "own"),
        ("something that is no form", lambda _body: b"hello", "own"),
    ],
)
def test_a_form_that_is_not_whole_is_never_taken_for_an_empty_one(sender, what, change, told):
    body = whole(sender)
    changed = change(body)

    answer = raw(sender, changed, length=len(body) if told == "whole" else len(changed))

    assert answer.status_code == 400
    assert "did not arrive whole" in answer.text
    assert "Nothing was changed." in answer.text
    assert on_disk() == []


def test_a_form_without_a_boundary_is_not_whole(sender):
    answer = sender.client.post(PATH, data=b"hello", content_type="multipart/form-data")

    assert answer.status_code == 400


def test_a_script_reads_what_went_wrong_as_json(sender):
    answer = sender.client.post(
        PATH, data=b"hello", content_type="multipart/form-data; boundary=x", headers={"Accept": "application/json"}
    )

    assert answer.json["problems"][0] == "Your file did not arrive whole"


def test_a_file_without_the_proof_of_our_own_page_is_refused_and_leaves_nothing(sender):
    answer = sender.client.post(
        PATH, data={"file": (io.BytesIO(files.a_pdf()), "a.pdf")}, content_type="multipart/form-data"
    )

    assert answer.status_code == 400
    assert on_disk() == []


def test_broken_text_beside_a_file_is_refused(sender):
    send(sender, words="a\x00b", expect=400)


@pytest.mark.slow
def test_every_hostile_file_is_refused_with_a_page_and_leaves_nothing(sender):
    for what, (name, data) in files.the_hostile().items():
        answer = send(sender, name=name, data=data, expect=422)

        assert answer.content_type == "text/html; charset=utf-8", what
        assert on_disk() == [], what


def test_no_file_is_asked_for(sender):
    assert "Choose a file." in send(sender, name="", expect=422).text


class Halting(io.BytesIO):
    """A body that waits in the middle until it may go on."""

    def __init__(self, body):
        super().__init__(body)
        self.reached, self.go_on = threading.Event(), threading.Event()

    def read(self, size=-1):
        if self.tell() and not self.go_on.is_set():
            self.reached.set()
            assert self.go_on.wait(20)
        return super().read(min(size, 100))


def test_as_many_as_there_are_slots_are_taken_and_the_next_is_asked_to_wait(house, sender):
    body = whole(sender)
    bodies, answers = [Halting(body), Halting(body)], []

    cookie = sender.client.get_cookie("__Host-blender", domain="blender.example.org")

    def send_slowly(slow):
        with house.app_context():
            client = house.test_client()
            client.set_cookie("__Host-blender", cookie.value, domain="blender.example.org", secure=True)
            answer = client.open(
                PATH,
                method="POST",
                input_stream=slow,
                content_type="multipart/form-data; boundary=x",
                environ_overrides={"CONTENT_LENGTH": str(len(body))},
            )
            answers.append(answer.status_code)

    threads = [threading.Thread(target=send_slowly, args=(slow,)) for slow in bodies]
    for thread in threads:
        thread.start()
    for slow in bodies:
        assert slow.reached.wait(20)

    refused = send(sender, expect=503)

    assert refused.headers["Retry-After"] == "30"
    assert "Many people are sending files right now" in refused.text
    assert sender.get("/").status == 200
    for slow in bodies:
        slow.go_on.set()
    for thread in threads:
        thread.join(20)
    assert answers == [200, 200]
    send(sender)  # the slots are free again
    assert on_disk() == []


def test_the_slots_are_free_again_after_every_kind_of_refusal(sender):
    for _again in range(4):
        raw(sender, b"hello")
        send(sender, name="a.svg", data=files.an_svg(), expect=422)
        send(sender, data=b"a" * 5_000_000, expect=413)

    send(sender)


def test_who_hardly_sends_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(incoming_files, "_FIRST_SECONDS", -1)
    body = incoming_files._Body(io.BytesIO(b"a" * 50_000), 50_000, 100_000)
    body.started -= 10  # 16 kB in ten seconds

    with pytest.raises(incoming_files.TooSlow):
        body.read()


def test_who_falls_silent_is_not_waited_for():
    class Silent:
        def read(self, _size):
            raise TimeoutError

    with pytest.raises(incoming_files.TooSlow):
        incoming_files._Body(Silent(), 50, 100).read()


def test_a_full_disk_is_said(sender):
    def full():
        raise OSError(28, "No space left on device")

    seen = {}
    forms = incoming_files.FileForms(
        lambda environ, _start: seen.update(environ) or [], most=100_000, at_once=1, folder=full
    )
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(len(whole(sender))),
        "wsgi.input": io.BytesIO(whole(sender)),
    }

    forms(environ, None)

    assert isinstance(seen[incoming_files.REFUSED], incoming_files.NoRoom)


def test_other_addresses_take_no_large_bodies(sender):
    answer = sender.client.post("/aanmelden", data={"email": "a" * 5_000_000})

    assert answer.status_code == 413
