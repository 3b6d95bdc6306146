"""Organisers look after slides and other materials: what is there, what is missing, everything of a room at once."""

from flask import Blueprint

bp = Blueprint("materials", __name__, url_prefix="/<edition:edition>/materiaal")
