"""What signing in must know and only those above can say."""

from typing import TYPE_CHECKING

from blender_event.core.wires import Question

if TYPE_CHECKING:
    from blender_event.people.models import Person

speaks: "Question[[Person, int | None], bool]" = Question("does this person speak in this edition (None: in any)?")
