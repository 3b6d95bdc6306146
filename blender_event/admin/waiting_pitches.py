"""What waits among the pitches, as rows of the dashboard."""

from datetime import timedelta

from flask import url_for

from blender_event.admin.waiting import Task
from blender_event.core import clock
from blender_event.core.text import _, counted
from blender_event.pitches import queries_interests, queries_waiting
from blender_event.programme.models import Edition

NEW = timedelta(days=7)


def tasks(edition: Edition) -> list[Task]:
    """In the order of the work: what can be told, what can be decided, who has to judge; and sessions whose pitch is gone."""
    now = queries_waiting.waiting(edition)
    rows = [
        Task(
            now.left_behind,
            counted("session has lost its pitch", "sessions have lost their pitch", now.left_behind),
            _("The submitters withdrew it, or it was cancelled. Decide whether the session takes place."),
            url_for("admin.pitches.listing", edition=edition, state="gone"),
            _("Look and decide"),
        ),
        Task(
            now.untold,
            counted("decision about a pitch was not told", "decisions about pitches were not told", now.untold),
            _("The submitters know nothing yet."),
            url_for("admin.pitches.decisions", edition=edition),
            _("Read the mails"),
        ),
        Task(
            now.judged,
            counted("pitch waits for a decision", "pitches wait for a decision", now.judged),
            _("All reviews are in."),
            url_for("admin.pitches.listing", edition=edition, state="undecided", judging="done"),
            _("Decide"),
        ),
        Task(
            now.unasked,
            counted("pitch has no reviewer", "pitches have no reviewer", now.unasked),
            _("Nobody was asked to judge them."),
            url_for("admin.pitches.juries", edition=edition),
            _("Ask the jury"),
        ),
        _thinking_along(edition),
    ]
    return [row for row in rows if row.number > 0]


def _thinking_along(edition: Edition) -> Task:
    """Who left word this week: older ones are in the list, not in the way."""
    number = queries_interests.number_since(edition, clock.now() - NEW)
    return Task(
        number,
        counted("person wants to think along since last week", "people want to think along since last week", number),
        _("Only you see it: bring them together with who sent the pitch in."),
        url_for("admin.pitches.interests", edition=edition),
        _("See who"),
    )
