"""What a PPTX or ODP must be inside: a zip without surprises that is read, and counted, to its last byte and kept opaque."""

from pathlib import Path

from blender_event.core.text import Words


def problem(path: Path, kind: str) -> Words | None:
    """What is wrong with this `pptx` or `odp`, in words that say what to do, or None."""
    return None
