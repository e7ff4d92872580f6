"""The numbers of a whole book in one table: every block's columns, with limits made for all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import Base
from analysis.estimate.columns import Columns
from analysis.estimate.dense import compare_firms, needs_firms, tally_firms
from analysis.estimate.intervals import korn_graubard
from analysis.estimate.items import RESPONSES, Item
from analysis.estimate.layout import Layout
from analysis.estimate.limits import Counts, Limits, amount_limits, share_limits
from analysis.estimate.refits import compare_refits, sums_of_item, variances_of_refits
from analysis.estimate.rows import flags_of
from analysis.estimate.spread import Compared, Rivals, compare_sums, df_of_sums, variances_of_sums
from analysis.estimate.tallies import Layer, Tally, layers_of, tally, whole_layer

__all__ = ["Block", "blocks_of", "columns_of_blocks"]

Array = NDArray[np.float64]

_ROUNDING = 1e-26


@dataclass(frozen=True, slots=True)
class Block:
    """One item over the c columns of a layout; arrays of shape (c, k) or (c,).

    Attributes
    ----------
    item : Item
        What it is about.
    value, variance, squares, x, second : NDArray[np.float64]
        Shape (c, k): estimate, design variance, sum of squared scores, ticks, sum of w y^2 about the
        centre of a number.
    n, base, base2, df : NDArray[np.float64]
        Shape (c,).
    centre : float
        What was taken off numbers before `second` was summed.
    compared : Compared or None
        What tests need, where they are wanted.
    """

    item: Item
    value: Array
    variance: Array
    squares: Array
    x: Array
    second: Array
    n: Array
    base: Array
    base2: Array
    df: Array
    centre: float
    compared: Compared | None


def blocks_of(items: Sequence[Item], layout: Layout, rivals: Rivals | None) -> list[Block]:
    """Sum every item once; from units where that is enough, else from firms."""
    dense = needs_firms(layout)
    refitted = layout.arrays.replicates is not None
    layers = () if dense else (whole_layer(layout),) if refitted else layers_of(layout)
    return [
        _from_firms(item, layout, rivals)
        if dense or item.rule == RESPONSES
        else _from_refits(item, tally(item, layout, layers), layout, rivals)
        if refitted
        else _from_sums(item, tally(item, layout, layers), layers, rivals, layout.rest)
        for item in items
    ]


def columns_of_blocks(blocks: Sequence[Block], layout: Layout) -> dict[str, NDArray]:
    """Columns of the contract for all blocks: column by column of the book, options innermost.

    `p` is nan and `letters` empty.
    """
    sizes = [block.value.size for block in blocks]
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if sizes else 0
    kinds = np.repeat(np.array([_kind(block.item) for block in blocks], dtype=object), sizes)
    many = [block.value.shape[1] for block in blocks]
    value = _flat(blocks, "value", many)
    base, n = _flat(blocks, "base", many), _flat(blocks, "n", many)
    numbers = {name: np.full(total, np.nan) for name in ("se", "low", "high", "df", "deff", "n_eff")}
    texts = {name: np.full(total, "", dtype=object) for name in ("method", "flag")}
    leak = np.concatenate(
        [_leak(b.item.base, layout, m) for b, m in zip(blocks, many, strict=True)] or [kinds]
    )
    for kind in dict.fromkeys(kinds.tolist()):
        here = np.flatnonzero(kinds == kind)
        some = [block for block in blocks if _kind(block.item) == kind]
        limits = _limits(some, layout, kind)
        for name, column in numbers.items():
            column[here] = getattr(limits, name)
        texts["method"][here] = limits.method
        texts["flag"][here] = flags_of(n[here], limits, leak[here].astype(bool))
    groups = _repeated(layout.group, many)
    return {
        "question": np.repeat(np.array([b.item.base.question for b in blocks], dtype=object), sizes),
        "option": np.concatenate(
            [np.tile(np.array(b.item.codes, dtype=object), len(layout)) for b in blocks] or [kinds]
        ),
        "by": _repeated(layout.by, many),
        "group": groups,
        "stat": np.repeat(np.array([b.item.stat for b in blocks], dtype=object), sizes),
        "base_rule": np.repeat(np.array([b.item.rule for b in blocks], dtype=object), sizes),
        "n": n.astype(np.int64),
        "base": base,
        "estimate": value,
        **numbers,
        **texts,
        "wave": np.full(total, layout.wave.name, dtype=object),
        "level": np.full(total, layout.level),
        "p": np.full(total, np.nan),
        "letters": np.full(total, "", dtype=object),
    }


def _kind(item: Item) -> str:
    """Which limits an item gets: of shares, of shares of responses, of amounts."""
    return "amount" if item.values is not None else RESPONSES if item.rule == RESPONSES else "share"


def _limits(blocks: Sequence[Block], layout: Layout, kind: str) -> Limits:
    many = [block.value.shape[1] for block in blocks]
    value, base = _flat(blocks, "value", many), _flat(blocks, "base", many)
    squares = _flat(blocks, "squares", many)
    # limits read nothing of scores but their sums of squares
    columns = Columns(value, base, _flat(blocks, "variance", many), np.sqrt(squares)[None, :])
    counts = _counts(blocks, layout, many)
    if kind == "share":
        return share_limits(columns, counts, layout.arrays, layout.level)
    with np.errstate(divide="ignore", invalid="ignore"):
        second = _flat(blocks, "second", many) / base
        mean = value - np.repeat([b.centre for b in blocks], [b.value.size for b in blocks])
        spread = counts.n / (counts.n - 1) * np.clip(second - mean**2, 0.0, None)
    if kind == "amount":
        return amount_limits(columns, counts, layout.arrays, layout.level, spread)
    unknown = np.full(len(value), np.nan)  # a firm gives several answers: no design effect
    limits = amount_limits(columns, counts, layout.arrays, layout.level, unknown)
    low, high = korn_graubard(value, limits.se**2, counts.n, limits.df, layout.level)
    census, inner = limits.marks["census"], np.isfinite(low)
    low = np.where(census, limits.low, np.where(inner, low, 0.0))
    high = np.where(census, limits.high, np.where(inner, high, 1.0))
    low, high = np.where(counts.n > 0, low, np.nan), np.where(counts.n > 0, high, np.nan)
    method = np.select([counts.n == 0, census, inner], ["", "census", "korn-graubard"], "bounds")
    return Limits(
        limits.se, low, high, limits.df, limits.deff, limits.n_eff, method.astype(object), limits.marks
    )


def _counts(blocks: Sequence[Block], layout: Layout, many: Sequence[int]) -> Counts:
    """Firms concerned and the like, for all columns of these blocks; see `concerned`."""
    whole = np.zeros(len(layout), dtype=bool)
    whole[0] = layout.is_whole
    unreturned = layout.arrays.population - len(layout.arrays)
    fewest, most, drawn, even = [], [], [], []
    for block in blocks:
        base = block.item.base
        surely = layout.count("held", base.surely)
        drawn.append(surely)
        fewest.append(surely + np.where(whole & base.reaches_all, unreturned, 0.0 * unreturned))
        most.append(layout.count("perhaps", base.perhaps) + unreturned)
        even.append(np.divide(block.base**2, block.base2, out=np.zeros(len(layout)), where=block.base2 > 0))

    def spread(values: list[Array]) -> Array:
        return np.concatenate([np.repeat(a, m) for a, m in zip(values, many, strict=True)])

    x, n, df = (_flat(blocks, name, many) for name in ("x", "n", "df"))
    everywhere = np.concatenate([np.repeat(whole, m) for m in many])
    return Counts(x, n, spread(fewest), spread(most), spread(drawn), df, everywhere, spread(even))


def _flat(blocks: Sequence[Block], name: str, many: Sequence[int]) -> Array:
    """One array over all blocks, columns outermost within a block; (c,) is repeated for each option."""
    parts = [getattr(block, name) for block in blocks]
    return np.concatenate(
        [np.repeat(a, m) if a.ndim == 1 else a.reshape(-1) for a, m in zip(parts, many, strict=True)]
        or [np.zeros(0)]
    )


def _repeated(words: Sequence[str], many: Sequence[int]) -> NDArray[np.object_]:
    column = np.array(words, dtype=object)
    return np.concatenate([np.repeat(column, m) for m in many] or [column[:0]])


def _leak(base: Base, layout: Layout, many: int) -> NDArray[np.bool_]:
    """Whether a column counts firms that were not routed to the question."""
    if not base.leak.any():
        return np.zeros(len(layout) * many, dtype=bool)
    return np.repeat(layout.member[base.leak].any(axis=0), many)


def _from_refits(item: Item, found: Tally, layout: Layout, rivals: Rivals | None) -> Block:
    arrays = layout.arrays
    if arrays.replicates is None:
        raise ValueError("a layout without replicates")
    top, base = sums_of_item(item, layout, arrays.replicates.weights)
    inside = layout.member & item.base.member[:, None]
    df, compared = arrays.df(inside), None
    if rivals is not None and len(rivals.one):
        compared = compare_refits(top, base, found, layout, rivals, _df_of_two(inside, layout, rivals))
    return _block(item, found, variances_of_refits(top, base, found, layout), df, compared)


def _df_of_two(inside: NDArray[np.bool_], layout: Layout, rivals: Rivals) -> Array:
    """Degrees of freedom of two columns together; of weights from a file those of all firms."""
    arrays = layout.arrays
    if arrays.replicates is not None and not arrays.replicates.is_made:
        return np.full(len(rivals.one), arrays.df(np.ones((len(inside), 1), dtype=bool))[0])
    both = np.concatenate([inside, inside @ layout.rest], axis=1)
    return np.concatenate(
        [
            arrays.df(both[:, rivals.one[at : at + 64]] | both[:, rivals.other[at : at + 64]])
            for at in range(0, len(rivals.one), 64)
        ]
    )


def _from_sums(
    item: Item, found: Tally, layers: tuple[Layer, ...], rivals: Rivals | None, rest: NDArray[np.bool_]
) -> Block:
    compared = compare_sums(found, layers, rivals, rest) if rivals is not None and len(rivals.one) else None
    return _block(item, found, variances_of_sums(found, layers), df_of_sums(found, layers), compared)


def _block(item: Item, found: Tally, variance: Array, df: Array, compared: Compared | None) -> Block:
    """A block from sums over all rows and variances made elsewhere."""
    whole = found.whole
    mean = np.where(found.base[:, None] != 0, found.value, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (
            whole.top2[0] - 2 * mean * whole.cross[0] + mean**2 * whole.base2[0][:, None]
        ) / found.base[:, None] ** 2
    value = found.value + found.centre
    empty = found.base[:, None] == 0
    variance = np.where(empty, np.nan, np.where(variance <= _ROUNDING * value**2, 0.0, variance))
    x = whole.x[0] if item.values is None else np.full(value.shape, np.nan)
    return Block(
        item, value, variance, np.where(empty, 0.0, np.clip(squares, 0.0, None)), x, whole.second[0],
        found.n, found.base, whole.base2[0], df, found.centre, compared,
    )  # fmt: skip


def _from_firms(item: Item, layout: Layout, rivals: Rivals | None) -> Block:
    found = tally_firms(item, layout)
    compared = compare_firms(item, layout, rivals) if rivals is not None and len(rivals.one) else None
    return Block(item, **found, centre=0.0, compared=compared)
