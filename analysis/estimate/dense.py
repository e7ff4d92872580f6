"""A block of a book firm by firm: calibrated weights, shared firms, lone strata, shares of responses."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.columns import ratio_columns
from analysis.estimate.design_arrays import DesignArrays
from analysis.estimate.items import RESPONSES, Item
from analysis.estimate.layout import Layout
from analysis.estimate.replicates import replicate_variance
from analysis.estimate.spread import Compared, Rivals, slopes
from analysis.estimate.taylor import taylor_variance

__all__ = ["compare_firms", "needs_firms", "tally_firms", "with_replacement"]

Array = NDArray[np.float64]


def needs_firms(layout: Layout) -> bool:
    """Whether sums by unit do not tell the variances of this layout."""
    arrays = layout.arrays
    if layout.overlaps or arrays.replicates is not None:
        return layout.overlaps
    return arrays.residuals is not None or any(stage.alone.any() for stage in arrays.stages)


def tally_firms(item: Item, layout: Layout) -> dict[str, Array]:
    """What `Tally` and its variances hold, from scores of firms.

    Returns
    -------
    dict of str to array
        x, value, variance, squares, second of shape (c, k); n, base, base2, df of shape (c,).
        `squares` sums squared scores, `second` sums w y^2.
    """
    inside = _inside(item, layout.member)
    w = layout.arrays.weight
    found: dict[str, list[Array]] = {name: [] for name in ("value", "variance", "squares", "x", "second")}
    for option in range(len(item.codes)):
        top, bottom = _parts(item, option)
        columns = ratio_columns(inside * top[:, None], inside * bottom[:, None], layout.arrays)
        found["value"].append(columns.value)
        found["variance"].append(columns.variance)
        found["squares"].append((columns.scores**2).sum(axis=0))
        found["x"].append(((top != 0) @ inside) if item.values is None else np.full(len(layout), np.nan))
        found["second"].append((w * top**2) @ inside)
    made = {name: np.column_stack(values) for name, values in found.items()}
    made["n"], made["base2"] = inside.sum(axis=0), w**2 @ inside
    made["base"] = (w * _parts(item, 0)[1]) @ inside
    made["df"] = layout.arrays.df(inside > 0)
    return made


def compare_firms(item: Item, layout: Layout, rivals: Rivals) -> Compared:
    """Variances of all differences between columns, from scores of firms; see `compare_sums`.

    Replicates: those of the study, with whatever fpc they carry; degrees of freedom those of all firms.
    """
    arrays = with_replacement(layout.arrays)
    rest = (
        ((layout.member @ layout.rest) & ~layout.member) if layout.overlaps else layout.member @ layout.rest
    )
    inside = _inside(item, np.concatenate([layout.member, rest], axis=1))
    w = arrays.weight
    one, other = rivals.one, rivals.other
    base, k = w @ inside, len(item.codes)
    value, spread = np.empty((inside.shape[1], k)), np.empty((inside.shape[1], k))
    difference, odds = np.empty((len(one), k)), np.empty((len(one), k))
    for option in range(k):
        top, bottom = _parts(item, option)
        columns = ratio_columns(inside * top[:, None], inside * bottom[:, None], _taylor(arrays))
        value[:, option] = columns.value
        with np.errstate(divide="ignore", invalid="ignore"):
            spread[:, option] = (w * top**2) @ inside / base - columns.value**2
        steep = slopes(columns.value)
        if arrays.replicates is None:
            z = columns.scores
            difference[:, option] = taylor_variance(z[:, one] - z[:, other], arrays)
            odds[:, option] = taylor_variance(z[:, one] * steep[one] - z[:, other] * steep[other], arrays)
            continue
        many = arrays.replicates.weights.T
        with np.errstate(divide="ignore", invalid="ignore"):
            thetas = (many @ (inside * top[:, None])) / (many @ (inside * bottom[:, None]))
        full = columns.value
        difference[:, option] = replicate_variance(
            thetas[:, one] - thetas[:, other], full[one] - full[other], arrays.replicates
        )
        odds[:, option] = replicate_variance(
            thetas[:, one] * steep[one] - thetas[:, other] * steep[other],
            full[one] * steep[one] - full[other] * steep[other],
            arrays.replicates,
        )
    shared = np.array(
        [(inside[:, a] * inside[:, b]).any() for a, b in zip(one, other, strict=True)], dtype=bool
    )
    n = inside.sum(axis=0)
    df = _df(arrays, inside, one, other)
    tiny = 1e-12 * (
        spread[one] / np.maximum(n[one], 1)[:, None] + spread[other] / np.maximum(n[other], 1)[:, None]
    )
    difference = np.where(difference <= tiny, 0.0, difference)
    return Compared(value, n, base, w**2 @ inside, np.clip(spread, 0.0, None), difference, odds, df, shared)


def with_replacement(arrays: DesignArrays) -> DesignArrays:
    """The design with first-stage units drawn with replacement; a stratum with one unit adds nothing."""
    first = arrays.stages[0]
    open_end = np.full_like(first.population, np.inf)
    stage = replace(first, population=open_end, carry=np.ones_like(first.carry))
    if (first.taken == 1).any() and first.singletons == "fault":
        stage = replace(stage, singletons="certainty")
    return replace(arrays, stages=(stage,), target="mechanism", population=float("nan"))


def _taylor(arrays: DesignArrays) -> DesignArrays:
    """The design without its replicates: scores do not need them."""
    return replace(arrays, replicates=None)


def _inside(item: Item, member: NDArray[np.bool_]) -> Array:
    return (member & item.base.member[:, None]).astype(float)


def _parts(item: Item, option: int) -> tuple[Array, Array]:
    """Above and below the line of one option, shape (rows,) each."""
    if item.values is not None:
        return item.values, item.base.member.astype(float)
    top = item.base.ticks[:, option].astype(float)
    if item.rule == RESPONSES:
        return top, item.responses.astype(float)
    return top, item.base.member.astype(float)


def _df(arrays: DesignArrays, inside: Array, one: NDArray[np.intp], other: NDArray[np.intp]) -> Array:
    """Degrees of freedom of two columns together."""
    if arrays.replicates is not None and not arrays.replicates.is_made:
        whole = arrays.df(np.ones((len(inside), 1), dtype=bool))[0]
        return np.full(len(one), whole)
    return arrays.df((inside[:, one] + inside[:, other]) > 0)
