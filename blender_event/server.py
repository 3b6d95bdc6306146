"""The web server: gunicorn with threads, and the worker inside when there is one web process."""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from blender_event import create_app, jobs


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until stopped. With one process its letters are sent from a thread in it, with several by `blender worker`."""
    _Server(settings(host=host, port=port, workers=workers, threads=threads)).run()


def settings(*, host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """What gunicorn is told. The access log is off: paths hold tokens, and the proxy in front counts visits."""
    name = f"[{host}]" if ":" in host else host
    found: dict[str, Any] = {
        "bind": f"{name}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
        "proc_name": "blender",
    }
    if os.path.isdir("/dev/shm"):  # noqa: S108 - gunicorn's heartbeat file must not wait for a disk
        found["worker_tmp_dir"] = "/dev/shm"  # noqa: S108
    if workers == 1:
        found |= {"post_worker_init": start_jobs, "worker_exit": stop_jobs}
    return found


def start_jobs(worker: Any) -> None:
    """In the one web process, once its app is ready."""
    worker.jobs = jobs.Worker(worker.wsgi, embedded=True)
    worker.jobs.start()


def stop_jobs(_server: Any, worker: Any) -> None:
    if getattr(worker, "jobs", None) is not None:
        worker.jobs.stop()


class _Server(BaseApplication):
    """Gunicorn, told everything here instead of on a command line. Each process makes its own app."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.told.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        app: Flask = create_app({"THREADS": self.told["threads"]})
        return app
