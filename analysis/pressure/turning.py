"""One thing of one firm turned: a Turn, and a day as it has it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.pressure.openday import OpenDay
from analysis.pressure.variants import Variant

__all__ = ["Turn", "turned_day"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One what-if about one firm; None leaves a thing as it is.

    Attributes
    ----------
    flow : str
        Flow that `share` and `substitutability` are about; "" for all flows, of which no share is turned.
    substitutability : float or None
        Share of the flow that could go or come another way, 0 to 1.
    share : float or None
        Share of the firm's own total in the flow's channel, 0 to 1; what it gains or loses is of the
        part nobody named, and all other flows keep theirs.
    dormant : float or None
        Weight of dormant powers, 0 to 1.
    """

    flow: str = ""
    substitutability: float | None = None
    share: float | None = None
    dormant: float | None = None

    @property
    def is_none(self) -> bool:
        """Whether it turns nothing."""
        return self.substitutability is None and self.share is None and self.dormant is None


def turned_day(known: OpenDay, turn: Turn) -> OpenDay:
    """A day of one firm as a Turn has it, under every choice of open thresholds.

    What is turned is known then: its band is drawn no more, nor is the prior of the weight of dormant powers.

    Parameters
    ----------
    known : OpenDay
        Of that firm alone.
    turn : Turn
        Its flow is one of the firm's.
    """
    if turn.is_none:
        return known
    day, priors, dormant = known.day, known.priors, known.dormant
    if turn.dormant is not None:
        priors = {name: prior for name, prior in priors.items() if name != "dormant"}
        dormant = turn.dormant
    variants = day.variants
    if variants is not None:
        variants = variants.through(
            lambda one: Variant(one.contacts, _restaked(one.collisions, turn), one.cuts), variants.firms
        )
    day = replace(
        day,
        flows=_put(day.flows, turn),
        collisions=_restaked(day.collisions, turn),
        bands=None if day.bands is None else _closed(day.bands, turn),
        variants=variants,
    )
    return replace(known, day=day, priors=priors, dormant=dormant)


def _mine(rows: pd.DataFrame, turn: Turn) -> "pd.Series[bool]":
    return rows["flow"] == turn.flow if turn.flow else pd.Series(True, index=rows.index)


def _put(rows: pd.DataFrame, turn: Turn) -> pd.DataFrame:
    """Flows, or collisions, with the share and the substitutability that are turned."""
    told = {"substitutability": turn.substitutability, "share": turn.share}
    mine = _mine(rows, turn)
    put = {name: rows[name].mask(mine, value) for name, value in told.items() if value is not None}
    return rows.assign(**put)


def _restaked(collisions: pd.DataFrame, turn: Turn) -> pd.DataFrame:
    """Collisions with what is turned; what is at stake is worked out again where it may differ."""
    met = _put(collisions, turn)
    moved = _mine(met, turn) & (turn.substitutability is not None or turn.share is not None)
    if turn.dormant is not None:
        is_dormant = met["status"] == "dormant"
        met["weight"] = met["weight"].mask(is_dormant, turn.dormant)
        moved |= is_dormant
    left = (met["weight"] * (1.0 - met["substitutability"])).to_numpy(dtype=np.float64)
    exposed = np.nan_to_num(met["share"].to_numpy(dtype=np.float64) * left)
    harder = met[["us_severity", "cn_severity"]].to_numpy(dtype=np.float64).min(axis=1)
    stake = pd.Series(exposed * harder, index=met.index)
    return met.assign(at_stake=met["at_stake"].mask(moved, stake))


def _closed(bands: pd.DataFrame, turn: Turn) -> pd.DataFrame:
    """Bands without those of what is turned."""
    told = {"substitutability": turn.substitutability, "share": turn.share}
    ends = [f"{name}_{end}" for name, value in told.items() if value is not None for end in ("low", "high")]
    mine = _mine(bands, turn)
    return bands.assign(**{end: bands[end].mask(mine) for end in ends})
