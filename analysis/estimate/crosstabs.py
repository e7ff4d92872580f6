"""Two questions crossed: the share of firms in each cell, and whether the questions hang together."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.association import Association, rao_scott
from analysis.estimate.bases import Base
from analysis.estimate.breaks import break_of
from analysis.estimate.domains import Setting, settle
from analysis.estimate.models.doubt import influence_covariance, refit_covariance
from analysis.estimate.record import Estimate
from analysis.estimate.rows import FEW, FEWEST
from analysis.estimate.shares import share_rows
from survey import Answers, Design, QuestionFault, State, Wave, answers_to

__all__ = ["association", "crosstab"]

Booleans = NDArray[np.bool_]
Levels = tuple[tuple[str, ...], Booleans]


def crosstab(
    wave: Wave, design: Design, row: str, column: str, *, where: str = "", level: float = 0.95
) -> tuple[Estimate, ...]:
    """Cross two questions.

    Parameters
    ----------
    row : str
        Question of codes, or of few numbers. A set of several answers is tested option by option,
        each ticked or not ticked.
    column : str
        Question of codes whose groups do not overlap; nested breaks `a>b` too.
    where, level : str, float
        As in `analysis.share`.

    Returns
    -------
    tuple[Estimate, ...]
        `stat` is `crosstab`. First two tests, without `group`: `rao-scott F` (second order, the one to
        report) with F in `estimate`, its numerator degrees of freedom in `df` and the denominator's in
        `flag`; `rao-scott chi-squared` (first order) with X2 over the mean design effect. `deff` is
        the mean generalised design effect, `p` the p-value. For a set there are two tests an option,
        which stands in `option`. Then the cells of a single answer: `option` the row's code, `group`
        the column's, `estimate` the share of all firms that answered both.
        Flags of the tests: `census` (every firm answered both: what the table shows is so), `low
        base`, `counts only`, `thin cells` (a cell expects fewer than five firms), `if silence were
        random`, `no df`.

    Raises
    ------
    QuestionFault, DesignFault
        A question that does not exist or has no codes, a column of overlapping groups; a design that
        carries no estimate.
    """
    setting = settle(wave, design, where=where, level=level)
    answers = answers_to(wave, row)
    columns = _columns(wave, column)
    given = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
    if answers.kind == "multiple":
        found: list[Estimate] = []
        for j, option in enumerate(answers.options):
            ticked = answers.ticks[:, j] & given
            table = (("1", "0"), np.column_stack([ticked, given & ~ticked]))
            found += _tests(setting, row, column, table, columns, option)[0]
        return tuple(found)
    levels = _levels(wave, row, answers)
    tests, base = _tests(setting, row, column, levels, columns, "")
    many = len(columns[0])
    cells = tuple(
        replace(e, option=levels[0][j // many], by=column, group=columns[0][j % many])
        for j, e in enumerate(share_rows(setting, base, "crosstab"))
    )
    return (*tests, *cells)


def association(
    setting: Setting, rows: Booleans, columns: Booleans
) -> tuple[Association, NDArray[np.float64]]:
    """Rao and Scott's tests of the firms in the first domain of a setting.

    Parameters
    ----------
    rows, columns : NDArray[np.bool_]
        Shapes (firms, r) and (firms, c): who gave which; a firm in none is not in the table.

    Returns
    -------
    tuple
        The tests; the counts of firms, shape (r, c).
    """
    arrays = setting.arrays
    inside = setting.members()[:, 0] & rows.any(axis=1) & columns.any(axis=1)
    cells = (rows[:, :, None] & columns[:, None, :]).reshape(len(rows), -1) & inside[:, None]
    cells_as_numbers = cells.astype(float)
    counts = cells.sum(axis=0).reshape(rows.shape[1], columns.shape[1]).astype(float)
    weight = arrays.weight
    total = float(weight @ inside)
    if total == 0:
        return rao_scott(np.zeros_like(counts), np.zeros((cells.shape[1],) * 2), 0.0, 0.0), counts
    shares = weight @ cells_as_numbers / total
    n, df = float(inside.sum()), float(arrays.df(inside[:, None])[0])
    if arrays.replicates is not None:
        many = arrays.replicates.weights.T
        with np.errstate(divide="ignore", invalid="ignore"):
            thetas = (many @ cells_as_numbers) / (many @ inside.astype(float))[:, None]
        covariance = refit_covariance(thetas, shares, arrays.replicates)
    else:
        scores = weight[:, None] * (cells_as_numbers - shares * inside[:, None]) / total
        if _is_answered_at_random(setting):
            left = max(1 - n / _firms(setting), 0.0)
            covariance = left * n / max(n - 1, 1.0) * (scores.T @ scores)
            df = n - 1
        else:
            covariance = influence_covariance(scores, arrays)
    return rao_scott(shares.reshape(counts.shape), covariance, n, df), counts


def _tests(
    setting: Setting, row: str, column: str, rows: Levels, columns: Levels, option: str
) -> tuple[tuple[Estimate, ...], Base]:
    """Both tests of one table, and the base of its cells."""
    found, counts = association(setting, rows[1], columns[1])
    both = np.asarray(rows[1].any(axis=1) & columns[1].any(axis=1))
    everybody, nobody = np.ones(len(both), dtype=np.bool_), np.zeros(len(both), dtype=np.bool_)
    cells = (rows[1][:, :, None] & columns[1][:, None, :]).reshape(len(both), -1)
    codes = tuple(str(j) for j in range(cells.shape[1]))
    base = Base(row, "answered", codes, cells, both, everybody, everybody, True, nobody)
    weighted = float(setting.arrays.weight @ (setting.members()[:, 0] & both))
    flags = _flags(setting, found, counts)
    effect, nan = found.effect, float("nan")
    is_tested = bool(effect > 0)
    second = Estimate(
        row, option, column, "", "crosstab", "answered", int(counts.sum()), weighted, found.f, nan, nan, nan,
        found.df, "rao-scott F", ";".join(flags), setting.wave.name, setting.level, effect,
        float(counts.sum()) / effect if is_tested else nan, found.p, "",
    )  # fmt: skip
    first = replace(
        second, estimate=found.pearson / effect if is_tested else nan, df=float(found.cells),
        method="rao-scott chi-squared", p=found.p_first,
    )  # fmt: skip
    if is_tested and np.isfinite(found.df_below):
        second = replace(second, flag=";".join([*flags, f"denominator df {found.df_below:.6g}"]))
    return (second, first), base


def _flags(setting: Setting, found: Association, counts: NDArray[np.float64]) -> list[str]:
    n = counts.sum()
    if n == 0:
        return ["empty"]
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    thin = bool(((expected > 0) & (expected < 5)).any())
    silent = _is_answered_at_random(setting) and n < _firms(setting)
    census = found.cells > 0 and not found.effect > 0
    words = {
        "census": census,
        "one row or column": found.cells == 0,
        "low base": n < FEWEST,
        "counts only": FEWEST <= n < FEW,
        "thin cells": thin,
        "if silence were random": silent,
        "no df": found.effect > 0 and not np.isfinite(found.p),
    }
    return [word for word, applies in words.items() if applies]


def _is_answered_at_random(setting: Setting) -> bool:
    """Whether those who answered are taken as a random draw from a list that is known."""
    arrays = setting.arrays
    is_known = arrays.target == "firms" and np.isfinite(arrays.population)
    is_listed = arrays.is_simple and arrays.selection == "list"
    return bool(is_known and (is_listed or arrays.is_complete))


def _firms(setting: Setting) -> float:
    """Most firms the first domain can have, those that returned nothing included."""
    domain = setting.domains[0]
    return float(domain.perhaps.sum() + setting.arrays.population - len(setting.arrays))


def _columns(wave: Wave, column: str) -> Levels:
    made = break_of(wave, column)
    if (made.member.sum(axis=1) > 1).any():
        raise QuestionFault(
            f"question {column!r}",
            "groups that overlap: firms gave several answers",
            "a column question of one answer a firm",
            f"make {column!r} the row: its options are then tested one by one",
        )
    return made.groups, made.member


def _levels(wave: Wave, row: str, answers: Answers) -> Levels:
    """Codes of a question of one answer and who gave them; nets are left out."""
    if answers.options:
        given = np.isin(answers.state, (State.ANSWERED, State.ANSWERED_NOT_ROUTED))
        return tuple(answers.options), answers.ticks & given[:, None]
    made = break_of(wave, row)
    return made.groups, made.member
