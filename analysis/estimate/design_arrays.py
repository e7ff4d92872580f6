"""A sampling design compiled once to integer codes, so that every estimator is array algebra."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimate.replicates import Replicates, compile_replicates
from analysis.estimate.residuals import Residuals, compile_residuals
from survey import Design, DesignFault, Weighted, dense_codes

__all__ = ["DesignArrays", "Stage", "compile_design"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of selection; its units (PSUs, then SSUs ...) nest in strata of that stage.

    Attributes
    ----------
    unit : NDArray[np.intp]
        Shape (rows,): code of the unit a row lies in.
    stratum : NDArray[np.intp]
        Shape (units,): code of the stratum a unit lies in.
    taken, population : NDArray[np.float64]
        Shape (strata,): units drawn, units there are (inf where unknown or not wanted).
    carry : NDArray[np.float64]
        Shape (strata,): product of the sampling fractions of all earlier stages, 1 at the first.
    singletons : str
        As in `survey.Design`: `centre` and `certainty` give strata with one unit of several a variance.
    """

    unit: NDArray[np.intp]
    stratum: NDArray[np.intp]
    taken: NDArray[np.float64]
    population: NDArray[np.float64]
    carry: NDArray[np.float64]
    singletons: str = "fault"

    @property
    def is_rows(self) -> bool:
        """Whether every row is a unit of its own, in order."""
        return len(self.stratum) == len(self.unit)

    @property
    def is_complete(self) -> bool:
        """Whether every unit of every stratum that was reached was taken."""
        return not ((self.taken < self.population) & (self.carry > 0)).any()

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Shape (strata,): one unit of several was taken, so that it has no spread of its own."""
        return (self.taken == 1) & (self.population > 1) & (self.carry > 0)

    def factors(self) -> NDArray[np.float64]:
        """Shape (strata,): carry x (1 - f) x n/(n-1), 0 where the stratum was taken completely.

        A stratum with one unit of several: n/(n-1) becomes 1 under `centre`, 0 under `certainty`.
        """
        left = np.where(np.isinf(self.population), 1.0, 1.0 - self.taken / self.population)
        many = self.taken > 1
        lone = 0.0 if self.singletons == "certainty" else 1.0
        spread = np.divide(self.taken, self.taken - 1, out=np.full_like(self.taken, lone), where=many)
        return self.carry * left * spread


@dataclass(frozen=True, slots=True)
class DesignArrays:
    """A compiled design for a wave of n rows.

    Attributes
    ----------
    weight : NDArray[np.float64]
        Shape (rows,); negative only where a linear calibration made it so.
    stages : tuple[Stage, ...]
        At least one.
    replicates : Replicates or None
        Replicate weights with their scales; None for Taylor linearisation.
    population : float
        Firms there are, where rows are the units that were drawn or all were taken; nan where unknown.
    is_simple : bool
        Equal weights, one stratum, no clusters, no replicates, no margins.
    target, selection : str
        As in `survey.Design`, the default target filled in.
    residuals : Residuals or None
        The calibration of the weights, where variances are of residuals.
    """

    weight: NDArray[np.float64]
    stages: tuple[Stage, ...]
    replicates: Replicates | None
    population: float
    is_simple: bool
    target: str
    selection: str
    residuals: Residuals | None = None

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def is_complete(self) -> bool:
        """Whether every unit of every stage was taken: sampling adds no doubt."""
        return self.replicates is None and all(stage.is_complete for stage in self.stages)

    def df(self, masks: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Degrees of freedom of domains: first-stage units met minus strata met.

        Replicate weights of a file: rank of those of the domain minus 1 (R `degf`); replicate weights
        made from the design: the design's, at most R - 1.

        Parameters
        ----------
        masks : NDArray[np.bool_]
            Shape (rows, domains).
        """
        if self.replicates is None:
            return self._units_less_strata(masks)
        if self.replicates.is_made:
            return np.minimum(self._units_less_strata(masks), len(self.replicates.rscales) - 1)
        return np.array([self.replicates.df(masks[:, j]) for j in range(masks.shape[1])], dtype=float)

    def _units_less_strata(self, masks: NDArray[np.bool_]) -> NDArray[np.float64]:
        first = self.stages[0]
        live = masks & (self.weight != 0)[:, None]
        if masks.shape[1] == 1:
            met = first.unit[live[:, 0]]
            if not first.is_rows:
                met = np.flatnonzero(np.bincount(met, minlength=len(first.stratum)))
            return np.array([len(met) - np.count_nonzero(np.bincount(first.stratum[met]))], dtype=float)
        units = live if first.is_rows else _any_of(first.unit, live)
        strata = _any_of(first.stratum, units)
        return (np.count_nonzero(units, axis=0) - np.count_nonzero(strata, axis=0)).astype(float)


def compile_design(
    frame: pd.DataFrame, design: Design, raw: pd.DataFrame | None = None, weighted: Weighted | None = None
) -> DesignArrays:
    """Compile the checked columns of a design.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `survey.design_frame` returns: `weight`, and for each stage s `stratum_s`, `unit_s`
        (nested integer codes) and `population_s`; `replicate_r` for each replicate.
    raw : pandas.DataFrame or None
        Columns as they stand in the file, row by row, so that a fault names its stratum.
    weighted : Weighted or None
        How the weights in `frame` were made, where the wave was weighed.

    Raises
    ------
    DesignFault
        A stratum with one unit that was not taken completely; see also `compile_replicates`.
    """
    target = design.target or ("firms" if design.population else "mechanism")
    weight = frame["weight"].to_numpy(dtype=float)
    stages = _compile_stages(frame, target == "firms", design.singletons)
    is_replicated = bool(design.replicates) or design.create is not None
    replicates = compile_replicates(frame, design) if is_replicated else None
    row = _a_row_of(_dense(frame["stratum_1"]))
    first = frame["population_1"].to_numpy(dtype=float)[row]
    drawn_rows = len(stages) == 1 and stages[0].is_rows
    population = float(first.sum()) if drawn_rows and not np.isnan(first).any() else float("nan")
    if replicates is None and all(stage.is_complete for stage in stages):
        population = float(len(weight))  # every unit of every stage was taken
    equal = len(weight) > 0 and bool(np.allclose(weight, weight[0], rtol=1e-9, atol=0.0))
    residuals = compile_residuals(weighted) if replicates is None else None
    simple = equal and drawn_rows and len(first) == 1 and replicates is None and residuals is None
    if replicates is None and design.singletons == "fault":
        _refuse_singletons(stages, design, raw)
    return DesignArrays(weight, stages, replicates, population, simple, target, design.selection, residuals)


def _compile_stages(frame: pd.DataFrame, keep_fpc: bool, singletons: str) -> tuple[Stage, ...]:
    rows = len(frame)
    fraction = np.ones(rows)
    stages: list[Stage] = []
    while f"unit_{len(stages) + 1}" in frame:
        s = len(stages) + 1
        unit, group = _dense(frame[f"unit_{s}"]), _dense(frame[f"stratum_{s}"])
        row_of_unit = _a_row_of(unit)
        if len(row_of_unit) == rows:  # each row is a unit of its own: number units as the rows stand
            unit = row_of_unit = np.arange(rows)
        stratum = group if unit is row_of_unit else group[row_of_unit]
        taken = np.bincount(stratum).astype(float)
        row = _a_row_of(group)
        population = np.full(len(taken), np.inf)
        if keep_fpc:
            said = frame[f"population_{s}"].to_numpy(dtype=float)[row]
            population = np.where(np.isnan(said), np.inf, said)
        stages.append(Stage(unit, stratum, taken, population, fraction[row], singletons))
        fraction = fraction * (taken / population)[group]
    return tuple(stages)


def _any_of(codes: NDArray[np.intp], masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Shape (codes, k): whether any row of a code is in a mask; every code has rows."""
    if not len(codes):
        return masks
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return np.asarray(np.logical_or.reduceat(masks[order], starts, axis=0))


def _a_row_of(codes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Shape (codes,): a row that has the code."""
    row = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.intp)
    row[codes] = np.arange(len(codes))
    return row


def _refuse_singletons(stages: tuple[Stage, ...], design: Design, raw: pd.DataFrame | None) -> None:
    """Fault for the first stratum with one unit where more could have been drawn."""
    for s, stage in enumerate(stages):
        alone = stage.alone
        for at in np.flatnonzero(alone)[:1]:
            row = int(np.flatnonzero(stage.stratum[stage.unit] == at)[0])
            names = [c for j in range(s) for c in (*design.strata[j : j + 1], *design.clusters[j : j + 1])]
            names += design.strata[s : s + 1]
            said = "" if raw is None else ", ".join(f"{name} = {raw[name].iloc[row]}" for name in names)
            others = int(alone.sum()) - 1
            raise DesignFault(
                f"design, stage {s + 1}, stratum {said or 'of the whole sample'}",
                f"one unit only, in row {row + 1}" + (f", and {others} more such strata" if others else ""),
                "at least two units in a stratum, or a stratum taken completely (population 1)",
                "merge it with its nearest stratum, name the population where it was taken completely, or "
                'choose  singletons = "centre"  or  "certainty"  in [design]',
            )


def _dense(codes: "pd.Series[int]") -> NDArray[np.intp]:
    """The same codes without gaps, from 0."""
    numbers = codes.to_numpy()
    if len(numbers) and numbers[0] == 0 and numbers[-1] == len(numbers) - 1 and (np.diff(numbers) == 1).all():
        return numbers.astype(np.intp, copy=False)
    return dense_codes(numbers).astype(np.intp, copy=False)
