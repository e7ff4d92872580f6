"""Briefs from the server: made in the background, kept by Release, audience and language."""

import logging
from dataclasses import astuple, replace
from pathlib import Path

from flask import Flask, Response, abort, request

from dashboard.command.printing import find_browser
from dashboard.export.making import FORMS, make_brief
from dashboard.jobs import Made, Turns, has_listener, with_steps
from dashboard.keeping import Nook
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.steps import Tick, untold
from survey import Fault, has_extra

__all__ = ["BRIEFS", "forms_here", "offer_briefs"]

BRIEFS = {f"/brief.{form}": form for form in FORMS}
"""Path to the form of a brief."""

_LOG = logging.getLogger("crosspressure.dashboard")
_MEMORY = Path("/dev/shm")


def forms_here() -> tuple[str, ...]:
    """Forms this machine can make: a deck needs the extra export, a PDF a browser."""
    can = {"pptx": has_extra("export"), "pdf": find_browser() is not None}
    return tuple(form for form in FORMS if can.get(form, True))


def offer_briefs(server: Flask, shelf: Shelf, nook: Nook, turns: Turns) -> None:
    """Answer the paths of `BRIEFS`; views that differ in nothing a brief keeps share one.

    A page of ours is told the steps and may stop them; a plain link gets the file once it is made.
    """

    def brief() -> Response:
        form = BRIEFS[request.path]
        if form not in forms_here():
            abort(404)
        view = _bearing(shelf, read_address(request.query_string.decode("utf-8", "replace")))

        def work(tick: Tick) -> Made:
            return _made(shelf, view, form, nook, tick)

        if has_listener():
            return with_steps(work, turns, view)
        turns.wait()
        try:
            made = work(untold)
        except Fault as fault:
            _LOG.error("a brief came to nothing", exc_info=fault)
            abort(500)
        finally:
            turns.give_back()
        answer = Response(made.body, mimetype=made.mimetype)
        answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
        return answer

    for path, form in BRIEFS.items():
        server.add_url_rule(path, f"brief_{form}", brief, methods=["GET"])


def _made(shelf: Shelf, view: View, form: str, nook: Nook, tick: Tick) -> Made:
    """A brief as it is kept, or made now."""
    what = f"brief;{form};{astuple(view)}"
    made: Made | None = nook.get(what, view.lang)
    if made is None:
        folder = _MEMORY if _MEMORY.is_dir() else None
        name, body = make_brief(shelf, view, form, folder=folder, is_aside=True, tick=tick)
        made = Made(name, FORMS[form], body)
        nook.put(what, made, len(body), view.lang)
    return made


def _bearing(shelf: Shelf, view: View) -> View:
    """The parts of a View that a brief keeps: language, firms compared that there are, country, scenario."""
    known = set(shelf.firms["firm"].astype(str)) if shelf.has_firms and view.compare else set()
    kept = View(lang=view.lang, seed=view.seed, scenario=view.scenario, stat=view.stat)
    return replace(kept, compare=tuple(firm for firm in view.compare if firm in known))
