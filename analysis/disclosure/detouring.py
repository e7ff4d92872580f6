"""A heuristic for tables too large to solve: each cell is protected by its cheapest detour, one by one."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.disclosure.bounding import short_cells
from analysis.disclosure.linked import Linked
from analysis.disclosure.solving import least_sum

__all__ = ["hide_by_detours", "show_again"]

_ROUNDS = 50


def hide_by_detours(linked: Linked, start: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Cells to hide, shape (cells,), so that every hidden one keeps its width and levels.

    `start`, shape (cells,), is hidden from the beginning; by default what must be hidden.

    For each cell that is still too narrow, the cheapest other table is found in which it differs enough;
    the cells in which that table differs from the true one are hidden (Kelly, Golden, Assad, Networks
    22:397, 1992; for any relations Fischetti and Salazar-Gonzalez, 2001). The audit is the one of the exact
    programme; nothing is said about how much cheaper another set could be.
    """
    hide = linked.primary.copy() if start is None else linked.primary | start
    for _ in range(_ROUNDS):
        hide = _with_followers(linked, hide)
        short = short_cells(linked, hide)
        if not len(short.cells):
            return hide
        order = np.argsort(-np.maximum(linked.width, linked.up)[short.cells], kind="stable")
        for place in order:
            cell = int(short.cells[place])
            for step in _steps(linked, cell, float(short.low[place]), float(short.high[place])):
                hide |= _detour(linked, hide, cell, step)
    return np.asarray(~linked.fixed)


def show_again(linked: Linked, hide: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A safe set without the cells it does not need: the dearest is tried first, each once.

    What is left, shape (cells,), is safe, and no single cell of it could be shown that need not be hidden.
    """
    hide = hide.copy()
    spare = np.flatnonzero(hide & ~linked.primary)
    for cell in spare[np.argsort(-linked.cost[spare], kind="stable")]:
        hide[cell] = False
        is_asked = bool(len(linked.follows)) and bool(
            (hide[linked.follows[:, 0]] & ~hide[linked.follows[:, 1]]).any()
        )
        hide[cell] = is_asked or len(short_cells(linked, hide).cells) > 0
    return hide


def _steps(linked: Linked, cell: int, low: float, high: float) -> list[float]:
    """How far the cell must be able to move: up, down, or both ways."""
    value = float(linked.value[cell])
    up, down = float(linked.up[cell]), float(linked.down[cell])
    reach, room = max(high - value, up), float(linked.high[cell] - value)
    missing = float(linked.width[cell]) - (reach + max(value - low, down))
    if missing > 0 and reach + missing <= room:
        up = reach + missing
    elif missing > 0:
        up, down = room, float(linked.width[cell]) - room
    return [step for step in (up, -down) if abs(step) > 0]


def _detour(linked: Linked, hide: NDArray[np.bool_], cell: int, step: float) -> NDArray[np.bool_]:
    """Cells of the cheapest table in which this cell differs by `step`; what is hidden already is free."""
    price = np.where(hide, 0.0, linked.cost + 1e-6) / np.maximum(1.0, linked.value)
    above = np.where(linked.fixed, 0.0, linked.high - linked.value)
    below = np.where(linked.fixed, 0.0, linked.value - linked.low)
    low, high = np.zeros(2 * len(price)), np.concatenate([above, below])
    side = cell if step > 0 else cell + len(price)
    low[side] = high[side] = abs(step)
    high[(side + len(price)) % (2 * len(price))] = 0.0
    both = sparse.csr_array(sparse.hstack([linked.relations, -linked.relations]))
    found = least_sum(np.concatenate([price, price]), both, low, high)
    if found is None:
        return np.asarray(~linked.fixed)
    moved = np.abs(found[0][: len(price)] - found[0][len(price) :])
    return np.asarray(moved > 1e-7)


def _with_followers(linked: Linked, hide: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hidden cells and what must be hidden with them."""
    hide = hide.copy()
    before = -1
    while len(linked.follows) and int(hide.sum()) != before:
        before = int(hide.sum())
        hide[linked.follows[hide[linked.follows[:, 0]], 1]] = True
    return hide
