"""Every wire on one page: which blueprints there are, who hears which fact, who answers which question."""

from flask import Flask


def connect(app: Flask) -> None:
    """Give the app its blueprints and connect the packages that may not import each other."""
