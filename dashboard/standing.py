"""What stands for a folder now: its Release, the next one once it is written, or how to get one."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analysis import Release, hold_release
from survey import Fault

__all__ = ["Standing"]

_LOG = logging.getLogger("crosspressure.dashboard")

_MANIFEST = "manifest.json"
_PAUSE = 1.0
"""Seconds between two looks at the folder."""

_LONGEST = 60.0
"""Seconds between two tries of a Release that cannot be shown, at most."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""


class Standing:
    """A WSGI application that follows a folder: a Release put there takes the place of the one before.

    The one before answers until the next is read whole and checked; one that is broken, of another
    version, or not to be shown here never takes its place. A request is answered by one of them from
    beginning to end.

    Parameters
    ----------
    folder : Path
        Folder of a Release, or one that will be.
    make : callable
        What makes an application of a Release.
    empty : WSGI application or None
        What answers while there is none; None where there must be one.
    may_show : callable
        Whether a Release of an audience may be shown here.

    Raises
    ------
    survey.FileFault
        There is a Release, and it is broken or of another version; or none, and there must be one.
    PermissionError
        It may not be shown here.
    """

    def __init__(
        self,
        folder: Path,
        make: Callable[[Release], Application],
        empty: Application | None,
        may_show: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._folder = folder
        self._make = make
        self._may_show = may_show
        self._lock = threading.Lock()
        self._seen = self._signature()
        self._next_look = time.monotonic() + _PAUSE
        self._wait = _PAUSE
        self.release: Release | None = None
        """The Release that stands, or None."""
        if self._seen is None and empty is not None:
            self._now = empty
        else:
            self._put(hold_release(folder))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, and look whether another Release was put in the folder."""
        if time.monotonic() >= self._next_look and self._lock.acquire(blocking=False):
            self._look()
        return self._now(environ, start_response)

    def _signature(self) -> tuple[int, int, int] | None:
        """What tells one manifest from the next; None where there is none."""
        try:
            told = (self._folder / _MANIFEST).stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino

    def _look(self) -> None:
        """Start to read another Release; called with the lock, which the reading gives back."""
        found = self._signature()
        self._next_look = time.monotonic() + _PAUSE
        if found is None or found == self._seen:
            self._lock.release()
            return
        self._seen = found
        threading.Thread(target=self._take_up, name="crosspressure-next", daemon=True).start()

    def _take_up(self) -> None:
        """Read the Release of the folder and let it stand; one that cannot is tried again, more rarely."""
        try:
            release = hold_release(self._folder)
            if self.release is None or release.checksum != self.release.checksum:
                self._put(release)
                _LOG.info("another Release is shown: %s", release.checksum[:16])
            self._wait = _PAUSE
        except Exception as error:
            told = str(error) if isinstance(error, Fault) else type(error).__name__
            _LOG.warning("the Release put in the folder is not shown, the one before is: %s", told)
            self._seen = None
            self._wait = min(2 * self._wait, _LONGEST)
            self._next_look = time.monotonic() + self._wait
        finally:
            self._lock.release()

    def _put(self, release: Release) -> None:
        if not self._may_show(release.audience):
            raise PermissionError(f"a Release for {release.audience} is not shown at this address")
        self._now = self._make(release)
        self.release = release
