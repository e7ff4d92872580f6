"""What known margins leave unsaid: residuals of scores on the columns weights were calibrated to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey import Weighted

__all__ = ["Residuals", "compile_residuals"]

_RANK = 1e-10


@dataclass(frozen=True, slots=True)
class Residuals:
    """A calibration compiled once, for a wave of n rows and r independent columns.

    Attributes
    ----------
    basis : NDArray[np.float64]
        Shape (rows, r): orthonormal, spans the columns times the root of the base weights d.
    pull : NDArray[np.float64]
        Shape (rows,): w / sqrt(d), calibrated weight over the root of the base weight.
    """

    basis: NDArray[np.float64]
    pull: NDArray[np.float64]

    def of(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores w e, shape (rows, k), of scores w y: e is the residual of y on the columns under d."""
        pull = self.pull[:, None]
        values = np.divide(scores, pull, out=np.zeros_like(scores), where=pull != 0)
        return np.asarray((values - self.basis @ (self.basis.T @ values)) * pull)


def compile_residuals(weighted: Weighted | None) -> Residuals | None:
    """Compile the calibration of a wave; None where weights were not calibrated.

    The variance of a calibrated estimator is that of the total of w e (Deville and Sarndal 1992,
    section 3.4), whatever the distance, so raking and post-stratification take the same road.
    """
    from scipy.linalg import qr

    if weighted is None or not weighted.columns.shape[1]:
        return None
    root = np.sqrt(weighted.base)
    columns = weighted.columns * root[:, None]
    size = np.sqrt((columns**2).sum(axis=0))
    basis, upper, _ = qr(columns / np.where(size > 0, size, 1.0), mode="economic", pivoting=True)
    depth = np.abs(np.diag(upper))
    pull = np.divide(weighted.weight, root, out=np.zeros_like(root), where=root > 0)
    return Residuals(np.ascontiguousarray(basis[:, depth > _RANK * depth[0]]), pull)
