"""Files of a page under an address that changes with them, so that a browser asks for each once."""

import hashlib
import re
from pathlib import Path

from flask import Flask, Response, request

__all__ = ["CHARTS", "SEEN", "Fingerprints"]

CHARTS = "charts/plotly-cartesian-4.1.1.min.js"
"""What draws charts: the part of plotly.js with the kinds of traces that figures here are made of."""

SEEN = "seen.js"
"""What says whether this reader has put the note for a first visit away, before anything is drawn."""

_ASSETS = "/assets/"
_STAMPED = re.compile(r"(/assets/[\w./-]+)\?m=[\d.]+")
_LONG = "private, max-age=31536000, immutable"


class Fingerprints:
    """What is in each file of a folder, in twelve letters.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        self._of = {
            f"{_ASSETS}{path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()[
                :12
            ]
            for path in files
        }

    def address(self, name: str) -> str:
        """Where a file of the folder is asked for."""
        path = f"{_ASSETS}{name}"
        return f"{path}?v={self._of[path]}"

    def stamp(self, tags: str) -> str:
        """Tags of a page with addresses of files as `address` gives them, not with the day they bear."""
        return _STAMPED.sub(lambda found: self.address(found.group(1).removeprefix(_ASSETS)), tags)

    def keep_long(self, server: Flask) -> None:
        """Let browsers keep what is asked for under its fingerprint; to be registered after other headers."""

        @server.after_request
        def say_how_long(answer: Response) -> Response:
            if answer.status_code == 200 and request.args.get("v") == self._of.get(request.path, ""):
                answer.headers["Cache-Control"] = _LONG
            return answer
