"""What is shown when something could not be done: plain words, the right status, and nothing typed is lost."""

import traceback
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import BadHost, ClientDisconnected, HTTPException, InternalServerError
from werkzeug.http import HTTP_STATUS_CODES

from blender_event.core import headers, incoming_files, storage, uploads
from blender_event.core.database import SAFE_METHODS, db
from blender_event.core.errors import Conflict, KeyReused, RuleBroken
from blender_event.core.logs import log, masked
from blender_event.core.text import Words, _

RETRY_SECONDS = 10
_FILES: dict[type[HTTPException], tuple[Words, Words]] = {
    incoming_files.TooLarge: (_("This file is too large"), ""),
    incoming_files.NoSlot: (
        _("Many people are sending files right now"),
        _("Nothing was changed. Wait half a minute and send your file once more."),
    ),
    incoming_files.TooSlow: (
        _("Your connection is too slow for this file"),
        _("Nothing was changed. Try again on another network, or make the file smaller."),
    ),
    incoming_files.NoRoom: (
        _("There is no room for this file"),
        _("Nothing was changed. Tell the organisers that the disk is full, and try again later."),
    ),
    incoming_files.Incomplete: (
        _("Your file did not arrive whole"),
        _("The connection broke off. Nothing was changed. Go back in your browser, choose the file again and send it."),
    ),
}


def init_app(app: Flask) -> None:
    """Answer every error of the app; those of the API as JSON."""
    app.log_exception = _note  # type: ignore[method-assign]
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(storage.StorageFault, _away)
    for refusal in _FILES:
        app.register_error_handler(refusal, _no_file)
    app.register_error_handler(CSRFError, _unproven)
    app.register_error_handler(ClientDisconnected, _incomplete)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(DataError, _impossible)
    app.register_error_handler(OverflowError, _impossible)
    app.register_error_handler(IntegrityError, _collided)
    for faster in (Conflict, StaleDataError, ObjectDeletedError):
        app.register_error_handler(faster, _faster)
    app.register_error_handler(KeyReused, _other_content)
    app.register_error_handler(RuleBroken, _rule)


def _note(exc_info: Any) -> None:
    """Log a fault of ours as code and lines only: the address may hold a token, and values may be personal."""
    log.error(
        "request failed",
        method=request.method,
        path=masked(request.path),
        trace="".join(traceback.format_exception(*exc_info)),
    )


def _refused(error: HTTPException) -> ResponseReturnValue:
    """A page with the status of the error, its `Allow` and `Retry-After`."""
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, BadHost):  # no page of ours can be made: its links would have no host to start from
        return Response(str(_("This request is not complete")), 400, mimetype="text/plain")
    if isinstance(error, InternalServerError):
        db.session.rollback()
    response = _page(error.code, problems=(getattr(error, "data", None) or {}).get("messages"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _page(status: int, *, title: Words | None = None, text: Words | None = None, problems: Any = None) -> Response:
    """The page of an error; to a program that asks the API the same as JSON."""
    if request.path.endswith(incoming_files.ENDING) and uploads.wants_json():
        said = [str(words) for words in (title, text) if words] or [HTTP_STATUS_CODES.get(status, "")]
        return headers.personal(make_response(jsonify({"problems": said}), status))
    if not request.path.startswith("/api/"):
        # Without links to this address in the head: whether a refused page exists is nobody's business.
        facts = {"status": status, "title": title, "text": text, "canonical_url": None, "other_language_url": None}
        facts |= {"form_address": _form_of_a_file()}
        return headers.personal(make_response(render_template("errors/error.html", **facts), status))
    told = {"code": status, "status": HTTP_STATUS_CODES.get(status, "")} | ({"errors": problems} if problems else {})
    response = make_response(jsonify(told), status)
    response.headers.update(headers.OPEN_DATA)
    return response


def _form_of_a_file() -> str | None:
    """Where the form stands that a file was sent with: to choose it again is the next step."""
    rule = request.url_rule
    if request.method != "POST" or rule is None or "GET" not in (rule.methods or ()):
        return None
    return request.script_root + request.path if request.path.endswith(incoming_files.ENDING) else None


def _unproven(error: CSRFError) -> ResponseReturnValue:
    """A form without its proof: too old, of another visit, cut off, or sent by another site.

    Who comes from our own page may send it again with everything they typed; a form of another site is only refused.
    """
    if request.method in ("POST", "PUT") and not request.form and not request.is_json:
        return _incomplete(error)
    if not _comes_from_us():
        return _page(400)
    return _again(
        400,
        _("Send your form once more"),
        _(
            "The page was open for a long time, or you signed in or out meanwhile. Nothing is sent yet. Everything you typed is still here."
        ),
    )


def _comes_from_us() -> bool:
    """Whether the browser says that the form stood on a page of ours (Fetch Metadata, or Origin in older ones)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin, ours = urlsplit(request.headers.get("Origin", "")), urlsplit(current_app.config["BASE_URL"])
    return bool(origin.netloc) and (origin.scheme, origin.netloc) == (ours.scheme, ours.netloc)


def _again(status: int, title: Words, text: Words) -> Response:
    """A page that holds what was typed and offers to send it once more. A file has to be chosen again."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    address = request.script_root + request.full_path.rstrip("?")
    has_files = any(file.filename for file in request.files.values())
    page = render_template("errors/again.html", title=title, text=text, kept=kept, address=address, has_files=has_files)
    return headers.personal(make_response(page, status))


def _incomplete(_error: HTTPException) -> ResponseReturnValue:
    """A form that was cut off on its way: an empty form is never taken for “everything cleared”."""
    return _page(
        400,
        title=_("Your form did not arrive whole"),
        text=_("The connection broke off. Nothing was changed. Go back in your browser and send the form again."),
    )


def _no_file(error: HTTPException) -> ResponseReturnValue:
    """A file that could not be taken in: what was there before is untouched."""
    title, text = next(words for kind, words in _FILES.items() if isinstance(error, kind))
    if isinstance(error, incoming_files.TooLarge):
        text = _(
            "A file here may be %(size)s at most. Make the pictures in it smaller, or save it as PDF. Nothing was changed.",
            size=uploads.size_in_words(current_app.config["UPLOAD_BYTES"]),
        )
    log.warning("file not taken", path=masked(request.path), fault=type(error).__name__)
    response = _page(error.code or 400, title=title, text=text)
    for name, value in error.get_headers():
        if name == "Retry-After":
            response.headers[name] = value
    return response


def _away(fault: storage.StorageFault) -> ResponseReturnValue:
    """The place where files are kept does not answer, is full, or has lost one: the rest of the site goes on."""
    db.session.rollback()
    log.error("storage fault", path=masked(request.path), fault=type(fault).__name__)
    if isinstance(fault, storage.Full):
        return _no_file(incoming_files.NoRoom())
    if request.method in SAFE_METHODS:
        title, text = _("This file is not available for the moment"), _("Try again later. The rest of the site works.")
    else:
        title, text = _("Your file could not be stored"), _("Nothing was changed. Wait a minute and send it once more.")
    response = _page(503, title=title, text=text)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _busy(error: Exception) -> ResponseReturnValue:
    """The database is locked, full or away: nothing was stored, and what was typed can be sent again."""
    db.session.rollback()
    log.error("database busy", path=masked(request.path), fault=type(error).__name__)
    if request.method in SAFE_METHODS or not request.form or not _comes_from_us():
        response = _page(503)
    else:
        response = _again(
            503,
            _("It is very busy right now"),
            _("Your form was not stored. Everything you typed is still here. Wait a few seconds and send it again."),
        )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _impossible(error: Exception) -> ResponseReturnValue:
    """A number or a text the database cannot hold: it names nothing that is there."""
    db.session.rollback()
    log.warning("value refused by the database", path=masked(request.path), fault=type(error).__name__)
    return _page(404 if request.method in SAFE_METHODS else 400)


def _collided(error: IntegrityError) -> ResponseReturnValue:
    """Two at once made the same thing, or one removed what the other uses: nothing was stored, and a second try meets the rules."""
    db.session.rollback()
    if not _is_a_race(error):
        raise error
    log.warning("two at once", path=masked(request.path))
    if not request.form or not _comes_from_us():
        return _page(409)
    return _again(
        409,
        _("Somebody was faster"),
        _(
            "Somebody else changed the same thing at this moment. Your form was not stored. Everything you typed is still here. Send it again."
        ),
    )


def _is_a_race(error: IntegrityError) -> bool:
    """Whether a row was there already or is no longer there; any other broken promise to the database is a fault of ours."""
    raised = error.orig
    found = getattr(raised, "sqlstate", None) or getattr(raised, "sqlite_errorname", "")
    return found in (
        "23505",
        "23503",
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
    )


def _faster(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return _page(409)


def _other_content(_error: KeyReused) -> ResponseReturnValue:
    db.session.rollback()
    return _page(
        409,
        title=_("This form was sent before"),
        text=_(
            "It was sent with other answers. The first ones count. Open the form again if you want to send another one."
        ),
    )


def _rule(broken: RuleBroken) -> ResponseReturnValue:
    db.session.rollback()
    return _page(422, text=" ".join(str(problem.message) for problem in broken.problems))
