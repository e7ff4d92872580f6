"""Which counts of which bases print as a given percent, under each rule of rounding, in whole numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["RULES", "compact", "count_range", "printed_as"]

RULES = ("half-up", "half-even", "cut")
"""How a percent was shortened: halves up, halves to the even digit, or digits dropped."""


def count_range(
    units: NDArray[np.int64], scale: NDArray[np.int64], bases: NDArray[np.int64], rule: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Least and greatest count c of each base n for which 100 c/n is printed as the percent.

    With the percent V/D (V whole, D a power of ten), c lies in [(2V-1)n, (2V+1)n) / 200D for halves up,
    in the same range with both ends or neither for halves to even (V even or odd), and in
    [Vn, (V+1)n) / 100D for digits dropped. All in whole numbers: no floating point decides a tie.

    Parameters
    ----------
    units, scale : NDArray[np.int64]
        Shape (k,): printed percents as V and D, so that 60.8 is 608 and 10.
    bases : NDArray[np.int64]
        Shape (m,), or (k, m) where each percent has bases of its own; positive.
    rule : str
        One of `RULES`.

    Returns
    -------
    tuple of NDArray[np.int64]
        Shape (k, m) each; low above high where the base cannot print the percent.
    """
    v, n = units[:, None], np.atleast_2d(bases)
    if rule == "cut":
        step = 100 * scale[:, None]
        low, high = _up(v * n, step), _up((v + 1) * n, step) - 1
    else:
        step = 200 * scale[:, None]
        bottom, top = (2 * v - 1) * n, (2 * v + 1) * n
        low, high = _up(bottom, step), _up(top, step) - 1
        if rule == "half-even":
            is_even = v % 2 == 0
            low = np.where(is_even, low, bottom // step + 1)
            high = np.where(is_even, top // step, high)
    return np.maximum(low, 0), np.minimum(high, n)


def printed_as(count: int, base: int, decimals: int, rule: str) -> str:
    """The percent count/base as a table prints it: `printed_as(67, 80, 1, "half-up")` is `83.8`.

    Raises
    ------
    ValueError
        A base below 1 or an unknown rule.
    """
    if base < 1 or rule not in RULES:
        raise ValueError(f"base {base}, rule {rule!r}; a positive base and one of {', '.join(RULES)}")
    scale = 10**decimals
    whole, rest = divmod(100 * scale * count, base)
    if rule == "half-up":
        whole += 2 * rest >= base
    elif rule == "half-even":
        whole += 2 * rest > base or (2 * rest == base and whole % 2 == 1)
    return f"{whole // scale}.{whole % scale:0{decimals}d}" if decimals else str(whole)


def compact(bases: "Sequence[int] | NDArray[np.int64]") -> str:
    """Numbers as text, runs shortened: `46,63,75` or `70-76`."""
    if not len(bases):
        return ""
    values = np.asarray(bases)
    starts = np.flatnonzero(np.diff(values, prepend=values[0] - 2) > 1)
    ends = np.append(starts[1:] - 1, len(values) - 1)
    runs = [(int(values[a]), int(values[b])) for a, b in zip(starts, ends, strict=True)]
    return ",".join(f"{a}" if a == b else (f"{a},{b}" if b == a + 1 else f"{a}-{b}") for a, b in runs)


def _up(top: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers at or above top / step."""
    return np.asarray(-((-top) // step))
