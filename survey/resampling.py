"""Replicate weights made from a design: the method, its replicates, its scales, and when it does not fit."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.bootstraps import finite_copies, halved, kept_factors, redraws, rescaled_factors
from survey.design import Design
from survey.faults import DesignFault, nearest
from survey.half_samples import balanced_factors, hadamard_matrix
from survey.numbering import dense_codes

__all__ = ["MADE_METHODS", "Replication", "create_replicates"]

MADE_METHODS = ("brr", "fay", "jk1", "jkn", "subbootstrap", "canty-davison", "rao-wu", "preston")
"""Ways to make replicate weights; the last four are bootstraps."""

_WITHOUT_FPC = ("brr", "fay", "subbootstrap")
_NEAR_CENSUS = 0.05
_MOST_CELLS = 300_000_000
_PLACE = "design.create"

Codes = NDArray[np.intp]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Replication:
    """Replicate weights of n firms and how their spread becomes a variance.

    variance = scale x sum over replicates of rscale x (estimate - centre)^2, the centre being that of
    `Design.centre`.

    Attributes
    ----------
    weights : NDArray[np.float64]
        Shape (n, R): full-sample weight times the multiplier of the replicate.
    scale : float
        Overall scale.
    rscales : NDArray[np.float64]
        Shape (R,): one scale a replicate.
    method : str
        One of `MADE_METHODS`.
    """

    weights: Numbers
    scale: float
    rscales: Numbers
    method: str


@dataclass(frozen=True, slots=True)
class _Stage:
    """Units of one stage: code of each row, stratum of each unit, n and N of each stratum."""

    unit: Codes
    stratum: Codes
    taken: Codes
    population: Numbers


def create_replicates(frame: pd.DataFrame, design: Design, rng: np.random.Generator) -> Replication:
    """Make the replicate weights that `design.create` asks for.

    Parameters
    ----------
    frame : pandas.DataFrame
        `weight`, and `stratum_s`, `unit_s`, `population_s` for each stage, as `design_frame` returns.
    rng : numpy.random.Generator
        What bootstraps are drawn with; the others draw nothing.

    Raises
    ------
    DesignFault
        An unknown method; a stratum the method cannot use; a form without finite population correction
        where more than 5 percent of a stratum was taken, or one of the first stage alone where later
        stages sampled too; more weights than fit in memory.
    """
    made = design.create
    if made is None or made.method not in MADE_METHODS:
        found = "nothing" if made is None else repr(made.method)
        raise DesignFault(
            f"{_PLACE}.method", found, "one of " + ", ".join(MADE_METHODS),
            "" if made is None else nearest(made.method, MADE_METHODS),
        )  # fmt: skip
    stages = _stages(frame, keep_fpc=(design.target or ("firms" if design.population else "")) == "firms")
    first = stages[0]
    lone = _lone(first, design, made.method)
    _refuse_lost_corrections(stages, made.method)
    weight = frame["weight"].to_numpy(dtype=float)
    if made.method in ("jk1", "jkn"):
        factors, rscales = _jackknife(first, lone, made.method, len(frame))
        return Replication(_on_rows(factors, first, weight), 1.0, rscales, made.method)
    if made.method in ("brr", "fay"):
        rho = made.rho if made.method == "fay" else 0.0
        factors = _balanced(first, lone, rho, len(frame))
        many = factors.shape[1]
        scale = 1 / (many * (1 - rho) ** 2)
        return Replication(_on_rows(factors, first, weight), scale, np.ones(many), made.method)
    many = made.replicates
    if many < 2:
        raise DesignFault(f"{_PLACE}.replicates", str(many), "at least two; 500 is usual", "replicates = 500")
    _fits(len(frame), many)
    scale = 1 / (many - 1)
    if made.method == "canty-davison":
        mean = 1 / float(np.mean(1 / first.taken[~lone]))
        scale = mean / ((mean - 1) * (many - 1))
    weights = _bootstrap(stages, lone, made.method, many, weight, rng)
    return Replication(weights, scale, np.ones(many), made.method)


def _stages(frame: pd.DataFrame, keep_fpc: bool) -> list[_Stage]:
    """Every stage with dense codes; N is inf where unknown or not wanted."""
    stages: list[_Stage] = []
    while f"unit_{len(stages) + 1}" in frame:
        s = len(stages) + 1
        unit, group = (
            dense_codes(frame[f"unit_{s}"].to_numpy()),
            dense_codes(frame[f"stratum_{s}"].to_numpy()),
        )
        first_row = np.zeros(int(unit.max(initial=-1)) + 1, dtype=np.intp)
        first_row[unit] = np.arange(len(unit))
        stratum = group[first_row]
        taken = np.bincount(stratum)
        population = np.full(len(taken), np.inf)
        if keep_fpc:
            said = frame[f"population_{s}"].to_numpy(dtype=float)[first_row]
            population[stratum] = np.where(np.isnan(said), np.inf, said)
        stages.append(_Stage(unit.astype(np.intp), stratum.astype(np.intp), taken, population))
    return stages


def _is_rows(stage: _Stage) -> bool:
    """Whether each row is a unit of its own, in order."""
    return len(stage.stratum) == len(stage.unit) and bool((np.diff(stage.unit) == 1).all())


def _on_rows(factors: Numbers, first: _Stage, weight: Numbers) -> Numbers:
    """Multipliers of units times the weights of their rows."""
    at = factors if _is_rows(first) else factors[first.unit]
    return np.multiply(at, weight[:, None], out=at)


def _lone(first: _Stage, design: Design, method: str) -> NDArray[np.bool_]:
    """Strata that never change: taken completely, or alone and certain by `design.singletons`."""
    alone = (first.taken == 1) & (first.population > 1)
    if alone.any() and design.singletons != "certainty":
        raise DesignFault(
            f"{_PLACE}.method",
            f"{int(alone.sum())} strata with one unit only; {method!r} has nothing to leave out there",
            "at least two units in each stratum",
            'merge them with a neighbour, or write  singletons = "certainty"',
        )
    return (first.taken == 1) | (first.taken >= first.population)


def _refuse_lost_corrections(stages: list[_Stage], method: str) -> None:
    """Fault where a form without the correction, or of one stage, would not see what was taken."""
    fractions = stages[0].taken / stages[0].population
    if method in _WITHOUT_FPC and (fractions > _NEAR_CENSUS).any():
        raise DesignFault(
            f"{_PLACE}.method",
            f"{method!r} has no finite population correction, and up to {fractions.max():.0%} of a stratum "
            "was taken",
            "jk1, jkn, canty-davison, rao-wu or preston",
            'choose one of them, or write  target = "mechanism"',
        )
    later = any((s.taken < s.population).any() for s in stages[1:])
    if later and method != "preston" and (fractions > _NEAR_CENSUS).any():
        raise DesignFault(
            f"{_PLACE}.method",
            f"{method!r} sees the first stage only, where up to {fractions.max():.0%} of a stratum was taken "
            "and later stages sampled again",
            "'preston', which draws at every stage",
            'write  method = "preston"',
        )


def _fits(rows: int, replicates: int) -> None:
    """Fault where the weights would not fit in memory."""
    if rows * replicates > _MOST_CELLS:
        raise DesignFault(
            _PLACE,
            f"{replicates} replicates of {rows} firms: {rows * replicates * 8 / 2**30:.1f} GiB",
            f"at most {_MOST_CELLS * 8 / 2**30:.1f} GiB",
            "a bootstrap with fewer replicates, or no replicates at all (Taylor linearisation)",
        )


def _jackknife(first: _Stage, lone: NDArray[np.bool_], method: str, rows: int) -> tuple[Numbers, Numbers]:
    """Multipliers, shape (units, R), and rscales (1 - f)(n - 1)/n: each unit left out once.

    The units of its stratum that stay get n/(n - 1) (Wolter 2007, 4.5).
    """
    if method == "jk1" and len(first.taken) > 1:
        raise DesignFault(
            f"{_PLACE}.method", f"'jk1' in {len(first.taken)} strata", "'jkn' for strata", 'method = "jkn"'
        )
    out = np.flatnonzero(~lone[first.stratum])
    if not len(out):
        raise DesignFault(
            f"{_PLACE}.method", "every stratum was taken completely", "something left to chance",
            'leave create out, or write  target = "mechanism"',
        )  # fmt: skip
    _fits(rows, len(out))
    n = first.taken.astype(float)
    at = first.stratum[out]
    rise = np.divide(n, n - 1, out=np.ones_like(n), where=n > 1)
    factors = np.where(first.stratum[:, None] == at, rise[at], 1.0)
    factors[out, np.arange(len(out))] = 0.0
    left = np.where(np.isinf(first.population), 1.0, 1 - n / first.population)
    return factors, (left * (n - 1) / n)[at]


def _balanced(first: _Stage, lone: NDArray[np.bool_], rho: float, rows: int) -> Numbers:
    """Multipliers of half-samples, shape (units, R); strata that never change keep the factor 1."""
    odd = ~lone & (first.taken != 2)
    if odd.any():
        h = int(np.flatnonzero(odd)[0])
        row = int(np.flatnonzero(first.stratum[first.unit] == h)[0])
        raise DesignFault(
            f"{_PLACE}.method",
            f"{int(odd.sum())} strata without exactly two units; that of row {row + 1} has {first.taken[h]}",
            "two units in each stratum",
            "pair the units into strata of two, or use jkn or rao-wu",
        )
    changing = np.flatnonzero(~lone)
    if len(changing) >= 4096:
        raise DesignFault(
            f"{_PLACE}.method", f"{len(changing)} strata", "fewer than 4,096 for half-samples",
            "jkn or rao-wu",
        )  # fmt: skip
    matrix = hadamard_matrix(len(changing) + 1)
    _fits(rows, len(matrix))
    rank = np.zeros(len(first.taken), dtype=np.intp)
    rank[changing] = np.arange(len(changing))
    order = np.argsort(first.stratum, kind="stable")
    second = np.zeros(len(order), dtype=bool)
    second[order[1:]] = np.diff(first.stratum[order]) == 0
    factors = balanced_factors(matrix, rank[first.stratum], second, rho)
    factors[lone[first.stratum]] = 1.0
    return factors


def _bootstrap(
    stages: list[_Stage],
    lone: NDArray[np.bool_],
    method: str,
    replicates: int,
    weight: Numbers,
    rng: np.random.Generator,
) -> Numbers:
    """Weights of rows, shape (rows, replicates)."""
    first = stages[0]
    population = np.where(lone, first.taken, first.population)
    if method == "preston":
        kept = [halved(s.stratum, s.taken, replicates, rng) for s in stages]
        factors = kept_factors(
            kept, [s.unit for s in stages], [s.stratum for s in stages], [s.taken for s in stages],
            [population, *(s.population for s in stages[1:])],
        )  # fmt: skip
        return np.multiply(factors, weight[:, None], out=factors)
    if method == "canty-davison":
        counts = finite_copies(first.stratum, first.taken, population, replicates, rng)
        return _on_rows(counts.astype(float), first, weight)
    drawn = np.where(lone, 0, first.taken - 1)
    counts = redraws(first.stratum, first.taken, drawn, replicates, rng)
    known = np.full(len(drawn), np.inf) if method == "subbootstrap" else population
    if _is_rows(first):
        return rescaled_factors(counts, first.stratum, first.taken, drawn, known, weight)
    return _on_rows(rescaled_factors(counts, first.stratum, first.taken, drawn, known), first, weight)
