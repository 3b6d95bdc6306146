"""The edition in an address: `<edition:edition>` gives the row of that slug, or the address does not exist."""

from werkzeug.routing import BaseConverter, ValidationError

from blender_event.programme import queries
from blender_event.programme.models import Edition


class EditionConverter(BaseConverter):
    """Reads the slug of an edition. Whether a visitor may see a draft is the guard's to say, not the address's."""

    regex = "[a-z0-9][a-z0-9-]{0,59}"

    def to_python(self, value: str) -> Edition:
        edition = queries.edition_by_slug(value)
        if edition is None:
            raise ValidationError
        return edition

    def to_url(self, value: Edition | str) -> str:
        return value if isinstance(value, str) else value.slug
