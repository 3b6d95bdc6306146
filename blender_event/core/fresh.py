"""An empty form, kept: what differs between two visitors is only the token against forgery and the one-time key."""

from collections.abc import Callable

from flask import current_app, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf

from blender_event.core import links
from blender_event.core.caching import Facts, shelf

_TOKEN, _KEY = "\x00token\x00", "\x00key\x00"


def page(facts: Facts, make: Callable[[], tuple[str, str]]) -> str:
    """The page of an untouched form. `make` renders it and also gives the one-time key in it.

    `facts` must hold everything the page shows; address, language and version are added here. A page that must say
    something to this visitor alone is made for them and not kept.
    """
    if get_flashed_messages():
        return make()[0]
    token = generate_csrf()
    key = ("fresh", current_app.config["VERSION"], request.script_root, request.path, facts)
    kept = shelf.find(key)
    if kept is not None:
        return str(kept).replace(_TOKEN, token).replace(_KEY, links.random_token())
    made, one_time = make()
    shelf.keep(key, made.replace(token, _TOKEN).replace(one_time, _KEY), 2 * len(made))
    return made
