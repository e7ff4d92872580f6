"""Perfect separation, decided by linear programmes that look at few rows at a time."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["improving_direction"]

Floats = NDArray[np.float64]

_GAIN = 1e-6
_OFF = 1e-9
_ROWS = 2_000
_ROUNDS = 200


def improving_direction(gains: Floats, held: Floats, free: NDArray[np.bool_]) -> Floats | None:
    """A direction d with A d >= 0, B d = 0 and some A d > 0, within -1 and 1; None where there is none.

    Where it exists the likelihood has no finite maximum (Albert and Anderson 1984; Konis 2007). The
    programme maximises the sum of A d over some rows, then looks which others it breaks, and takes
    those in, until none is broken: rows in the hundred thousands cost a few small programmes.

    Parameters
    ----------
    gains, held : shapes (a, p), (b, p)
        A and B.
    free : shape (p,)
        Parameters that may move.

    Returns
    -------
    shape (p,)
    """
    from scipy.optimize import linprog

    a, b = gains[:, free], np.unique(held[:, free], axis=0)
    size = np.abs(a).max(axis=1, initial=0.0)
    a = a[size > 0] / size[size > 0][:, None]
    if not len(a):
        return None
    taken = np.zeros(len(a), dtype=bool)
    taken[np.unique(np.linspace(0, len(a) - 1, _ROWS).astype(int))] = True
    # the sum over all rows, so that a direction which helps others only is seen at once
    every = a.mean(axis=0)
    for _ in range(_ROUNDS):
        some = np.unique(a[taken], axis=0)
        found = linprog(
            -every,
            A_ub=-some,
            b_ub=np.zeros(len(some)),
            A_eq=b if len(b) else None,
            b_eq=np.zeros(len(b)) if len(b) else None,
            bounds=(-1, 1),
        )
        if found.status != 0 or found.x is None or every @ found.x < _GAIN / len(a):
            return None
        gained = a @ found.x
        broken = gained < -_OFF
        if not broken.any():
            if gained.max() < _GAIN:
                return None
            direction = np.zeros(len(free))
            direction[free] = found.x
            return direction
        worst = np.argsort(gained)[:_ROWS]
        taken[worst[broken[worst]]] = True
    return None
