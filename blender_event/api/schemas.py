"""What the API answers, as marshmallow schemas: they make the OpenAPI description, the values come from `programme.exchange`."""

from marshmallow import EXCLUDE, Schema, fields, validate

SLUG = "^[a-z0-9-]{1,100}$"


def _one_of(*words: str) -> validate.OneOf:
    return validate.OneOf(words)


def _slug(description: str) -> fields.String:
    return fields.String(validate=validate.Regexp(SLUG), metadata={"description": description})


class VenueSchema(Schema):
    """Where an edition takes place; parts that are not known are empty."""

    name = fields.String(required=True)
    street = fields.String(required=True)
    postcode = fields.String(required=True)
    city = fields.String(required=True)
    country = fields.String(required=True)


class EditionSchema(Schema):
    """An edition: one day (or few) of the event."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    ordinal = fields.Integer(required=True, allow_none=True)
    motto = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(
        required=True, validate=_one_of("announced", "open", "closed", "cancelled", "postponed", "draft")
    )
    is_example = fields.Boolean(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    starts_at = fields.DateTime(required=True, allow_none=True)
    ends_at = fields.DateTime(required=True, allow_none=True)
    zone = fields.String(required=True)
    venue = fields.Nested(VenueSchema, required=True)
    organiser = fields.String(required=True)
    audiences = fields.List(fields.String(), required=True)
    offers_onsite = fields.Boolean(required=True)
    offers_online = fields.Boolean(required=True)
    release = fields.Integer(required=True, allow_none=True)
    url = fields.Url(required=True)


class RoomSchema(Schema):
    """A room as published."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    floor = fields.String(required=True)
    access_note = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    is_online = fields.Boolean(required=True)


class TrackSchema(Schema):
    """A theme as published; `colour` 1–8 names a pair of colour and drawing."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    colour = fields.Integer(required=True)


class FormatSchema(Schema):
    """A format as published."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    is_plenary = fields.Boolean(required=True)
    is_break = fields.Boolean(required=True)


class SpeakerNameSchema(Schema):
    """Who somebody is: enough to refer to them."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    organisation = fields.String(required=True)
    url = fields.Url(required=True)


class SpeakerSchema(SpeakerNameSchema):
    """A speaker as published."""

    role = fields.String(required=True)
    unit = fields.String(required=True)
    biography_html = fields.String(required=True)


class PartSchema(SpeakerNameSchema):
    """Who does what in a session."""

    role = fields.String(required=True, validate=_one_of("speaker", "host", "moderator"))


class MaterialSchema(Schema):
    """Slides, a handout, a link or a recording that everybody may have now. Its `url` never changes."""

    kind = fields.String(required=True, validate=_one_of("slides", "handout", "link", "recording"))
    title = fields.String(required=True)
    language = fields.String(required=True)
    licence = fields.String(required=True)
    accessible = fields.Boolean(required=True, allow_none=True)
    url = fields.Url(required=True)
    media_type = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True)
    pages = fields.Integer(required=True, allow_none=True)


class SessionSchema(Schema):
    """A session as published. Times are local, with their offset; null when they are not known."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    url = fields.Url(required=True)
    title = fields.String(required=True)
    language = fields.String(required=True)
    status = fields.String(required=True, validate=_one_of("planned", "cancelled"))
    sequence = fields.Integer(required=True)
    changed_at = fields.DateTime(required=True)
    starts_at = fields.DateTime(required=True, allow_none=True)
    ends_at = fields.DateTime(required=True, allow_none=True)
    room = fields.Nested(RoomSchema, required=True, allow_none=True)
    track = fields.Nested(TrackSchema, required=True, allow_none=True)
    format = fields.Nested(FormatSchema, required=True, allow_none=True)
    level = fields.String(required=True)
    is_onsite = fields.Boolean(required=True)
    is_online = fields.Boolean(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    abstract = fields.String(required=True)
    description = fields.String(required=True)
    description_html = fields.String(required=True)
    takeaways = fields.List(fields.String(), required=True)
    audience = fields.String(required=True)
    bring = fields.String(required=True)
    accessibility = fields.String(required=True)
    partners = fields.List(fields.String(), required=True)
    people = fields.List(fields.Nested(PartSchema), required=True)
    materials = fields.List(fields.Nested(MaterialSchema), required=True)


class ChoiceSchema(Schema):
    """Which sessions are asked for; parameters that are not known are passed over, a value nobody has gives none."""

    class Meta:
        unknown = EXCLUDE

    day = fields.Date(metadata={"description": "Local date of the start, such as 2027-03-18"})
    track = _slug("Slug of a theme")
    format = _slug("Slug of a format")
    room = _slug("Slug of a room")
    language = fields.String(
        validate=validate.Regexp("^[a-z]{2}$"), metadata={"description": "Two letters, such as nl"}
    )
    attendance = fields.String(validate=_one_of("onsite", "online"), metadata={"description": "How one can take part"})
    status = fields.String(validate=_one_of("planned", "cancelled"))
