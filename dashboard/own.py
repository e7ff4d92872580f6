"""A scenario of one's own: its text in the address, held against what an internal Release keeps."""

import base64
import zlib
from dataclasses import replace
from threading import Lock

import pandas as pd
from flask import Flask, Response, abort, request

from analysis import Baseline, kept_baseline, own_tables, scenario_of
from dashboard.jobs import Made, Turns, has_listener, with_steps
from dashboard.keeping import Kept, Nook
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf
from dashboard.steps import Tick, untold
from survey import FileFault

__all__ = ["MOST_TEXT", "OWN", "OWN_STEPS", "OwnScenarios", "offer_own", "pack_text", "unpack_text"]

OWN = "own"
"""Id of the scenario of the address, among those of the Release."""

OWN_STEPS = "/scenario.steps"
"""Path that works out the scenario of the address and tells the steps of it."""

_PAUSE = 0.25
"""Seconds between two looks whether another scenario is worked out still."""

MOST_TEXT = 20_000
"""Most characters of a scenario in an address, unpacked."""


def pack_text(text: str) -> str:
    """A text as a word for an address: deflated, in the letters of addresses."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii").rstrip("=")


def unpack_text(word: str) -> str:
    """The text of a word.

    Raises
    ------
    FileFault
        A word that was cut off or changed, or a text that is too long.
    """
    try:
        packed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, 4 * MOST_TEXT).decode("utf-8")
        if not unpacker.eof or len(text) > MOST_TEXT:
            raise ValueError("too long, or cut off")
    except (ValueError, zlib.error) as error:
        raise FileFault(
            "address, own",
            "a scenario that was cut off, or is too long",
            f"a whole address; at most {MOST_TEXT} characters of text",
            "copy the address again, or name the file in the study under [scenarios]",
        ) from error
    return text


def offer_own(server: Flask, own: "OwnScenarios", turns: Turns) -> None:
    """Answer the path `OWN_STEPS`: the scenario of the address is worked out, for the page to show."""

    @server.get(OWN_STEPS)
    def own_steps() -> Response:
        view = read_address(request.query_string.decode("utf-8", "replace"))
        if not (view.own and own.is_offered and has_listener()):
            abort(404)

        def work(tick: Tick) -> Made:
            own.shelf_for(view, tick)
            return Made()

        return with_steps(work, turns, view)


class OwnScenarios:
    """Scenarios of the address over one Release; what was worked out is kept for the next who ask.

    Parameters
    ----------
    shelf : Shelf
    nook : Nook, optional
        Where what was worked out is kept; a place of its own where none is given.
    """

    def __init__(self, shelf: Shelf, nook: Nook | None = None) -> None:
        self._shelf = shelf
        self._lock = Lock()
        self._baseline: Baseline | None = None
        self._nook = nook or Nook(Kept(), "", shelf.audience)

    @property
    def is_internal(self) -> bool:
        """Whether the Release is one for the team, though it may not keep what a scenario needs."""
        return self._shelf.audience == "internal"

    @property
    def is_offered(self) -> bool:
        """Whether the Release keeps what scenarios are held against: only internal ones do."""
        return self.is_internal and "kept" in self._shelf.tables

    def shelf_for(self, view: View, tick: Tick = untold) -> tuple[Shelf, View]:
        """The Release with the scenario of the address among its own, and the View that looks at it.

        `tick` is told of each step of what has to be worked out, and that it waits for another scenario.

        Raises
        ------
        Fault
            A text that is no scenario, or that does not fit the study.
        """
        if not view.own or not self.is_offered:
            return self._shelf, view
        found: Shelf | None = self._nook.get(f"own;{view.own}")
        if found is None:
            text = unpack_text(view.own)
            while not self._lock.acquire(timeout=_PAUSE):
                tick("wait", 0, 0)
            try:
                found = self._nook.get(f"own;{view.own}") or self._kept(view.own, text, tick)
            finally:
                self._lock.release()
        return found, view if view.scenario else replace(view, scenario=OWN)

    def _kept(self, word: str, text: str, tick: Tick) -> Shelf:
        found, size = self._with(text, tick)
        self._nook.put(f"own;{word}", found, size)
        return found

    def _with(self, text: str, tick: Tick) -> tuple[Shelf, int]:
        """The Release with a scenario among its own, and the bytes its tables take."""
        tick("read", 0, 0)
        mine = replace(scenario_of(text, "scenario"), id=OWN)
        if self._baseline is None:
            self._baseline = kept_baseline(self._shelf.tables["kept"], "release")
        found = own_tables(self._baseline, mine, tick=tick)
        tables, size = dict(self._shelf.tables), 0
        for name, rows in found.items():
            held = tables.get(name)
            if held is not None and "scenario" in held:
                held = held[held["scenario"] != OWN]
            tables[name] = rows if held is None else pd.concat([held, rows], ignore_index=True)
            size += int(tables[name].memory_usage(deep=True).sum())
        return replace(self._shelf, tables=tables), size
