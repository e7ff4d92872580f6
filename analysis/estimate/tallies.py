"""Answers collapsed to sums by unit, column and option: all that variances of a book are made from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.design_arrays import Stage
from analysis.estimate.items import Item
from analysis.estimate.layout import Layout

__all__ = ["Layer", "Sums", "Tally", "layers_of", "tally", "whole_layer"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One stage of a design as it is summed: by unit, or by stratum where rows are the units.

    Attributes
    ----------
    stage : Stage or None
        The stage; None for sums over all rows.
    parts : int
        How many units, or strata, there are.
    stratum : NDArray[np.intp]
        Shape (parts,): stratum of each part.
    cells : tuple[NDArray[np.intp], ...]
        For all firms and each break, shape (rows,): part x (groups + 1) + group; the last group is none.
    """

    stage: Stage | None
    parts: int
    stratum: NDArray[np.intp]
    cells: tuple[NDArray[np.intp], ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the rows of each part, column and option; of squares only where rows are the units.

    Attributes
    ----------
    count : NDArray[np.float64]
        Shape (parts, c): firms in the base.
    base, top : NDArray[np.float64]
        Shape (parts, c) and (parts, c, k): sums of w and w y.
    base2, cross, top2 : NDArray[np.float64]
        Sums of w^2, w^2 y, w^2 y^2, shaped alike.
    x, second : NDArray[np.float64]
        Shape (parts, c, k): firms that ticked (of numbers: firms in the base); sum of w y^2.
    """

    count: NDArray[np.float64]
    base: NDArray[np.float64]
    top: NDArray[np.float64]
    base2: NDArray[np.float64]
    cross: NDArray[np.float64]
    top2: NDArray[np.float64]
    x: NDArray[np.float64]
    second: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """One block over all c columns of a book and its k options.

    Attributes
    ----------
    n, base : NDArray[np.float64]
        Shape (c,): firms in the base, their weight.
    value : NDArray[np.float64]
        Shape (c, k): share, or mean less `centre`; nan on an empty base.
    centre : float
        Taken off numbers before summing, so that squares keep their digits; 0 of shares.
    layers : tuple[Sums, ...]
        One for each stage.
    whole : Sums
        Over all rows: one part.
    """

    n: NDArray[np.float64]
    base: NDArray[np.float64]
    value: NDArray[np.float64]
    centre: float
    layers: tuple[Sums, ...]
    whole: Sums


def layers_of(layout: Layout) -> tuple[Layer, ...]:
    """The first stage, then the later ones that add to a variance; where none has rows as units, all rows."""
    layers = []
    for place, stage in enumerate(layout.arrays.stages):
        if place and not stage.factors().any():
            continue
        part = stage.stratum[stage.unit] if stage.is_rows else stage.unit
        parts = len(stage.taken) if stage.is_rows else len(stage.stratum)
        stratum = np.arange(parts) if stage.is_rows else stage.stratum
        layers.append(Layer(stage, parts, stratum, _cells(layout, part if parts > 1 else None)))
    if not layers[0].stage.is_rows:  # type: ignore[union-attr]
        layers.append(whole_layer(layout))
    return tuple(layers)


def whole_layer(layout: Layout) -> Layer:
    """All rows as one part, for sums that no stage asks for."""
    return Layer(None, 1, np.zeros(1, dtype=np.intp), _cells(layout, None))


def tally(item: Item, layout: Layout, layers: tuple[Layer, ...]) -> Tally:
    """Sum one block by every layer, column and option, in one pass over its answers."""
    entries = _entries(item, layout.arrays.weight)
    sums = tuple(_sums(layer, layout, entries) for layer in layers)
    first = sums[0]
    if layers[0].stage is not None and layers[0].stage.is_rows:
        whole = Sums(*(getattr(first, name).sum(axis=0, keepdims=True) for name in Sums.__slots__))
    else:
        whole = sums[-1]
    base = whole.base[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(base[:, None] != 0, whole.top[0] / base[:, None], np.nan)
    kept = tuple(s for s, layer in zip(sums, layers, strict=True) if layer.stage is not None)
    return Tally(whole.count[0], base, value, entries.centre, kept, whole)


def _cells(layout: Layout, part: NDArray[np.intp] | None) -> tuple[NDArray[np.intp], ...]:
    """Part and group of every row as one number, for all firms and each break."""
    cells, start = [], 0
    for code, width in zip(layout.codes, layout.widths, strict=True):
        group = np.where(code < len(layout), code - start, width)
        cells.append(group if part is None else part * (width + 1) + group)
        start += width
    return tuple(cells)


@dataclass(frozen=True, slots=True)
class _Entries:
    """The answers of a block: which rows are its base, which row gave which option."""

    weight: NDArray[np.float64]
    equal: bool
    rows: NDArray[np.intp] | None
    ticked: NDArray[np.intp] | None
    option: NDArray[np.intp] | None
    k: int
    is_one_each: bool
    y: NDArray[np.float64] | None
    centre: float


def _entries(item: Item, weight: NDArray[np.float64]) -> _Entries:
    member = item.base.member
    rows = None if member.all() else np.flatnonzero(member)
    equal = len(weight) > 0 and bool((weight == weight[0]).all())
    if item.values is not None:
        y = item.values if rows is None else item.values[rows]
        w = weight if rows is None else weight[rows]
        total = float(w.sum())
        centre = float(w @ y) / total if total else 0.0
        return _Entries(weight, equal, rows, rows, None, 1, False, y - centre, centre)
    ticks = item.base.ticks
    k = ticks.shape[1]
    ticked, option = np.divmod(np.flatnonzero(ticks.reshape(-1)), max(k, 1))
    many = len(weight) if rows is None else len(rows)
    one_each = len(ticked) == many and bool((ticked == (np.arange(many) if rows is None else rows)).all())
    if one_each and rows is None:
        return _Entries(weight, equal, None, None, option, k, True, None, 0.0)
    return _Entries(weight, equal, rows, ticked, option, k, one_each, None, 0.0)


def _sums(layer: Layer, layout: Layout, entries: _Entries) -> Sums:
    """Sums of one layer; of squares only where they are wanted."""
    squares = layer.stage is None or layer.stage.is_rows
    e, w = entries, entries.weight
    shape = (layer, layout)
    if e.y is not None:
        v = w if e.rows is None else w[e.rows]
        count, base, top, second = (
            _binned(*shape, e.rows, None, 1, each) for each in (None, v, v * e.y, v * e.y**2)
        )
        if not squares:
            none = np.zeros(0)
            return Sums(count[..., 0], base[..., 0], top, none, none, none, count, second)
        base2, cross, top2 = (
            _binned(*shape, e.rows, None, 1, each) for each in (v * v, v * v * e.y, (v * e.y) ** 2)
        )
        return Sums(count[..., 0], base[..., 0], top, base2[..., 0], cross, top2, count, second)
    x = _binned(*shape, e.ticked, e.option, e.k, None)
    if e.equal:
        top, cross = x * w[0], x * w[0] ** 2
    else:
        v = w if e.ticked is None else w[e.ticked]
        top = _binned(*shape, e.ticked, e.option, e.k, v)
        cross = _binned(*shape, e.ticked, e.option, e.k, v * v) if squares else np.zeros(0)
    if e.is_one_each:
        count, base, base2 = x.sum(axis=2), top.sum(axis=2), cross.sum(axis=2) if squares else cross
    else:
        count = _binned(*shape, e.rows, None, 1, None)[..., 0]
        if e.equal:
            base, base2 = count * w[0], count * w[0] ** 2
        else:
            v = w if e.rows is None else w[e.rows]
            base = _binned(*shape, e.rows, None, 1, v)[..., 0]
            base2 = _binned(*shape, e.rows, None, 1, v * v)[..., 0] if squares else np.zeros(0)
    return Sums(count, base, top, base2, cross, cross, x, top)


def _binned(
    layer: Layer,
    layout: Layout,
    rows: NDArray[np.intp] | None,
    option: NDArray[np.intp] | None,
    k: int,
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Sums of `weights` (or counts) by part, column and option, shape (parts, c, k)."""
    found = []
    for cell, width in zip(layer.cells, layout.widths, strict=True):
        key = cell if rows is None else cell[rows]
        if option is not None:
            key = key * k + option
        size = layer.parts * (width + 1)
        bins = np.bincount(key, weights, minlength=size * k)
        found.append(bins.reshape(layer.parts, width + 1, k)[:, :width])
    return np.concatenate(found, axis=1).astype(float, copy=False)
