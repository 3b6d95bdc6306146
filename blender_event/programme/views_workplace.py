"""Looking after the materials of one session: the same pages for its speakers and for organisers, each in their own frame."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blender_event.audit import actions as audit
from blender_event.core import clock, headers, scanning, storage, uploads
from blender_event.core.database import db, let_go
from blender_event.core.errors import Conflict, KeyReused, Repeated, RuleBroken
from blender_event.core.forms import BlenderForm, KeyedForm, carried_number
from blender_event.core.text import Words, _
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.programme import actions_materials, labels_materials, queries, queries_materials, rules_materials
from blender_event.programme.forms_materials import ChangeForm, FileForm, LinkForm, ReplaceForm, digest
from blender_event.programme.models import Edition, Session
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.rules_materials import Limits, Stored
from blender_event.programme.views_materials import attachment_of, picture_of

ENDINGS = {"slides": ".pdf,.pptx,.odp", "handout": ".pdf"}


@dataclass(frozen=True, slots=True)
class Workplace:
    """The pages of one session: their frame (`layout`), and the endpoints behind the buttons (`prefix`)."""

    edition: Edition
    session: Session
    layout: str
    prefix: str

    def href(self, name: str = "", **values: Any) -> str:
        """The address of a page or button: `` is the list, others are named by what they do."""
        endpoint = f"{self.prefix}_{name}" if name else self.prefix
        return url_for(endpoint, edition=self.edition, number=self.session.id, **values)

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        facts |= {"edition": self.edition, "session": self.session, "place": self, "layout": self.layout}
        return headers.personal(make_response(render_template(f"programme/materials/{template}.html", **facts), status))

    def back(self, words: Words = "", kind: str = "good") -> Response:
        """To the list, with what was done."""
        if words:
            flash(words, kind)
        return headers.personal(make_response(redirect(self.href(), 303)))

    def material(self, number: int) -> Material:
        """A material of this session; any other is not there."""
        found = queries_materials.material(self.edition, number)
        return found if found is not None and found.session_id == self.session.id else abort(404)

    def version(self, number: int, nth: int) -> MaterialVersion:
        found = next((one for one in self.material(number).versions if one.number == nth), None)
        return found if found is not None else abort(404)


def limits() -> Limits:
    """What the settings allow."""
    return Limits(current_app.config["UPLOAD_FILES"], current_app.config["UPLOAD_EDITION_BYTES"])


def listed(place: Workplace) -> ResponseReturnValue:
    """Everything of the session with its versions and its state, and what was removed."""
    ending, now = queries_materials.ending(place.edition, place.session), clock.now()
    rows = queries_materials.of_session(place.session)
    files = sum(1 for row in rows if rules_materials.is_file(row))
    return place.page(
        "list",
        rows=[_row(row, ending, place.edition, now) for row in rows],
        removed=queries_materials.of_session(place.session, removed=True),
        left=max(0, limits().files - files),
        is_settled=ending is not None and ending.ends_at == place.session.ends_at,
        kinds=labels_materials.KINDS,
        scanned=labels_materials.SCANNED,
        type_of=labels_materials.kind_of_file,
        size=uploads.size_in_words,
    )


def _row(row: Material, ending: Any, edition: Edition, now: Any) -> dict[str, Any]:
    version = rules_materials.public_version(row) if rules_materials.is_shown(row, ending, edition, now) else None
    return {
        "material": row,
        "is_file": rules_materials.is_file(row),
        "state": labels_materials.state(row, ending, edition, now),
        "is_shown": rules_materials.is_shown(row, ending, edition, now),
        "public_number": version.number if version else None,
        "can_publish": not rules_materials.is_shown(row, ending, edition, now) or rules_materials.waits_for_hand(row),
        "waits": version is not None and rules_materials.waits_for_hand(row),
        "licence": labels_materials.licence(row),
    }


def add(place: Workplace) -> ResponseReturnValue:
    """Give the session a file."""
    form = FileForm(data={"language": place.session.language, "kind": request.args.get("soort", "slides")})
    if form.validate_on_submit():
        try:
            with _put_away(form.file.data, form.kinds()) as stored:
                _once(place, form, f"add material {place.session.id}", stored.sha256)
                actions_materials.add_file(
                    place.session,
                    place.edition,
                    kind=form.kind.data,
                    words=form.words(stored.name.rpartition(".")[0] or stored.name),
                    stored=stored,
                    limits=limits(),
                    by=access.here(),
                    now=clock.now(),
                )
                db.session.commit()
        except RuleBroken as broken:
            form.take(broken)
        except Repeated:
            return _arrived(place, "")
        else:
            return _arrived(place, _("“%(name)s” is here. Look below when it becomes public.", name=stored.name))
    return _upload_page(place, form, "add")


def replace(place: Workplace, number: int) -> ResponseReturnValue:
    """Give a material its next version."""
    material = place.material(number)
    form = ReplaceForm()
    kinds = uploads.DOCUMENTS if material.kind == "handout" else uploads.SLIDES
    if form.validate_on_submit():
        try:
            with _put_away(form.file.data, kinds) as stored:
                _once(place, form, f"replace material {number}", stored.sha256)
                done = actions_materials.replace(
                    material, place.edition, stored=stored, limits=limits(), by=access.here(), now=clock.now()
                )
                if done is None:
                    raise Repeated("")
                words = _replaced(material)
                db.session.commit()
        except RuleBroken as broken:
            form.take(broken)
        except Repeated:
            return _arrived(place, _("That is the file that was here already. Nothing changed."))
        else:
            return _arrived(place, words)
    return _upload_page(place, form, "replace", material=material)


def _replaced(material: Material) -> Words:
    if rules_materials.waits_for_hand(material):
        return _("The new version is here. Publish it when everybody may have it; until then they get the earlier one.")
    return _("The new version is here. The earlier one is kept.")


def _upload_page(place: Workplace, form: KeyedForm, template: str, **facts: Any) -> ResponseReturnValue:
    """The form, or to a script what is wrong with it."""
    if form.was_sent() and uploads.wants_json():
        problems = [str(message) for _field, message in form.problems]
        return headers.personal(make_response(jsonify(problems=problems), form.status))
    most = current_app.config["UPLOAD_BYTES"]
    return place.page(
        template, form.status, form=form, most=uploads.size_in_words(most), most_bytes=most, endings=ENDINGS, **facts
    )


def _arrived(place: Workplace, words: Words) -> ResponseReturnValue:
    """On to the list; a script is told where it is."""
    answer = place.back(words)
    if not uploads.wants_json():
        return answer
    return headers.personal(make_response(jsonify(href=answer.location), 200))


@contextlib.contextmanager
def _put_away(file: FileStorage | None, kinds: Collection[str]) -> Iterator[Stored]:
    """The file of a form, looked at and stored, while no lock is held. A refusal inside the block takes it out again.

    Whatever else goes wrong may have been committed after all: then the sweep finds out whose it is.
    """
    let_go()
    with uploads.received(file, kinds=kinds, most_bytes=current_app.config["UPLOAD_BYTES"]) as upload:
        scanned = scanning.verdict(upload.path)
        key = storage.new_key("materials")
        storage.save(key, upload.path)
    try:
        yield Stored(key, upload.name, upload.media_type, upload.size, upload.sha256, scanned)
    except (RuleBroken, Repeated, KeyReused, Conflict):
        db.session.rollback()
        storage.remove(key)
        raise


def _once(place: Workplace, form: KeyedForm, purpose: str, sha256: str = "") -> None:
    """Take the lock and use the key: what is sent again is no second one. Raises `Repeated` or `KeyReused`."""
    queries.lock(place.edition)
    audit.once(form.key.data or "", purpose=purpose, digest=digest(form, sha256))


def add_link(place: Workplace) -> ResponseReturnValue:
    """Give the session a link or a recording."""
    form = LinkForm(data={"language": place.session.language})
    if form.validate_on_submit():
        try:
            _once(place, form, f"add link {place.session.id}")
        except Repeated:
            db.session.rollback()
            return place.back()
        words = form.words() | {"url": form.url.data}
        actions_materials.add_link(
            place.session, place.edition, kind=form.kind.data, words=words, by=access.here(), now=clock.now()
        )
        db.session.commit()
        return place.back(_("“%(name)s” is here. Look below when it becomes public.", name=form.title.data))
    return place.page("link", form.status, form=form)


def change(place: Workplace, number: int) -> ResponseReturnValue:
    """Write anew what is said of a material."""
    material = place.material(number)
    form = ChangeForm.of(material)
    conflict = False
    if form.validate_on_submit():
        seen = carried_number(form.seen.data)
        try:
            actions_materials.change(
                material, place.edition, words=form.words(), seen=seen, by=access.here(), now=clock.now()
            )
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = str(material.revision)
        else:
            db.session.commit()
            return place.back(_("The changes are saved."))
    other = _known(material) if conflict else None
    return place.page("change", 409 if conflict else form.status, form=form, material=material, other=other)


def _known(material: Material) -> list[tuple[Words, Words]]:
    """How a material stands now, for who was slower."""
    sees = labels_materials.PUBLISH[material.publish] if material.is_public else _("Not public")
    return [
        (_("Title"), material.title),
        (_("Web address"), material.url),
        (_("Public"), sees),
        (_("Licence"), labels_materials.LICENCES.get(material.licence, material.licence)),
    ]


def press(place: Workplace, number: int, act: Callable[[Material], bool], done: Words, already: Words) -> Response:
    """One button of the list: do it, commit, back to the list."""
    material = place.material(number)
    form: BlenderForm = ButtonForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        changed = act(material)
    except RuleBroken as broken:
        db.session.rollback()
        return place.back(broken.problems[0].message, "warn")
    db.session.commit()
    return place.back(done if changed else already)


def publish(place: Workplace, number: int) -> Response:
    """Show the newest version to everybody, now."""
    here, now = access.here(), clock.now()
    return press(
        place,
        number,
        lambda row: actions_materials.publish(row, place.edition, by=here, now=now),
        _("It is public from now on."),
        _("It was public already."),
    )


def take_back(place: Workplace, number: int) -> Response:
    """Show it to nobody until somebody publishes it."""
    here = access.here()
    return press(
        place,
        number,
        lambda row: actions_materials.take_back(row, place.edition, by=here),
        _("It is not public any more. Publish it when you want to."),
        _("It was not public."),
    )


def move(place: Workplace, number: int) -> Response:
    """One place earlier or later."""
    here, up = access.here(), request.form.get("way") == "up"
    return press(
        place,
        number,
        lambda row: actions_materials.move(row, place.edition, up=up, by=here),
        _("The order is changed."),
        _("The order was like that already."),
    )


def remove(place: Workplace, number: int) -> ResponseReturnValue:
    """Say what is lost, then take it away."""
    if request.method != "POST":
        return place.page("remove", material=place.material(number), form=ButtonForm())
    here, now = access.here(), clock.now()
    return press(
        place,
        number,
        lambda row: actions_materials.remove(row, place.edition, by=here, now=now),
        _("It is removed. For thirty days you can put it back below."),
        _("It was removed already."),
    )


def bring_back(place: Workplace, number: int) -> Response:
    """Undo a removal."""
    here = access.here()
    return press(
        place,
        number,
        lambda row: actions_materials.bring_back(row, place.edition, limits=limits(), by=here),
        _("It is back."),
        _("It was not removed."),
    )


def version(place: Workplace, number: int, nth: int) -> Response:
    """Any version as a file, public or not."""
    return attachment_of(place.version(number, nth), public=False)


def picture(place: Workplace, number: int, nth: int) -> Response:
    """The first page of any version."""
    return headers.personal(picture_of(place.version(number, nth)))
