"""Organisers look at pitches: the table, whether the choice is balanced, and files to take along."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core import clock, spreadsheets
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db, writing
from blender_event.core.text import Words, _, clean
from blender_event.people import access
from blender_event.pitches import balance, exports, labels, labels_decisions, queries, queries_judging, queries_organise
from blender_event.pitches.models import Call, Pitch
from blender_event.pitches.queries_organise import Wanted
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

bp = Blueprint("pitches", __name__, url_prefix="/<edition:edition>/pitches")
CHOICES: dict[str, dict[str, Words]] = {
    "state": labels_decisions.VIEWS,
    "kind": labels.KINDS,
    "theme": labels.THEMES,
    "judging": labels_decisions.JUDGING,
}


def pitch_or_404(edition: Edition, number: int) -> Pitch:
    return queries_organise.whole(edition, number) or abort(404)


@bp.get("")
@open_to(organiser)
def listing(edition: Edition) -> ResponseReturnValue:
    """See everything that was sent in, what the jury found, and what still waits. What the table does not know is left aside."""
    calls = queries.calls(edition)
    filters = chosen(calls)
    wanted = wanted_by(filters)
    page = queries_organise.pitches(edition, wanted, min(max(request.args.get("page", 1, int), 1), 1_000_000))
    kept = kept_by(filters, wanted)
    judged = queries_judging.judged(row.id for row in page.rows)
    return render_template(
        "pitches/admin/list.html",
        edition=edition,
        page=page,
        judged=judged,
        abouts=_abouts(page.rows, {kind.slug: kind.name for kind in programme_queries.formats(edition)}),
        gaps={number: str(labels_decisions.gaps(number)) for number in {one.missing for one in judged.values()}},
        said=_said(),
        base=url_for(".listing", edition=edition),
        query=f"?{urlencode(kept)}" if kept else "",
        calls=calls,
        wanted=wanted,
        chosen=filters,
        kept=kept,
        ways=_ways(edition),
        tabs=_tabs(edition, page.counts, filters),
        chips=_chips(edition, calls, filters),
        choices=CHOICES,
        words=labels_decisions,
    )


def _said() -> dict[str, Any]:
    """The words of the rows, looked up once and not for each of them."""
    return {
        "states": {state: str(words) for state, words in labels.STATES.items()},
        "pending": {decision: str(words) for decision, words in labels_decisions.DECIDED.items()},
        "spread": [str(words) for words in labels_decisions.SPREAD],
    }


def _abouts(rows: Sequence[Any], formats: dict[str, str]) -> list[str]:
    """Under each title: what kind of pitch it is, which form it wants, and its themes."""
    kinds = {kind: str(words) for kind, words in labels.KINDS.items()}
    themes = {theme: str(words) for theme, words in labels.THEMES.items()}
    return [
        " · ".join(
            part
            for part in (
                kinds.get(row.kind, row.kind),
                formats.get(row.format_slug, row.format_slug),
                ", ".join(themes.get(theme, theme) for theme in row.themes),
            )
            if part
        )
        for row in rows
    ]


def chosen(calls: Any) -> dict[str, str]:
    """The filters of the address that the table knows."""
    found = {name: request.args.get(name, "") for name in CHOICES if request.args.get(name) in CHOICES[name]}
    if request.args.get("call") in {str(call.id) for call in calls}:
        found["call"] = request.args["call"]
    search = clean(request.args.get("q"), longest=100)
    return {name: value for name, value in found.items() if value} | ({"q": search} if search else {})


def wanted_by(filters: dict[str, str]) -> Wanted:
    """The same filters with the order, as a question."""
    typed = request.args.get("sort", "")
    sort = typed.removeprefix("-")
    known = sort in queries_organise.SORTS
    return Wanted(
        search=filters.get("q", ""),
        **{name: filters.get(name, "") for name in ("state", "kind", "theme", "judging", "call")},
        sort=sort if known else "date",
        descending=typed.startswith("-") if known else True,
    )


def kept_by(filters: dict[str, str], wanted: Wanted) -> dict[str, Any]:
    """The filters and the order as an address keeps them; nothing for the usual order."""
    if (wanted.sort, wanted.descending) == ("date", True):
        return dict(filters)
    return filters | {"sort": f"{'-' if wanted.descending else ''}{wanted.sort}"}


def _ways(edition: Edition) -> list[tuple[Words, str]]:
    """The other pages about pitches."""
    return [
        (_("Calls"), url_for(".calls", edition=edition)),
        (_("Jury"), url_for(".juries", edition=edition)),
        (_("Who thinks along"), url_for(".interests", edition=edition)),
    ]


def _tabs(edition: Edition, counts: dict[str, int], filters: dict[str, str]) -> list[dict[str, Any]]:
    """The views people use most, each an address; the call stays chosen."""
    call = {"call": filters["call"]} if "call" in filters else {}
    found = []
    for state in labels_decisions.VIEWS:
        mine: dict[str, Any] = call | ({"state": state} if state else {})
        found.append(
            {
                "label": labels_decisions.VIEWS[state],
                "count": counts[state],
                "href": url_for(".listing", edition=edition, **mine),
                "current": filters == mine,
            }
        )
    return found


def _chips(edition: Edition, calls: Any, filters: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter in use, as a link that takes it away."""
    titles: dict[str, Words] = {str(call.id): call.title for call in calls}
    words = CHOICES | {"call": titles}
    found = []
    for name, value in filters.items():
        rest: dict[str, Any] = {other: kept for other, kept in filters.items() if other != name}
        label = value if name == "q" else words[name][value]
        found.append({"label": label, "href": url_for(".listing", edition=edition, **rest)})
    return found


@bp.get("/balans")
@open_to(organiser)
def balanced(edition: Edition) -> ResponseReturnValue:
    """See whether what is chosen is as mixed as what was sent in."""
    calls = queries.calls(edition)
    call = chosen(calls).get("call", "")
    tabs = [_call_tab(edition, call, None), *(_call_tab(edition, call, one) for one in calls)]
    return render_template(
        "pitches/admin/balance.html",
        edition=edition,
        tabs=tabs if len(calls) > 1 else [],
        balance=balance.of(queries_organise.balance(edition, call)),
    )


def _call_tab(edition: Edition, current: str, call: Call | None) -> dict[str, Any]:
    number = str(call.id) if call is not None else ""
    return {
        "label": call.title if call is not None else _("All calls"),
        "href": url_for(".balanced", edition=edition, **({"call": number} if number else {})),  # type: ignore[arg-type]
        "current": number == current,
    }


@bp.get("/uitvoer/<form>")
@open_to(organiser)
def export(edition: Edition, form: str) -> ResponseReturnValue:
    """The table as a file, with the same filters. Who took it is written down before anything leaves."""
    if form not in spreadsheets.FORMS:
        abort(404)
    wanted = wanted_by(chosen(queries.calls(edition)))
    by = access.here()
    db.session.rollback()
    with writing():
        audit.note("pitches exported", edition, by=by, new={"form": form})
        db.session.commit()
    rows = exports.table(queries_organise.to_take_along(edition, wanted), edition.zone)
    file = spreadsheets.WRITERS[form](rows, str(_("Pitches")))
    name = f"pitches-{edition.slug}-{clock.today(edition.zone).isoformat()}.{form}"
    response: Response = send_file(
        file, mimetype=spreadsheets.FORMS[form], as_attachment=True, download_name=name, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    return response
