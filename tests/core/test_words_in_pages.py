"""Words with names in them are text, on every page."""

import pytest
from flask import render_template_string

from blender_event.core.errors import Problem
from blender_event.core.text import _, counted

pytestmark = pytest.mark.once


def test_a_name_inside_a_message_is_escaped_like_any_other_text(app):
    problem = Problem(_("Hello %(name)s,", name="<b>Sam</b>"))
    with app.test_request_context("/"):
        page = render_template_string("<p>{{ problem.message }}</p>", problem=problem)

    assert page == "<p>Dag &lt;b&gt;Sam&lt;/b&gt;,</p>"


def test_a_message_inside_a_message_is_escaped_once(app):
    with app.test_request_context("/"):
        page = render_template_string(
            '<p>{{ _("Hello %(name)s,", name=inner) }}</p>', inner=_("Hello %(name)s,", name="D'hondt & <i>")
        )

    assert page == "<p>Dag Dag D&#39;hondt &amp; &lt;i&gt;,,</p>"


def test_counted_words_are_escaped_too(app):
    with app.test_request_context("/"):
        page = render_template_string(
            "{{ words }}", words=counted("%(num)s %(what)s", "%(num)s %(what)s", 2, what="<b>")
        )

    assert page == "2 &lt;b&gt;"
