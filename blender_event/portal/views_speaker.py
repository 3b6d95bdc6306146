"""What a speaker finds behind their sign-in: what is asked of them, their sessions and their profile."""

from flask import Blueprint

bp = Blueprint("speaker", __name__, url_prefix="/spreker")
