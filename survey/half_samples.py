"""Balanced half-samples: one of two units in each stratum, balanced by a Hadamard matrix."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["balanced_factors", "hadamard_matrix"]

_LARGEST = 4096


def hadamard_matrix(least: int) -> NDArray[np.int8]:
    """A Hadamard matrix of the smallest order of at least `least` that is known here; first row of ones.

    Doubling (Sylvester 1867) of the matrices of Paley (1933) for primes; every order up to 48 that is a
    multiple of 4, and above that all but a few.

    Raises
    ------
    ValueError
        More than 4,096.
    """
    if least > _LARGEST:
        raise ValueError(f"no Hadamard matrix of order {least}: {_LARGEST} is the most")
    order = 2 if least <= 2 else -(-least // 4) * 4
    found = _of_order(order)
    while found is None:
        order += 4
        found = _of_order(order)
    return found * found[:1]


def balanced_factors(
    hadamard: NDArray[np.int8], stratum: NDArray[np.intp], second: NDArray[np.bool_], rho: float
) -> NDArray[np.float64]:
    """Multipliers 2 - rho of the unit chosen and rho of the other (McCarthy 1969; Fay, in Judkins 1990).

    Parameters
    ----------
    hadamard : NDArray[np.int8]
        Order at least strata + 1; its first row, of ones, is not used.
    stratum : NDArray[np.intp]
        Shape (units,): two units a stratum.
    second : NDArray[np.bool_]
        Shape (units,): which of the two a unit is.
    rho : float
        0 for half-samples, up to below 1 for Fay's.

    Returns
    -------
    NDArray[np.float64]
        Shape (units, order).
    """
    sign = np.where(second, -1.0, 1.0)[:, None] * hadamard[1 + stratum]
    return np.asarray(1.0 + (1.0 - rho) * sign)


def _of_order(order: int) -> NDArray[np.int8] | None:
    """A Hadamard matrix of this order, None where no construction here gives one."""
    if order == 1:
        return np.ones((1, 1), dtype=np.int8)
    if order == 2:
        return np.array([[1, 1], [1, -1]], dtype=np.int8)
    if order % 4:
        return None
    if _is_prime(order - 1) and order % 4 == 0:
        return _first_of_paley(order - 1)
    if order // 2 % 2 == 0:
        half = _of_order(order // 2)
        if half is not None:
            return np.kron(np.array([[1, 1], [1, -1]], dtype=np.int8), half)
    if _is_prime(order // 2 - 1) and (order // 2 - 1) % 4 == 1:
        return _second_of_paley(order // 2 - 1)
    return None


def _characters(q: int) -> NDArray[np.int8]:
    """Shape (q, q): whether i - j is a square (1), none (-1) or 0, modulo a prime."""
    sign = np.full(q, -1, dtype=np.int8)
    sign[np.unique(np.arange(1, q, dtype=np.int64) ** 2 % q)] = 1
    sign[0] = 0
    return sign[(np.arange(q)[:, None] - np.arange(q)) % q]


def _first_of_paley(q: int) -> NDArray[np.int8]:
    """Order q + 1, q = 3 modulo 4."""
    skew = np.zeros((q + 1, q + 1), dtype=np.int8)
    skew[0, 1:], skew[1:, 0], skew[1:, 1:] = 1, -1, _characters(q)
    return skew + np.eye(q + 1, dtype=np.int8)


def _second_of_paley(q: int) -> NDArray[np.int8]:
    """Order 2(q + 1), q = 1 modulo 4."""
    even = np.ones((q + 1, q + 1), dtype=np.int8)
    even[0, 0], even[1:, 1:] = 0, _characters(q)
    off = np.array([[1, 1], [1, -1]], dtype=np.int8)
    on = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    return np.kron(even, off) + np.kron(np.eye(q + 1, dtype=np.int8), on)


def _is_prime(q: int) -> bool:
    """Whether a small number is an odd prime."""
    return q > 2 and q % 2 == 1 and all(q % d for d in range(3, int(q**0.5) + 1, 2))
