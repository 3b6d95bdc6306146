"""The call for pitches and the form to send one in, step by step."""

from flask import Blueprint

bp = Blueprint("pitches", __name__)
