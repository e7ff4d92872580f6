"""The model as a Release keeps it: its coefficients, their draws, and what the run was made with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.pressure.across import ACROSS
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.settings import PressureSettings

__all__ = ["FROZEN_COLUMNS", "FrozenModel", "frozen_table", "thaw"]

Floats = NDArray[np.float64]

FROZEN_COLUMNS = ("stat", "draw", "n", "estimate")
"""Columns of `frozen`: `coefficient intercept`, `coefficient squeeze`, ... with draw 0 for the point and 1
onwards for the draws; `setting level`, `lowest squeeze` and the like with draw 0. `n` is firms trained on."""

_SETTINGS = ("level", "seed", "draws", "dormant")


@dataclass(frozen=True, slots=True)
class FrozenModel:
    """What of a run stays as it is in every what-if.

    Attributes
    ----------
    terms : tuple[str, ...]
        Slopes in declared order; none where there is no model.
    coefficients : shape (1 + terms,)
        Corrected intercept first.
    draws : shape (d, 1 + terms)
        Of the same.
    lowest, highest : shape (terms,)
        Range trained on.
    n : int
        Firms trained on.
    level, dormant : float
    seed, many : int
        Seed and number of the draws.
    across : str
        How us and cn are made of their channels: one of `ACROSS`.
    is_pooled : bool
        Whether groups have intercepts of their own, which this does not hold.
    """

    terms: tuple[str, ...]
    coefficients: Floats
    draws: Floats
    lowest: Floats
    highest: Floats
    n: int
    level: float
    dormant: float
    seed: int
    many: int
    across: str
    is_pooled: bool


def frozen_table(model: ChoiceModel | Abstained, settings: PressureSettings) -> pd.DataFrame:
    """Coefficients, draws and settings of a run, as `FROZEN_COLUMNS`; settings alone where it abstains."""
    n = model.trained if isinstance(model, ChoiceModel) else model.firms
    said = {name: float(getattr(settings, name)) for name in _SETTINGS}
    said["across"] = float(ACROSS.index(settings.across))
    parts = [_rows([f"setting {name}" for name in said], 0, np.array(list(said.values())))]
    if isinstance(model, ChoiceModel) and model.terms:
        k = 1 + len(model.terms)
        names = [f"coefficient {name}" for name in ("intercept", *model.terms)]
        parts += [_rows([f"lowest {name}" for name in model.terms], 0, model.lowest)]
        parts += [_rows([f"highest {name}" for name in model.terms], 0, model.highest)]
        parts += [_rows(["groups"], 0, np.array([float(len(model.groups))]))]
        every = np.vstack([model.coefficients[None, :k], model.draws[:, :k]])
        drawn = np.tile(np.arange(len(every)), k)
        parts += [_rows(np.repeat(names, len(every)).tolist(), drawn, every.T.ravel())]
    return pd.concat(parts, ignore_index=True).assign(n=n)[list(FROZEN_COLUMNS)]


def _rows(stats: list[str], draw: object, values: Floats) -> pd.DataFrame:
    return pd.DataFrame({"stat": pd.Series(stats, dtype="str"), "draw": draw, "estimate": values})


def thaw(table: pd.DataFrame) -> FrozenModel:
    """The model a table of `FROZEN_COLUMNS` holds, to the last digit.

    Parameters
    ----------
    table : pandas.DataFrame
        As `frozen_table` makes it.
    """
    points = table[table["draw"] == 0]
    one: Mapping[str, float] = dict(zip(points["stat"], points["estimate"].astype(float), strict=True))
    terms = tuple(stat.removeprefix("lowest ") for stat in one if stat.startswith("lowest "))
    names = [f"coefficient {name}" for name in ("intercept", *terms)] if terms else []
    drawn = table[table["draw"] > 0]
    columns = [drawn.loc[drawn["stat"] == name, "estimate"].to_numpy(dtype=np.float64) for name in names]
    return FrozenModel(
        terms=terms,
        coefficients=np.array([one[name] for name in names]),
        draws=np.stack(columns, axis=1) if columns else np.empty((0, 0)),
        lowest=np.array([one[f"lowest {term}"] for term in terms]),
        highest=np.array([one[f"highest {term}"] for term in terms]),
        n=int(points["n"].iloc[0]),
        level=one["setting level"],
        dormant=one["setting dormant"],
        seed=int(one["setting seed"]),
        many=int(one["setting draws"]),
        across=ACROSS[int(one["setting across"])],
        is_pooled=one.get("groups", 0.0) > 0,
    )
