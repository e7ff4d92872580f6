"""A scenario of one's own: its text in the address, held against what an internal Release keeps."""

import base64
import pickle
import zlib
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

import pandas as pd
from flask import Flask, Response, abort, request

from dashboard.aside import Aside
from dashboard.between import Between
from dashboard.jobs import Made, Turns, has_listener, with_steps
from dashboard.own_work import unpack_tables, work_out
from dashboard.places import away
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
    checksum : str
        Of the Release: what tells it apart in `between`.
    between : Between, optional
        Where what was worked out is kept, for other processes too.
    aside : Aside, optional
        Who works it out; this process where there is none.
    """

    def __init__(
        self, shelf: Shelf, checksum: str = "", between: Between | None = None, aside: Aside | None = None
    ) -> None:
        self._shelf = shelf
        self._lock = Lock()
        self._checksum, self._between, self._aside = checksum, between or Between(), aside
        self._last: tuple[tuple[str, bool], Shelf] | None = None

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
        is_looked_at = view.scenario in ("", OWN)
        last = self._last
        if last is not None and last[0] == (view.own, is_looked_at):
            found = last[1]
        else:
            found = self._with(unpack_tables(self._packed(view.own, tick)), is_looked_at=is_looked_at)
            self._last = (view.own, is_looked_at), found
        return found, view if view.scenario else replace(view, scenario=OWN)

    def _packed(self, word: str, tick: Tick) -> bytes:
        """The tables of a scenario, as another worker left them or worked out now."""
        key = f"{self._checksum};{word}"
        held = self._between.get(key)
        if held is not None:
            return held
        text = unpack_text(word)
        with away():
            while not self._lock.acquire(timeout=_PAUSE):
                tick("wait", 0, 0)
            try:
                held = self._between.get(key)
                if held is None:
                    held = self._worked_out(text, tick)
                    self._between.put(key, held)
            finally:
                self._lock.release()
        return held

    def _worked_out(self, text: str, tick: Tick) -> bytes:
        kept = pickle.dumps(self._shelf.tables["kept"])
        if self._aside is None:
            return work_out(kept, text, OWN, tick=tick)
        return bytes(self._aside.make(work_out, kept, text, OWN, tick=tick))

    def _with(self, own: Mapping[str, pd.DataFrame], *, is_looked_at: bool) -> Shelf:
        """The Release with a scenario among its own; effects of others on single firms only where one of
        them is looked at."""
        tables = dict(self._shelf.tables)
        for name, rows in own.items():
            held = tables.get(name)
            if held is not None and "scenario" in held:
                is_other = held["scenario"] != OWN
                if name == "scenario_effects" and is_looked_at:
                    is_other &= held["by"] != "firm"
                held = held[is_other]
            tables[name] = rows if held is None else pd.concat([held, rows], ignore_index=True)
        return replace(self._shelf, tables=tables)
