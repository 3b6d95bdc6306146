"""The app for any WSGI server."""

from blender_event import create_app

app = create_app()
