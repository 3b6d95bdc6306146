"""Reviewers read the pitches that are theirs, and say what they think of them."""

from flask import Blueprint

bp = Blueprint("review", __name__, url_prefix="/<edition:edition>/beoordelen")
