"""Briefs from the server: one made at a time, the last few kept, each of the view the address asks for."""

import logging
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

from flask import Flask, Response, abort, request

from dashboard.command.printing import find_browser
from dashboard.export.making import FORMS, make_brief
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from survey import Fault

__all__ = ["BRIEFS", "forms_here", "offer_briefs"]

BRIEFS = {f"/brief.{form}": form for form in FORMS}
"""Path to the form of a brief."""

_LOG = logging.getLogger("crosspressure.dashboard")
_MEMORY = Path("/dev/shm")
_MOST_KEPT = 8


def forms_here() -> tuple[str, ...]:
    """Forms this machine can make: a PDF needs a browser."""
    return tuple(form for form in FORMS if form != "pdf" or find_browser() is not None)


def offer_briefs(server: Flask, shelf: Shelf) -> None:
    """Answer the paths of `BRIEFS`; views that differ in nothing a brief keeps share one."""
    kept: OrderedDict[tuple[View, str], tuple[str, bytes]] = OrderedDict()
    turn = threading.Lock()

    def brief() -> Response:
        form = BRIEFS[request.path]
        if form not in forms_here():
            abort(404)
        key = (_bearing(shelf, read_address(request.query_string.decode("utf-8", "replace"))), form)
        with turn:
            if key not in kept:
                try:
                    kept[key] = make_brief(shelf, key[0], form, folder=_MEMORY if _MEMORY.is_dir() else None)
                except Fault as fault:
                    _LOG.error("a brief was not made: %s", fault.found)
                    abort(503)
            kept.move_to_end(key)
            while len(kept) > _MOST_KEPT:
                kept.popitem(last=False)
            name, made = kept[key]
        answer = Response(made, mimetype=FORMS[form])
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    for path, form in BRIEFS.items():
        server.add_url_rule(path, f"brief_{form}", brief, methods=["GET"])


def _bearing(shelf: Shelf, view: View) -> View:
    """The parts of a View that a brief keeps: language, firms compared that there are, country, scenario."""
    known = set(shelf.firms["firm"].astype(str)) if shelf.has_firms and view.compare else set()
    kept = View(lang=view.lang, seed=view.seed, scenario=view.scenario, stat=view.stat)
    return replace(kept, compare=tuple(firm for firm in view.compare if firm in known))
