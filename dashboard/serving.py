"""Puts an application on a port: gunicorn where there is one, waitress on Windows."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.access import PARTS
from dashboard.logs import Lines, Logged, keep_log
from dashboard.nearby import Nearby, is_loopback
from dashboard.sparing import give_back, loaded_lightly, spare_memory, tidy_now_and_then
from survey import Fault

if TYPE_CHECKING:
    from dashboard.signin.settings import Admission

__all__ = ["ServingFault", "holds_none", "is_loopback", "releases_near", "run"]

_MOST_NEAR = 20

_PATIENCE = {
    "channel_timeout": 60,
    "cleanup_interval": 5,
    "max_request_header_size": 16 * 1024,
    "max_request_body_size": 8 * 1024 * 1024,
}
"""What waitress, which has read a request before a thread is given to it, bears of slow and large clients."""


class ServingFault(Fault):
    """An address that this Release must not be served on."""


def run(
    release: Path | str | None,
    host: str = "127.0.0.1",
    port: int = 8050,
    workers: int = 1,
    *,
    admission: "Admission | None" = None,
    log: str = "faults",
    when_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a Release until stopped, and the next one put in its folder; prints nothing.

    Parameters
    ----------
    release : path or None
        Its folder. None, or an empty folder: a page that says how to get a Release.
    workers : int
        Processes; Windows has one, with threads.
    admission : Admission or None
        How people sign in; None where nobody does.
    log : str
        What goes to stderr, as `dashboard.logs.keep_log`.
    when_ready : callable or None
        Called once with the address when the server listens.

    Raises
    ------
    survey.Fault
        The folder is no Release, an internal Release would leave this machine with nobody signing in, or
        accounts cannot be read.
    """
    spare_memory()
    with loaded_lightly():
        server = _standing(None if release is None else Path(release), host, is_signed=admission is not None)
    routes = _routes(release)
    if admission is not None:
        from dashboard.signin.gate import Gate
        from dashboard.signin.store import open_store
        from dashboard.signin.ways import OWN_PATHS

        server = Gate(server, open_store(admission.accounts), admission)
        routes = routes.union(OWN_PATHS, ["/sign-in/"])
    elif not is_loopback(host):
        from dashboard.signin.crowding import Crowded

        server = Crowded(server)
    else:
        server = Nearby(server, partial(_is_open, server))
    lines = keep_log(log)
    server = Logged(server, routes, is_each=log == "json")
    give_back()
    shown = f"[{host}]" if ":" in host else host
    is_https = admission is not None and admission.certificate is not None
    address = f"{'https' if is_https else 'http'}://{shown}:{port}/"
    if sys.platform == "win32":
        _run_waitress(server, host, port, address, when_ready)
    else:
        files = (admission.certificate, admission.key) if admission is not None else (None, None)
        _run_gunicorn(server, f"{shown}:{port}", workers, address, when_ready, files, lines)


def _is_open(standing: Any) -> bool:
    """Whether what stands now is a Release for others than the team."""
    release = getattr(standing, "release", None)
    return release is not None and release.audience != "internal"


def _routes(release: Path | str | None) -> frozenset[str]:
    """Paths that the log tells as they are."""
    if release is None:
        return PARTS
    from dashboard.app import ROUTES

    return ROUTES


def holds_none(folder: Path) -> bool:
    """Whether a folder is there and holds neither a Release nor any other file a person may have meant."""
    if not folder.is_dir() or any(folder.glob("*/manifest.json")):
        return False
    return not any(one.is_file() and not one.name.startswith(".") for one in folder.iterdir())


def releases_near(place: Path = Path("data") / "built") -> list[str]:
    """Folders of Releases as `build` and `demo` leave them, under the current folder."""
    return sorted(one.parent.as_posix() for one in place.glob("*/*/manifest.json"))[:_MOST_NEAR]


def _standing(folder: Path | None, host: str, *, is_signed: bool) -> Any:
    """What answers: the Release of a folder and those that follow it, or the page that says how to get it."""
    from dashboard.app import make_app
    from dashboard.between import Between
    from dashboard.keeping import Kept
    from dashboard.pages.start import start_site
    from dashboard.standing import Standing

    is_here = is_loopback(host)
    empty = start_site(releases_near if is_here else tuple, is_waiting=folder is not None)
    if folder is None:
        return empty
    kept, between = Kept(), Between()
    try:
        return Standing(
            folder,
            lambda found: make_app(found, kept, between).server,
            empty if holds_none(folder) else None,
            lambda audience: is_here or is_signed or audience != "internal",
        )
    except PermissionError:
        raise ServingFault(
            f"--host {host}",
            "an internal Release, which holds rows of firms",
            "people who sign in, or a loopback address (127.0.0.1)",
            "add --accounts FILE (crosspressure account FILE --invite NAME makes it), serve the members or "
            "public Release here, or leave out --host",
        ) from None


def _run_waitress(
    server: Any, host: str, port: int, address: str, when_ready: Callable[[str], None] | None
) -> None:
    from waitress import create_server

    waiting = create_server(server, host=host, port=port, threads=8, ident=None, **_PATIENCE)
    if when_ready:
        when_ready(address)
    waiting.run()


def _run_gunicorn(
    server: Any,
    bind: str,
    workers: int,
    address: str,
    when_ready: Callable[[str], None] | None,
    https: tuple[Path | None, Path | None],
    lines: Lines,
) -> None:
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    from dashboard.patience import THREADS, PatientWorker
    from dashboard.places import Places

    class Log(Logger):
        """Gunicorn's own words, in lines like all others."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(lines)

    settings = {
        "bind": bind,
        "workers": workers,
        "worker_class": PatientWorker,
        "threads": THREADS,
        "preload_app": True,
        "loglevel": "critical",
        "logger_class": Log,
        "accesslog": None,
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
        "timeout": 60,
        "graceful_timeout": 5,
        "certfile": None if https[0] is None else str(https[0]),
        "keyfile": None if https[1] is None else str(https[1]),
        "post_request": tidy_now_and_then(),
        "when_ready": lambda _arbiter: when_ready(address) if when_ready else None,
    }

    class Application(BaseApplication):
        """The settings above and the one application."""

        def load_config(self) -> None:
            for name, value in settings.items():
                if value is not None and name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return Places(server)

    Application().run()
