"""A scenario of one's own: its text in the address, held against what an internal Release keeps."""

import base64
import pickle
import zlib
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
from dashboard.straight import straight_table
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
        self._last: tuple[str, Shelf] | None = None

    @property
    def is_internal(self) -> bool:
        """Whether the Release is one for the team, though it may not keep what a scenario needs."""
        return self._shelf.audience == "internal"

    @property
    def is_offered(self) -> bool:
        """Whether the Release keeps what scenarios are held against: only internal ones do."""
        return self.is_internal and "kept" in self._shelf.tables

    @property
    def reasons(self) -> dict[str, str]:
        """Why some rules cannot be computed: what the Release says in English to what it says in Japanese."""
        rules = self._shelf.tables.get("instruments", pd.DataFrame())
        if not {"context_only", "context_only_ja"} <= set(rules.columns):
            return {}
        return dict(zip(rules["context_only"], rules["context_only_ja"], strict=True))

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
        last = self._last
        if last is not None and last[0] == view.own:
            found = last[1]
        else:
            found = self._with(self._packed(view.own, tick))
            self._last = view.own, found
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

    def _with(self, packed: bytes) -> Shelf:
        """The Release with a scenario among its own; its effects on single firms stay packed."""
        tables, more = self._shelf.tables, {}
        for name, given in unpack_tables(packed).items():
            rows = straight_table(given)
            few = rows[rows["by"] != "firm"] if name == "scenario_effects" else rows
            held = tables.get(name)
            if held is not None and "scenario" in held:
                held = held[held["scenario"] != OWN]
            more[name] = few if held is None else pd.concat([held, few], ignore_index=True)

        def on_firms(scenario: str) -> pd.DataFrame:
            if scenario == OWN:
                return unpack_tables(packed, "scenario_effects").get("scenario_effects", pd.DataFrame())
            return self._shelf.effects_of(scenario)

        return replace(self._shelf, tables=tables | more, on_firms=on_firms)
