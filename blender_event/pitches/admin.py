"""Organisers look at pitches: the table, one pitch, and what is decided about it."""

from flask import Blueprint

bp = Blueprint("pitches", __name__, url_prefix="/<edition:edition>/pitches")
