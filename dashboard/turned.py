"""What a View asks to be different about one firm: its flows, what may be turned, and what comes of it."""

import math
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import FirmRows, FrozenModel, Turn, flows_to_turn, turn_firm
from dashboard.selection import View
from dashboard.shelf import Shelf

__all__ = ["Turned", "turned_for"]

_TABLES = ("flows", "collisions", "pressure")


@dataclass(frozen=True)
class Turned:
    """One firm of an internal Release with what the address turns.

    Attributes
    ----------
    shelf : Shelf
        The Release.
    rows : FirmRows
        Of the firm.
    flows : pandas.DataFrame
        Its flows at stake, the largest first, as `flows_to_turn`.
    turn : Turn
        What is turned; parts of the address that cannot be are left out.
    is_odd : bool
        Whether parts of the address were left out.
    """

    shelf: Shelf
    rows: FirmRows
    flows: pd.DataFrame
    turn: Turn
    is_odd: bool

    @property
    def model(self) -> FrozenModel:
        """The model as the Release keeps it."""
        return self.shelf.frozen

    @cached_property
    def effects(self) -> pd.DataFrame:
        """us, cn, squeeze and p_choose before and after: `FIRM_EFFECT_COLUMNS`."""
        return turn_firm(self.model, self.rows, self.turn, self.shelf.drawn.stands(self.rows.firm))

    def effect(self, stat: str) -> pd.Series:
        """The row of one of them."""
        return self.effects[self.effects["stat"] == stat].iloc[0]

    @cached_property
    def flow(self) -> pd.Series | None:
        """The flow that is turned; None for all of them."""
        mine = self.flows[self.flows["flow"] == self.turn.flow]
        return mine.iloc[0] if len(mine) else None

    @property
    def substitutability(self) -> float:
        """What stands in the Release: that of the flow, or of all flows weighed by their shares."""
        if self.flow is not None:
            return float(self.flow["substitutability"])
        first = self.flows["substitutability"]
        return float(first.iloc[0]) if first.nunique() == 1 else math.nan

    @property
    def has_dormant(self) -> bool:
        """Whether a dormant power stands behind any of its collisions."""
        return bool((self.rows.collisions["status"] == "dormant").any())


def turned_for(shelf: Shelf, view: View) -> Turned | None:
    """What a View asks of its firm; None where the Release keeps no flows of it that are at stake."""
    if not view.firm or not shelf.has_what_if:
        return None
    rows = FirmRows(view.firm, *(shelf.rows_of(name, view.firm) for name in _TABLES))
    if rows.flows.empty or rows.collisions.empty:
        return None
    flows = flows_to_turn(rows)
    if flows.empty:
        return None
    known = flows.set_index("flow")
    flow = view.flow if view.flow in known.index else ""
    room = float(known["room"][flow]) if flow else 0.0
    told = {
        "substitutability": _within(view.substitutability, 1.0),
        "share": _within(view.share, room) if flow else None,
        "dormant": _within(view.dormant, 1.0),
    }
    is_odd = flow != view.flow or any(getattr(view, name) and told[name] is None for name in told)
    return Turned(shelf, rows, flows, Turn(flow, **told), is_odd)


def _within(text: str, most: float) -> float | None:
    """A number of the address from 0 to `most`, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value <= most + 1e-9 else None
