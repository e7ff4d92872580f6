"""Whether two questions hang together: Pearson's statistic corrected for the design, after Rao and Scott."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.special import chdtrc, fdtrc

__all__ = ["Association", "rao_scott"]

_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Association:
    """Rao and Scott's two corrections of one table.

    Attributes
    ----------
    pearson : float
        X2 of the table scaled to n firms; nan where the table has but one row or column.
    cells : int
        Degrees of freedom of the plain test, (r - 1)(c - 1) over rows and columns that were given.
    effect : float
        Mean generalised design effect, the mean of the diagonal of Delta.
    f, df, df_below, p : float
        Second order: F = X2 / trace, against F(df, df_below); nan where the design adds no doubt.
    p_first : float
        First order: X2 / effect against chi-squared with `cells` degrees of freedom.
    """

    pearson: float
    cells: int
    effect: float
    f: float
    df: float
    df_below: float
    p: float
    p_first: float


def rao_scott(
    shares: NDArray[np.float64], covariance: NDArray[np.float64], n: float, df: float
) -> Association:
    """Test independence of rows and columns (Rao and Scott 1984; Thomas and Rao 1987).

    With P the cell shares, D = diag(P), C the contrasts of interaction and V the design covariance:
    Delta = (C' D^-1 C / n)^-1 (C' D^-1 V D^-1 C). Second order: F = X2 / tr Delta against
    F(d, d df), d = (tr Delta)^2 / tr(Delta^2). First order: X2 over the mean of diag Delta. Rows and
    columns that nobody gave are left out; an empty cell has 1/P = 0 (as R `survey::svychisq`).

    Parameters
    ----------
    shares : NDArray[np.float64]
        Shape (r, c): weighted shares of the cells, sum 1.
    covariance : NDArray[np.float64]
        Shape (r c, r c): their design covariance, cells in row order.
    n : float
        Firms in the table.
    df : float
        Design degrees of freedom.
    """
    rows, columns = shares.sum(axis=1) > 0, shares.sum(axis=0) > 0
    kept = (rows[:, None] & columns[None, :]).ravel()
    table = shares[np.ix_(rows, columns)]
    r, c = table.shape
    nan = float("nan")
    if min(r, c) < 2:
        return Association(nan, 0, nan, nan, nan, nan, nan, nan)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = float(n * ((table - expected) ** 2 / expected).sum())
    cells = (r - 1) * (c - 1)
    p, v = table.ravel(), covariance[np.ix_(kept, kept)]
    over = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
    ones_r, ones_c = np.ones((r, 1)), np.ones((c, 1))
    main = np.hstack([np.kron(np.eye(r), ones_c), np.kron(ones_r, np.eye(c))])
    contrasts = null_space(main.T)
    scaled = contrasts * over[:, None]
    plain = contrasts.T @ scaled / n
    delta = np.linalg.lstsq(plain, scaled.T @ v @ scaled, rcond=None)[0]
    trace, square = float(np.trace(delta)), float((delta * delta.T).sum())
    effect = trace / cells
    if not trace > _NOTHING or not df >= 1:
        return Association(pearson, cells, effect, nan, nan, nan, nan, nan)
    d = trace**2 / square
    ratio = pearson / trace
    return Association(
        pearson, cells, effect, ratio, d, d * df,
        float(fdtrc(d, d * df, ratio)), float(chdtrc(cells, pearson / effect)),
    )  # fmt: skip
