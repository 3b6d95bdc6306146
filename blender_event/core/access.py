"""Who may enter: each view carries a policy, every request passes the guard, and no policy means no entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from blender_event.core.wires import Question

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """A named kind of visitor; `people` answers whether the present one is of that kind."""

    name: str


everyone = Policy("everyone")
link_holder = Policy("link holder")  # the view itself proves the token, and answers 404 when it does not
signed_in = Policy("signed in")
organiser = Policy("organiser")  # of the edition in the address; without one, of any edition
chief = Policy("chief")  # organiser of every edition: may make editions and invite organisers for all
needs_reader = Policy("needs reader")  # organiser with the right “behoeften inzien”
desk = Policy("desk")
insider = Policy("insider")  # whoever signs in to do something: any role in any edition, or a speaker
speaker = Policy("speaker")  # of the edition in the address, or of any; the view itself shows only what is theirs
reviewer = Policy("reviewer")  # of the edition in the address; the view itself shows only what is theirs
operator = Policy("operator")  # loopback only, or the metrics token
developer = Policy("developer")  # only where the app runs for development

_open = {everyone, link_holder}
holds: Question[[Policy, Mapping[str, Any]], bool] = Question("does this policy hold for this request?")
shows: Question[[Mapping[str, Any]], bool] = Question("may this visitor know of what this address is about?")
entrance: Question[[], Any | None] = Question("where is a visitor sent who may not be here? None: nowhere")


def open_to(policy: Policy) -> Callable[[View], View]:
    """Mark a view with who may enter it. Not yours and not there look the same: 404."""

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(view: Callable[..., Any] | None) -> Policy | None:
    return getattr(view, "policy", None)


def _guard() -> Any | None:
    """Let nobody into a view that does not say who may enter."""
    if request.endpoint is None:
        return entrance()
    policy = policy_of(current_app.view_functions.get(request.endpoint))
    if policy is None:
        raise LookupError(f"{request.endpoint} does not say who may enter")
    values = request.view_args or {}
    if policy is everyone and not shows(values):
        abort(404)
    if policy not in _open and not holds(policy, values):
        return entrance() or abort(404)
    return None


def init_app(app: Flask) -> None:
    app.before_request(_guard)
