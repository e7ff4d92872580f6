"""Whether what is known of a count tells of too few firms."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["verdicts"]

Floats = NDArray[np.float64]


def verdicts(
    low: Floats, high: Floats, firms_low: Floats, firms_high: Floats, floor: Floats
) -> NDArray[np.object_]:
    """The verdict on each count, shape (counts,).

    A count is unsafe where it, or what it leaves of the firms asked, is under the floor, nobody and
    everybody included (Handbook on Statistical Disclosure Control, 2nd ed., 4.2.1). It is `recovered` where
    one number is left and it is unsafe, `bounded` where every number left is on the same unsafe side, `told`
    where one safe number is left, else `open`.
    """
    one = low == high
    few = high < floor
    rest_few = (firms_high - low < floor) & (firms_high > 0)
    # of no firms nothing can be said
    nobody = firms_high <= 0
    unsafe = (few | rest_few) & ~nobody
    found = np.select([unsafe & one, unsafe, one], ["recovered", "bounded", "told"], "open")
    return np.asarray(found, dtype=object)
