"""What organisers type about letters."""

from blender_event.core.forms import BlenderForm, Line, Optional
from blender_event.core.text import _


class BounceForm(BlenderForm):
    """Why an address does not work."""

    reason = Line(_("What did you notice?"), [Optional()], longest=300)
