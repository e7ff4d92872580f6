"""Variance from replicate weights: each method's own scale, about a centre that is named."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey import Design, DesignFault, Replication

__all__ = ["METHODS", "Replicates", "compile_replicates", "replicate_variance"]

METHODS = ("brr", "fay", "jk1", "jkn", "bootstrap")
"""Replicate methods a study may name."""


@dataclass(frozen=True, slots=True)
class Replicates:
    """Replicate weights and their scales.

    Attributes
    ----------
    weights : NDArray[np.float64]
        Shape (rows, R), combined with the full-sample weight.
    scale : float
        Overall scale.
    rscales : NDArray[np.float64]
        Shape (R,): one scale a replicate.
    method : str
        One of `METHODS`, or of `survey.MADE_METHODS`.
    centre : str
        `full`: deviations from the full-sample estimate; `mean`: from the mean of the replicates.
    is_made : bool
        Whether they were made from the design, whose degrees of freedom are known.
    ranks : dict[bytes, int]
        Ranks found so far, by domain.
    """

    weights: NDArray[np.float64]
    scale: float
    rscales: NDArray[np.float64]
    method: str
    centre: str = "full"
    is_made: bool = False
    ranks: dict[bytes, int] = field(default_factory=dict, compare=False, repr=False)

    def df(self, mask: NDArray[np.bool_]) -> int:
        """Rank of the replicate weights of the rows in `mask` minus 1 (R `survey::degf`).

        The rank is read from the eigenvalues of the smaller cross product; ranks are remembered,
        since the questions of a table share their masks.
        """
        key = mask.tobytes()
        if key not in self.ranks:
            rows = np.flatnonzero(mask)
            few = _rank(self.weights[rows[: 4 * self.weights.shape[1]]])
            full = few == self.weights.shape[1] or len(rows) <= 4 * self.weights.shape[1]
            self.ranks[key] = few if full else _rank(self.weights[rows])
        return self.ranks[key] - 1


def _rank(weights: NDArray[np.float64]) -> int:
    """Rank by the eigenvalues of the smaller cross product."""
    small = weights.T @ weights if weights.shape[0] >= weights.shape[1] else weights @ weights.T
    values = np.linalg.eigvalsh(small) if small.size else np.zeros(1)
    return int((values > 1e-10 * values[-1]).sum()) if values[-1] > 0 else 0


def compile_replicates(frame: pd.DataFrame, design: Design) -> Replicates:
    """Replicate weights of a design with the scales of its method.

    Scales (Wolter 2007): brr 1/R; fay 1/(R(1-rho)^2); jk1 (R-1)/R; jkn 1 with one rscale a
    replicate, (n_h - 1)/n_h; bootstrap 1/(R-1). `design.scale` and `design.rscales` override them.
    Replicates made from the design bring their own.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `survey.design_frame` returns; columns `replicate_1` to `replicate_R`.

    Raises
    ------
    DesignFault
        Unknown method; rho outside [0, 1); jkn without rscales; a wrong number of rscales;
        fewer than two replicates; no full-sample weight.
    """
    made: Replication | None = frame.attrs.get("replication")
    if made is not None:
        columns = [str(c) for c in frame if str(c).startswith("replicate_")]
        if len(columns) != len(made.rscales):
            raise DesignFault(
                "design.create",
                f"{len(made.rscales)} replicates, but the weights of the wave came with {len(columns)}",
                "weights made with the same design",
                "weigh the wave with this design",
            )
        weights = frame[columns].to_numpy(dtype=float)
        scale = made.scale if design.scale is None else design.scale
        return Replicates(weights, scale, made.rscales, made.method, design.centre, True)
    place = "design, replicates"
    columns = [str(c) for c in frame if str(c).startswith("replicate_")]
    many = len(columns)
    if not design.weight:
        raise DesignFault(
            place, "no full-sample weight beside them", "the column of weights the estimates use",
            "give --weight (study.toml, [design], weight)",
        )  # fmt: skip
    if design.method not in METHODS:
        raise DesignFault(place, f"method {design.method!r}", f"one of {', '.join(METHODS)}", "give --method")
    if not 0 <= design.rho < 1:
        raise DesignFault(place, f"rho {design.rho:g}", "a number from 0 to below 1", "give --rho")
    if design.rscales and len(design.rscales) != many:
        raise DesignFault(
            place, f"{len(design.rscales)} rscales for {many} replicates", "one for each replicate",
            "correct the file of --rscales",
        )  # fmt: skip
    if design.method == "jkn" and not design.rscales:
        raise DesignFault(
            place, "jkn without rscales", "(n_h - 1)/n_h for each replicate", "give --rscales FILE"
        )
    if many < 2:
        raise DesignFault(place, f"{many} replicate column(s)", "at least two", "widen the pattern")
    weights = frame[columns].to_numpy(dtype=float)
    own = {
        "brr": 1 / many,
        "fay": 1 / (many * (1 - design.rho) ** 2),
        "jk1": (many - 1) / many,
        "jkn": 1.0,
        "bootstrap": 1 / (many - 1),
    }[design.method]
    scale = own if design.scale is None else design.scale
    rscales = np.array(design.rscales, dtype=float) if design.rscales else np.ones(many)
    return Replicates(weights, scale, rscales, design.method, design.centre)


def replicate_variance(
    thetas: NDArray[np.float64], full: NDArray[np.float64], replicates: Replicates
) -> NDArray[np.float64]:
    """Variances of k estimates: scale x sum of rscale x (theta_r - centre)^2.

    Replicates in which an estimate does not exist (empty domain) are left out of its sum. The mean of
    the replicates, where that is the centre, is of those with a scale above zero (R `svrVar`).

    Parameters
    ----------
    thetas : NDArray[np.float64]
        Shape (R, k): estimates in each replicate.
    full : NDArray[np.float64]
        Shape (k,): full-sample estimates.

    Returns
    -------
    NDArray[np.float64]
        Shape (k,); nan where no replicate has the estimate.
    """
    gone = ~np.isfinite(thetas)
    thetas = np.where(gone, 0.0, thetas)
    centre = full
    if replicates.centre == "mean":
        told = ~gone & (replicates.rscales > 0)[:, None]
        centre = np.where(told, thetas, 0.0).sum(axis=0) / np.maximum(told.sum(axis=0), 1)
    squares = np.where(gone, 0.0, thetas - centre) ** 2
    variance = replicates.scale * (replicates.rscales @ squares)
    return np.where(gone.all(axis=0), np.nan, variance)
