"""Who is here and what they may: the only door to Flask's session and to Flask-Login."""

import hmac
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from blender_event.core import access, clock
from blender_event.core.access import Policy
from blender_event.people import facts, queries, rules
from blender_event.people.models import Person

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
_FIRST_STEP = "first_step"


class Visitor(UserMixin):
    """A signed-in browser: the person, and the key of this browser alone."""

    def __init__(self, person: Person, key: str) -> None:
        self.person = person
        self.key = key

    def get_id(self) -> str:
        """Both halves must hold: the person's changes to end all browsers, the browser's ends one."""
        return f"{self.person.session_key}.{self.key}"


class Manager(LoginManager):
    """Flask-Login without its “remember me” cookie, which would look into the session on every public page."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def _load(identity: str) -> Visitor | None:
    session_key, _dot, key = identity.partition(".")
    person = queries.signed_in_person(session_key, key, clock.now())
    return Visitor(person, key) if person is not None else None


def init_app(app: Flask) -> None:
    """Start signing in. Our cookies last a day and are sent again only when they change, never on public pages."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = Manager()
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def who() -> Person | None:
    """The person who is signed in here. Looking makes an answer personal: never ask on a public page."""
    return current_user.person if current_user.is_authenticated else None


def here() -> Person:
    """The signed-in person, on a page the guard lets only signed-in people into."""
    return current_user.person  # type: ignore[no-any-return]


def holds(policy: Policy, values: Mapping[str, Any]) -> bool:
    """Whether the present visitor is of this kind, for the edition in the address (the answer to `access.holds`)."""
    if policy == access.developer:
        return bool(current_app.config["ENVIRONMENT"] == "development")
    if policy == access.operator:
        return _is_operator()
    person = who()
    if person is None:
        return False
    edition_id = getattr(values.get("edition"), "id", None)
    answers = {
        access.signed_in: lambda: True,
        access.insider: lambda: bool(person.roles) or facts.speaks(person, None),
        access.speaker: lambda: facts.speaks(person, edition_id),
        access.organiser: lambda: rules.may_organise(person.roles, edition_id),
        access.chief: lambda: rules.is_chief(person.roles),
        access.needs_reader: lambda: rules.may_see_needs(person.roles, edition_id),
        access.desk: lambda: rules.may_help_at_the_desk(person.roles, edition_id),
        access.reviewer: lambda: rules.may_review(person.roles, edition_id),
    }
    return policy in answers and answers[policy]()


def _is_operator() -> bool:
    """Somebody on this very machine who came through no proxy, or who knows the token of the measurements."""
    token = current_app.config.get("METRICS_TOKEN") or ""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(shown.encode(), token.encode()):
        return True
    direct = not any(name in request.headers for name in _FORWARDED)
    return direct and request.remote_addr in ("127.0.0.1", "::1")


def shows(values: Mapping[str, Any]) -> bool:
    """Whether a public page of this edition exists for this visitor (the answer to `access.shows`): drafts do not."""
    edition = values.get("edition")
    return edition is None or getattr(edition, "status", "") != "draft" or holds(access.organiser, values)


def sees_needs(edition: Any) -> bool:
    """Whether the signed-in person may see what people need in this edition."""
    person = who()
    return person is not None and rules.may_see_needs(person.roles, edition.id)


def entrance() -> Any | None:
    """Where somebody goes who may not be here (the answer to `access.entrance`): strangers under /beheer and /spreker may sign in.

    They get the same answer for each address there, so it tells nothing about what exists.
    """
    if (
        request.path.split("/")[1] not in ("beheer", "spreker")
        or request.method not in ("GET", "HEAD")
        or who() is not None
    ):
        return None
    asked = request.full_path.rstrip("?") if request.query_string else request.path
    return redirect(url_for("people.sign_in", next=rules.own_path(request.script_root + asked) or None))


def welcome(person: Person, key: str) -> None:
    """Sign this browser in, with a session that holds nothing of what was there before."""
    session.clear()
    session.permanent = True
    login_user(Visitor(person, key))


def key_here() -> str:
    """The key of this signed-in browser."""
    return current_user.key  # type: ignore[no-any-return]


def farewell() -> None:
    """Forget everything this browser's session held."""
    logout_user()
    session.clear()


def remember_first_step(link_id: int) -> None:
    """The link was right; a code must follow. Kept in a new session."""
    session.clear()
    session[_FIRST_STEP] = link_id


def first_step() -> int | None:
    """The link that was used in this browser while its code is still to come."""
    found = session.get(_FIRST_STEP)
    return found if isinstance(found, int) else None
