"""Whatever is sent to whatever address, nothing answers 5xx and nothing is half done (QUALITY §2 E)."""

from urllib.parse import quote_from_bytes

import pytest

from blender_event import check
from tests.page import Page
from tests.visitor import Visitor, signed_in
from tests.world import Browsers, World

pytestmark = pytest.mark.slow  # goes through every route: `./dev test --fast` leaves it out

HOSTILE = {
    "nul": "a\x00b",
    "surrogate": "\udcff\ud800",
    "bidi": "\u202etxt\u2066",
    "line breaks": "x\r\nATTENDEE:mailto:e@example.org\r\nBcc: e@example.org\u2028",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("https://evil.example")',
    "placeholder": "{event.__init__.__globals__} {{ config }} %(name)s %s",
    "number": "99999999999999999999999",
    "negative": "-1",
    "sql": "' OR 1=1; DROP TABLE people; --",
    "long": "é" * 300_000,
    "zero width": "\u200b\u200d\u2060",
    "not a number": "١٢",
    "infinite": "NaN",
    "date": "2028-02-30T25:61",
    "path": "../../etc/passwd",
}
QUERIES = [
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "%C0%80",
    "a" * 9000,
    "-1",
    "1e999",
    "NaN",
    "%0d%0aX:%201",
    "%F0%9F%98%80",
    "' OR 1=1--",
    "9" * 30,
    "{{7*7}}",
]


@pytest.fixture
def world(app, calm):
    return World()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_query_breaks_a_page(app, world, calm):
    """Every parameter that a page's own forms and links know, and some that nobody knows."""
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods:
            continue
        client = browsers.of(policy).client
        page = Page(client.get(path), path)
        names = {"q", "page", "sort", "next", "versie", "dag", "zaal", "status"}
        if page.tree is not None:
            names |= {name for form in page.forms if form.method == "GET" for name in form.names}
        for value in QUERIES:  # all parameters at once
            query = "&".join(f"{name}={value}" for name in sorted(names))
            answer = client.get(f"{path}?{query}")
            if answer.status_code >= 500:
                faults.append(f"{path}?…={value[:20]} answered {answer.status_code} {calm[-1:]}")

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "%FF",
        "%ED%A0%80",
        "..%2f..%2fetc",
        "%2e%2e",
        "9" * 40,
        "-1",
        "a" * 3000,
        "%E2%80%AE",
        "x%0d%0ay",
        "';--",
        "%F0%9F%98%80",
    ],
)
def test_no_address_breaks_a_route(app, world, calm, value):
    chief = signed_in(app, world.chief)
    faults = []
    for rule, _path, _policy in world.routes(app):
        for name in rule.arguments:
            parts = [
                value if f"{name}>" in part else "2027" if part.startswith("<edition") else part
                for part in rule.rule.split("/")
            ]
            parts = ["1" if part.startswith("<int") else "x" if part.startswith("<") else part for part in parts]
            answer = chief.client.get("/".join(parts))
            if answer.status_code >= 500:
                faults.append(f"{'/'.join(parts)[:90]} answered {answer.status_code} {calm[-1:]}")

    assert not faults, "\n".join(faults)


def forms_of(app, world):
    """(browser, path, form) for every POST form on every page there is."""
    browsers = Browsers(app, world)
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods or "account" in path:
            continue
        browser = browsers.of(policy)
        answer = browser.client.get(path)
        page = Page(answer, path)
        if answer.status_code == 200 and page.tree is not None:
            yield from (
                (browser, path, form)
                for form in page.forms
                if form.method == "POST" and "/afmelden" not in form.address()
            )


# What the two databases do not agree on by themselves; the rest of the texts is tried on SQLite alone.
DISPUTED = {"nul", "surrogate", "number", "long", "date"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_text_breaks_a_form(app, world, calm, database):
    """Every text field of every form at once; every choice replaced too. The answer is a page and keeps the contract."""
    faults = []
    forms = list(forms_of(app, world))
    for kind in DISPUTED if database == "postgresql" else HOSTILE:
        for browser, path, form in forms:
            answers = form.values()
            for name in form.names - {"csrf_token", "website", "key"}:
                answers[name] = [HOSTILE[kind]]
            body = "&".join(f"{encoded(name)}={encoded(value)}" for name, values in answers.items() for value in values)
            answer = browser.client.post(form.address(), data=body, content_type="application/x-www-form-urlencoded")
            faults += list(faults_of(answer, f"{kind} in {path} → {form.address()}", calm))

    assert not faults, "\n".join(faults)
    assert [fault for fault in check.faults() if not fault.startswith("letter")] == []


def faults_of(answer, where, calm):
    if answer.status_code >= 500:
        yield f"{where}: {answer.status_code} {calm[-1:]}"
    elif answer.mimetype == "text/html" and answer.status_code not in (302, 303):
        try:
            Page(answer, answer.request.path).keeps_the_contract()
        except AssertionError as fault:
            if "left over" not in str(fault) or not where.startswith(
                "placeholder"
            ):  # words are shown as they were typed
                yield f"{where}: {str(fault)[:400]}"


def encoded(text):
    """Percent-encoded as a browser that knows no better would: surrogates as they are."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.mark.once
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nabc'),
        ("multipart/form-data; boundary=y", b"--x\r\n\r\n--x--"),
        ("multipart/form-data", b"abc"),
        ("application/json", b'{"csrf_token": null, "x": "\\ud800"}'),
        ("application/x-www-form-urlencoded", b"csrf_token=%FF&%FF=%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
        ("text/plain", b"\x00\xff"),
        ("", b"\xed\xa0\x80"),
    ],
)
def test_a_body_that_is_cut_or_mixed_up_changes_nothing(app, world, calm, content_type, body):
    chief = signed_in(app, world.chief)
    faults = []
    for rule, path, _policy in world.routes(app):
        if "POST" in rule.methods:
            answer = chief.client.post(path, data=body, content_type=content_type)
            if not 300 <= answer.status_code < 500:
                faults.append(f"{path} answered {answer.status_code} {calm[-1:]}")

    assert not faults, "\n".join(faults)


@pytest.mark.once
def test_a_body_over_the_limit_is_refused_at_once(app, world, calm):
    answer = Visitor(app).client.post("/2027/inschrijven", data={"first_name": "x" * 5_000_000})

    assert answer.status_code == 413


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "Cookie",
        "Accept-Language",
        "If-None-Match",
        "If-Modified-Since",
        "Accept-Encoding",
        "Range",
        "Referer",
        "User-Agent",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
    ],
)
@pytest.mark.parametrize(
    "value",
    ["\x01\x02", "é\xff", "a" * 5000, "__Host-blender=\xff; x=\x01", "bytes=0-,-1,9-2", "99999999999", "evil.example"],
)
def test_no_header_breaks_the_front_page(app, world, name, value):
    client = Visitor(app).client
    statuses = [
        client.get(path, headers=[(name, value)]).status_code for path in ("/2027", "/2027/programma", "/aanmelden")
    ]

    assert [status for status in statuses if status >= 500] == []
