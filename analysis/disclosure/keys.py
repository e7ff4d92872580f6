"""A number of its own for every set of firms, so that the same cell is changed the same way every time."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from survey import StudyFault

__all__ = ["cell_uniforms"]

_LONG = 16


def cell_uniforms(firms: NDArray[np.str_], member: sparse.csr_array, secret: str) -> NDArray[np.float64]:
    """Numbers in [0, 1), one a cell, shape (cells,): the fraction of the sum of its firms' own numbers.

    Cell keys of the Australian Bureau of Statistics (Fraser and Wooton, UNECE work session on statistical
    data confidentiality, 2005). Equal sets of firms have equal numbers, in any table, edition or order; a
    set one firm larger has another, independent one.

    Parameters
    ----------
    firms : NDArray[np.str_]
        Shape (firms,): ids.
    member : sparse.csr_array
        Shape (firms, cells): 1 where a firm is behind a cell.
    secret : str
        16 characters or more: who knows it can undo the noise.

    Raises
    ------
    StudyFault
        A secret that is too short.
    """
    if len(secret) < _LONG:
        raise StudyFault(
            "the secret of the noise",
            f"{len(secret)} characters",
            f"{_LONG} or more, drawn at random",
            'write secret = "..." in the private file',
        )
    own = np.zeros(len(firms), dtype=np.uint64)
    # SipHash takes sixteen bytes of key at a time; every part of the secret changes every number
    for start in range(0, len(secret), _LONG):
        part = secret[start : start + _LONG].ljust(_LONG, "0")
        own += pd.util.hash_array(firms.astype(object), hash_key=part, categorize=False) >> np.uint64(12)
    whole = np.uint64(2**52)
    # whole numbers: sums do not depend on the order of firms
    return np.asarray((member.astype(np.uint64).T @ (own % whole)) % whole / 2.0**52)
