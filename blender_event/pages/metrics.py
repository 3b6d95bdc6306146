"""Measurements for the operator, in Prometheus' text format: requests, the write lock, letters."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from blender_event.mail import queries as mail_queries

SECONDS = Histogram(
    "blender_request_seconds",
    "Seconds to answer a request, by endpoint and status.",
    ["endpoint", "status"],
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.3, 1, 5, 30),
)


def text() -> bytes:
    """Everything measured by all processes, and how many letters stand in each state now.

    Several processes add up when `PROMETHEUS_MULTIPROC_DIR` names an empty folder they share; else this one tells its own.
    """
    several = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    measured: CollectorRegistry = REGISTRY
    if several:
        measured = CollectorRegistry()
        MultiProcessCollector(measured, several)
    now = CollectorRegistry()
    letters = Gauge("blender_letters", "Letters in the outbox, by state.", ["status"], registry=now)
    for status, number in mail_queries.counts(None).items():
        letters.labels(status).set(number)
    return bytes(generate_latest(measured) + generate_latest(now))


def init_app(app: Flask) -> None:
    """Measure every request that found a page."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def stop(response: Response) -> Response:
        started = g.get("started")
        if started is not None and request.endpoint:
            SECONDS.labels(request.endpoint, str(response.status_code)).observe(time.perf_counter() - started)
        return response


TYPE = CONTENT_TYPE_LATEST
