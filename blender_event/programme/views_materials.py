"""Slides and other materials as the public gets them: at an address that never changes."""

from flask import Blueprint

bp = Blueprint("materials", __name__)
