"""Which cells of a table of one question may leave, so that no count under the floor can be worked out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.linked import Keys, Linked
from analysis.disclosure.problems import is_unsafe
from analysis.disclosure.suppressing import suppress

__all__ = ["Hidden", "protect_table"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a protected table does not show.

    Attributes
    ----------
    options : NDArray[np.bool_]
        Shape (options,): cells hidden, primary and secondary alike.
    nets : dict[str, bool]
        Net name to whether it is hidden.
    whole : bool
        Whether nothing of the table is shown, its base included.
    """

    options: NDArray[np.bool_]
    nets: dict[str, bool]
    whole: bool


def protect_table(
    counts: NDArray[np.int64],
    n: int,
    floor: int,
    *,
    adds_up: bool,
    nets: Mapping[str, tuple[NDArray[np.bool_], int]] | None = None,
    forced: NDArray[np.bool_] | None = None,
) -> Hidden:
    """Hide unsafe cells of one table, then as many others as it takes that none can be worked out.

    Parameters
    ----------
    counts : NDArray[np.int64]
        Shape (options,): firms in each cell.
    n : int
        Firms in the table.
    floor : int
        Smallest count that may be known, see `floor_for`.
    adds_up : bool
        Whether the cells add up to n (one answer a firm) or may overlap (a multiple-response set).
    nets : mapping, optional
        Net name to (shape (options,) parts, firms in the net).
    forced : NDArray[np.bool_], optional
        Shape (options,), or (options and nets,): cells to hide whatever their count (relations with other
        tables, few holdings).

    Returns
    -------
    Hidden
        Every hidden cell, and every sum of hidden cells that follows from what is shown, could
        hold any count in a range at least `floor` wide.

    Notes
    -----
    Where the cells add up, options and nets are the cells of one exact programme (`suppress`), whose cost is
    what they hold. Where they overlap, the smallest safe cells are hidden first, and a net is shown only
    if none of its parts is hidden and it exceeds each by nobody or by the floor.
    """
    nets = dict(nets or {})
    options = len(counts)
    if n < max(MINIMUM_TABLE, 2 * floor if adds_up else floor):
        return Hidden(np.ones(options, dtype=bool), dict.fromkeys(nets, True), True)
    hide = is_unsafe(counts, n, floor)
    must = np.zeros(options + len(nets), dtype=bool)
    must[: 0 if forced is None else len(forced)] = False if forced is None else forced
    hide = hide | must[:options]
    if adds_up:
        return _added_up(counts, n, floor, np.r_[hide, must[options:]], nets)
    # In a set of overlapping options everybody may be known to tick one: then the cells shown
    # leave n - sum(shown) firms to the hidden ones, which is the relation of a table that adds up.
    for place in np.argsort(counts, kind="stable"):
        if not hide.any() or hide.all() or _is_wide(counts, n, floor, hide):
            break
        hide[place] = True
    hidden_nets: dict[str, bool] = {}
    shown: list[tuple[NDArray[np.bool_], int]] = []
    for (name, (parts, count)), is_forced in zip(nets.items(), must[options:], strict=True):
        safe = not (is_forced or bool(is_unsafe(np.array([count]), n, floor)[0]))
        safe = safe and not (hide & parts).any() and _differs(counts, floor, count, parts, shown)
        hidden_nets[name] = not safe
        if safe:
            shown.append((parts, count))
    return Hidden(hide, hidden_nets, False)


def _added_up(
    counts: NDArray[np.int64],
    n: int,
    floor: int,
    hide: NDArray[np.bool_],
    nets: Mapping[str, tuple[NDArray[np.bool_], int]],
) -> Hidden:
    """Options and nets as the cells of one programme: n is their sum, a net the sum of its parts."""
    options, many = len(counts), 1 + len(counts) + len(nets)
    relations = np.zeros((1 + len(nets), many))
    relations[0, : 1 + options] = [1.0, *[-1.0] * options]
    for row, (parts, _) in enumerate(nets.values()):
        relations[1 + row, 1 : 1 + options][parts] = -1.0
        relations[1 + row, 1 + options + row] = 1.0
    value = np.array([n, *counts, *(count for _, count in nets.values())], dtype=np.float64)
    primary = is_unsafe(value.astype(np.int64), n, floor)
    primary[1:] |= hide
    fixed = np.zeros(many, dtype=bool)
    fixed[0], primary[0] = True, False
    wide, none = np.full(many, float(floor)), np.zeros(many)
    cells = np.stack([np.zeros(many), np.zeros(many), np.arange(many)], axis=1).astype(np.int64)
    labels = tuple(("cell", str(i)) for i in range(many))
    found = suppress(
        Linked(
            Keys(labels, cells),
            value,
            sparse.csr_array(relations),
            none,
            np.full(many, float(n)),
            value.copy(),
            primary,
            fixed,
            wide,
            none,
            none,
        )
    )
    hidden = dict(zip(nets, found.hide[1 + options :].tolist(), strict=True))
    return Hidden(found.hide[1 : 1 + options], hidden, False)


def _is_wide(counts: NDArray[np.int64], n: int, floor: int, hide: NDArray[np.bool_]) -> bool:
    """Whether what the shown cells leave to the hidden ones is shared by two and at least the floor."""
    left = n - int(counts[~hide].sum())
    return left <= 0 or (int(hide.sum()) >= 2 and left >= floor)


def _differs(
    counts: NDArray[np.int64],
    floor: int,
    count: int,
    parts: NDArray[np.bool_],
    shown: list[tuple[NDArray[np.bool_], int]],
) -> bool:
    """Whether a net of overlapping options differs from all it contains, or lies in, by none or enough."""
    gaps = [count - int(c) for c in counts[parts]]
    gaps += [count - c for p, c in shown if (p <= parts).all()]
    gaps += [c - count for p, c in shown if (parts <= p).all()]
    return all(gap == 0 or gap >= floor for gap in gaps)
