"""Every wire on one page: which blueprints there are, who hears which fact, who answers which question."""

from flask import Flask

from blender_event.admin import views_audit as admin_views  # brings the views it is built on
from blender_event.api import views as api_views
from blender_event.api import views_exchange
from blender_event.calendars import views as calendar_views
from blender_event.core import access
from blender_event.core.links import Purpose
from blender_event.mail import mailings, outbox
from blender_event.pages import errors, metrics, postbox
from blender_event.pages import views as page_views
from blender_event.people import access as people_access
from blender_event.people import admin as people_admin
from blender_event.people import admin_account as account_admin
from blender_event.people import facts as people_facts
from blender_event.people import queries as people_queries
from blender_event.people import views as people_views
from blender_event.pitches import actions_accepting, admin_review, admin_works, queries_public, queries_waiting
from blender_event.pitches import admin as pitches_admin
from blender_event.pitches import admin_calls as _admin_calls  # noqa: F401
from blender_event.pitches import admin_decisions as _admin_decisions  # noqa: F401
from blender_event.pitches import admin_interests as _admin_interests  # noqa: F401
from blender_event.pitches import admin_one as _pitch_admin_one  # noqa: F401
from blender_event.pitches import admin_shares as _admin_shares  # noqa: F401 - brings the pages of the jury
from blender_event.pitches import admin_words as _admin_words  # noqa: F401
from blender_event.pitches import models_judging as _models_judging  # noqa: F401
from blender_event.pitches import models_works as _models_works  # noqa: F401
from blender_event.pitches import queries as pitch_queries
from blender_event.pitches import views as pitch_views
from blender_event.pitches import views_authors as _pitch_authors  # noqa: F401
from blender_event.pitches import views_files as _pitch_files  # noqa: F401
from blender_event.pitches import views_mine as _pitch_mine  # noqa: F401
from blender_event.pitches import views_think_along as _views_think_along  # noqa: F401
from blender_event.portal import views_fresh as portal_views  # brings the views it is built on
from blender_event.portal import views_profile as speaker_views  # brings the views it is built on
from blender_event.portal import views_slides as _views_slides  # noqa: F401
from blender_event.programme import admin as programme_admin
from blender_event.programme import (
    admin_editions,
    admin_frame,
    admin_materials,
    admin_release,
    admin_speakers,
    converters,
    queries_speakers,
    views_materials,
)
from blender_event.programme import admin_reminders as _admin_reminders  # noqa: F401
from blender_event.programme import admin_slides as _admin_slides  # noqa: F401
from blender_event.programme import facts as programme_facts
from blender_event.programme import (
    models_materials as _models_materials,  # noqa: F401
)
from blender_event.programme import views_portraits as _views_portraits  # noqa: F401
from blender_event.programme import views_room as _views_room  # noqa: F401
from blender_event.programme import views_versions as programme_views
from blender_event.recaps import admin as recaps_admin
from blender_event.recaps import views as recaps_views
from blender_event.registrations import (
    actions_organise,
    admin_desk,
    admin_exports,
    admin_needs,
    admin_new,
    admin_one,
    admin_places,
)
from blender_event.registrations import notices as registration_notices
from blender_event.registrations import queries as registration_queries
from blender_event.registrations import views as registration_views

PUBLIC = (
    portal_views.bp,
    registration_views.bp,
    pitch_views.bp,
    recaps_views.bp,
    programme_views.bp,
    views_materials.bp,
    speaker_views.bp,
    people_views.bp,
    calendar_views.bp,
    views_exchange.bp,
    page_views.bp,
    postbox.bp,
)
ORGANISE = (
    people_admin.bp,
    account_admin.bp,
    programme_admin.bp,
    admin_release.bp,
    admin_speakers.bp,
    admin_materials.bp,
    admin_frame.bp,
    pitches_admin.bp,
    admin_works.bp,
    admin_review.bp,
    admin_editions.bp,
    recaps_admin.bp,
    admin_desk.bp,
    *{
        module.bp for module in (admin_one, admin_new, admin_needs, admin_places, admin_exports)
    },  # one blueprint, in several files
)
ADDRESSES = {
    Purpose.SIGN_IN: people_queries.sign_in_address,
    Purpose.MANAGE: registration_queries.own_address,
    Purpose.MAILED: registration_queries.own_address,
    Purpose.FRESH: registration_queries.fresh_address,
    Purpose.FEED: registration_queries.feed_address,
    Purpose.SPEAKER_FEED: queries_speakers.feed_address,
    Purpose.PITCH: pitch_queries.own_address,
    Purpose.CO_AUTHOR: pitch_queries.invitation_address,
}

# A blueprint is nested once, whatever the number of apps made from it.
for blueprint in ORGANISE:
    admin_views.bp.register_blueprint(blueprint)


def connect(app: Flask) -> None:
    """Give the app its blueprints and connect the packages that may not import each other."""
    app.url_map.converters["edition"] = converters.EditionConverter
    people_access.init_app(app)
    access.holds.answered_by(people_access.holds)
    access.shows.answered_by(people_access.shows)
    access.entrance.answered_by(people_access.entrance)
    people_facts.speaks.answered_by(queries_speakers.speaks)
    outbox.fill.answered_by(address_in_a_letter)
    programme_facts.seats.answered_by(registration_queries.seats)
    programme_facts.open_calls.answered_by(queries_public.open_now)
    programme_facts.attendees_concerned.answered_by(registration_notices.attendees_concerned)
    programme_facts.released.heard_by(registration_notices.released)
    programme_facts.takes_place_again.heard_by(actions_organise.takes_place_again)
    programme_facts.speaker_confirmed.heard_by(actions_accepting.speaker_confirmed)
    programme_facts.lost.answered_by(queries_waiting.lost)
    programme_facts.edition_changed.heard_by(registration_notices.edition_changed)
    mailings.expands("day_changed", registration_notices.day_changed)
    mailings.expands("programme_changed", registration_notices.programme_changed)
    for blueprint in (*PUBLIC, admin_views.bp):
        app.register_blueprint(blueprint)
    api_views.init_app(app)
    errors.init_app(app)
    metrics.init_app(app)


def address_in_a_letter(purpose: str, row_id: int, language: str) -> str:
    """The personal address a letter gets when it is sent."""
    return ADDRESSES[Purpose(purpose)](row_id, language)
