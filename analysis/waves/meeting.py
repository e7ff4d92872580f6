"""Where two waves meet: the firms of both, and how far the estimates of both move together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimate.domains import Setting, settle
from survey import Design, Wave

__all__ = ["Meeting", "meet"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two waves set side by side.

    Attributes
    ----------
    earlier, later : Setting
        Wave, compiled design and level of each.
    rows : tuple of two NDArray[np.int64], or None
        Rows in the earlier and in the later wave of the firms of both, firm by firm; None where nobody
        knows which firms are the same.
    units : tuple of two NDArray[np.int64]
        Shape (rows,) each: unit of the first stage, one code for the same unit in both waves.
    """

    earlier: Setting
    later: Setting
    rows: tuple[Rows, Rows] | None
    units: tuple[Rows, Rows]

    @property
    def is_known(self) -> bool:
        """Whether it is known which firms are in both waves."""
        return self.rows is not None

    def covariance(self, first: Floats, second: Floats) -> Floats:
        """Covariances of k estimates of the earlier wave with k of the later.

        In stratum h, over the m units of both waves: (1 - n1 n2/(m N)) m/(m - 1) sum of
        (t1 - mean)(t2 - mean), t being totals of weighted scores; for a simple draw that is
        S12 (m/(n1 n2) - 1/N) (Tam 1984; Kish 1965, 12.4).

        Parameters
        ----------
        first, second : NDArray[np.float64]
            Shapes (rows of each wave, k): weighted linearised values.

        Returns
        -------
        NDArray[np.float64]
            Shape (k,); zero where no unit is in both waves, or the overlap is not known.
        """
        k = first.shape[1]
        if self.rows is None:
            return np.zeros(k)
        arrays = self.earlier.arrays, self.later.arrays
        totals, strata = [], []
        many = int(max(units.max(initial=-1) for units in self.units)) + 1
        for scores, design, units in zip((first, second), arrays, self.units, strict=True):
            kept = scores if design.residuals is None else design.residuals.of(scores)
            sums = np.zeros((many, k))
            if design.stages[0].is_rows:
                sums[units] = kept
            else:
                np.add.at(sums, units, kept)
            stratum = np.full(many, -1, dtype=np.int64)
            stratum[units] = design.stages[0].stratum[design.stages[0].unit]
            totals.append(sums)
            strata.append(stratum)
        both = (strata[0] >= 0) & (strata[1] >= 0)
        if not both.any():
            return np.zeros(k)
        stages = arrays[0].stages[0], arrays[1].stages[0]
        pair = strata[0][both] * len(stages[1].taken) + strata[1][both]
        codes, place = np.unique(pair, return_inverse=True)
        m = np.bincount(place).astype(float)
        one, two = codes // len(stages[1].taken), codes % len(stages[1].taken)
        left = 1 - stages[0].taken[one] * stages[1].taken[two] / (
            m * np.maximum(stages[0].population[one], stages[1].population[two])
        )
        factor = np.where(m > 1, left * m / np.maximum(m - 1, 1), 0.0)
        off = []
        for sums in totals:
            met = sums[both]
            mean = np.column_stack([np.bincount(place, met[:, j], len(codes)) for j in range(k)]) / m[:, None]
            off.append(met - mean[place])
        return np.asarray(factor[place] @ (off[0] * off[1]))


def meet(earlier: Wave, later: Wave, design: Design, rows: tuple[Rows, Rows] | None, level: float) -> Meeting:
    """Set two waves side by side under one design.

    Parameters
    ----------
    rows : tuple of two arrays, or None
        What `Panel.pairs` returns; None where the firms cannot be followed.

    Raises
    ------
    QuestionFault, DesignFault
        A level outside (0, 1); a design that does not fit one of the waves.
    """
    first, second = settle(earlier, design, level=level), settle(later, design, level=level)
    return Meeting(first, second, rows, _units(first, second, design, rows))


def _units(
    first: Setting, second: Setting, design: Design, rows: tuple[Rows, Rows] | None
) -> tuple[Rows, Rows]:
    """Codes of first-stage units that mean the same in both waves: by name of the cluster, else by firm."""
    sizes = len(first.wave), len(second.wave)
    if design.clusters:
        names = [c for c in (*design.strata[:1], design.clusters[0])]
        stacked = pd.concat([first.wave.frame[names], second.wave.frame[names]], ignore_index=True)
        codes = stacked.groupby(names, dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
        return codes[: sizes[0]], codes[sizes[0] :]
    one = np.arange(sizes[0], dtype=np.int64)
    two = np.arange(sizes[0], sizes[0] + sizes[1], dtype=np.int64)
    if rows is not None:
        two[rows[1]] = rows[0]
    return one, two
