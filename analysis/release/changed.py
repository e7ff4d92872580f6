"""Estimates whose counts were changed: every share, error and limit worked out anew from what is printed."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.changing import Changing
from analysis.disclosure.keys import cell_uniforms
from analysis.release.room import with_room
from analysis.release.tables import SUPPRESSED, in_use, unsaid_rows
from survey import Answers, Codebook, Design, State, StudyFault, Wave, answers_to

__all__ = ["CHANGED", "changed_tables", "is_simple"]

CHANGED = "counts changed"
"""Method of every row whose count was rounded or moved."""

_KEY = ("question", "by", "group", "option")
_NEAR_CENSUS = 0.95

Floats = NDArray[np.float64]


def is_simple(wave: Wave, design: Design) -> bool:
    """Whether every firm counts as one: only then is a share made of counts that can be changed."""
    return not (design.weight or design.strata or design.clusters or design.replicates or wave.weighted)


def changed_tables(
    estimates: pd.DataFrame,
    wave: Wave,
    design: Design,
    ids: Sequence[str],
    changing: Changing,
    secret: str,
    floor: int,
    open_by: Sequence[str] = (),
) -> pd.DataFrame:
    """Tables of shares on the base `answered`, each count changed by its cell's own number.

    Parameters
    ----------
    estimates : pandas.DataFrame
        What `internal_tables` made of the same wave.
    wave, design : Wave, Design
        The answers; `is_simple`.
    ids : sequence of str
        One a row of the wave; firms keep theirs over editions, so that the same firms are changed alike.
    changing, secret : Changing, str
        The way, and what seeds it (`cell_uniforms`).
    floor : int
        Smallest count of firms that may be known; a table of fewer than ten firms, or twice the floor, is
        hidden whole, and so is one in which a count is left no room (`with_room`).
    open_by : sequence of str, optional
        Questions whose groups are shown too.

    Returns
    -------
    pandas.DataFrame
        Same columns. `n` and n times the share are the changed counts, and nothing beside them is worked out
        from the true ones. Limits hold for every true count that the way allows with the level's probability:
        those of a share of N firms (Buonaccorsi 1987) or of the silent firms (Manski 1989) where all firms
        of a known list are asked, else those of Clopper and Pearson (1934), at the least and the greatest
        count. The standard error has the variance of the change added. Totals need not be the sum of their
        parts.

    Raises
    ------
    StudyFault
        Weights, strata or clusters: a weighted share has no count of its own to change.
    """
    if not is_simple(wave, design):
        raise StudyFault(
            "[release] protect",
            f"{changing.way!r}, and a design with weights, strata or clusters",
            "a wave in which every firm counts as one: a weighted share has no count to change",
            'write protect = "suppress"',
        )
    keep = (estimates["stat"] == "share") & (estimates["base_rule"] == "answered")
    shown = estimates[keep & estimates["by"].isin(["", *open_by])].reset_index(drop=True)
    used = in_use(wave)
    given = {q.id: answers_to(used, q.id) for q in used.codebook.tabulated() if q.kind != "number"}
    cells = _changed_cells(given, np.asarray(ids, dtype=object), changing, secret, open_by)
    found = cells.reindex(pd.MultiIndex.from_frame(shown[list(_KEY)]))
    is_gone = ~(found["true_n"].to_numpy(dtype=float) >= max(MINIMUM_TABLE, 2 * floor))
    unsaid = unsaid_rows(used.codebook, shown) & (found["true_count"].to_numpy(dtype=float) < floor)
    count, n = (np.where(is_gone, np.nan, found[name].to_numpy(dtype=float)) for name in ("count", "n"))
    is_gone |= ~(n > 0)
    firms = _population(wave, design)
    asked = np.array([_asks_all(used.codebook, q, by) for q, by in shown[["question", "by"]].to_numpy()])
    level = shown["level"].to_numpy(dtype=float)
    low, high = _limits(count, n, changing, np.where(asked, firms, np.nan), level)
    share = count / n
    left = 1 - np.where(np.isfinite(firms), np.minimum(n / firms, 1.0), 0.0)
    drawn = share * (1 - share) / np.maximum(n - 1, 1) * left
    told = {
        "n": n, "base": n, "estimate": share, "low": low, "high": high, "df": n - 1, "n_eff": n,
        "se": np.sqrt(drawn + changing.variance * (1 + share**2) / n**2), "deff": np.nan, "p": np.nan,
    }  # fmt: skip
    out = shown.assign(**{name: np.where(is_gone, np.nan, value) for name, value in told.items()})
    out = out.assign(
        method=np.where(is_gone, "", CHANGED), flag=np.where(is_gone, SUPPRESSED, ""), letters=""
    )
    out = out[~unsaid].reset_index(drop=True)
    out = out.astype({name: estimates[name].dtype for name in ("method", "flag", "letters")})
    return with_room(out, used, changing, floor)


def _changed_cells(
    given: Mapping[str, Answers], ids: NDArray[np.object_], changing: Changing, secret: str,
    open_by: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    """By question, break, group and option: `count` and `n` as printed, `true_count` and `true_n`."""
    parts = []
    for name, answers in given.items():
        did = np.isin(answers.state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])
        member = np.column_stack([did, answers.ticks, *answers.nets.values()]) & did[:, None]
        codes = (*answers.options, *answers.nets)
        groups = {("", ""): np.ones(len(did), dtype=bool)}
        for by in open_by:
            for place, code in enumerate(given[by].options if by != name else ()):
                groups[by, code] = given[by].ticks[:, place]
        inside = np.column_stack(list(groups.values()))
        block = (inside[:, :, None] & member[:, None, :]).reshape(len(did), -1)
        true = block.sum(axis=0).astype(float)
        uniform = cell_uniforms(ids.astype(str), sparse.csr_array(block), secret)
        printed = changing.changed(true, uniform).reshape(len(groups), -1)
        true = true.reshape(len(groups), -1)
        # the number of all firms is known; whoever is all of them is not said to be
        many = np.where(
            true[:, 0] == len(did), true[:, 0], changing.capped(printed[:, 0], np.array(len(did)))
        )
        counts = changing.capped(printed[:, 1:], many[:, None])
        parts.append(
            pd.DataFrame(
                {
                    "question": name,
                    "by": np.repeat([by for by, _ in groups], len(codes)),
                    "group": np.repeat([group for _, group in groups], len(codes)),
                    "option": np.tile(codes, len(groups)),
                    "count": counts.ravel(),
                    "n": np.repeat(many, len(codes)),
                    "true_count": true[:, 1:].ravel(),
                    "true_n": np.repeat(true[:, 0], len(codes)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).set_index(list(_KEY))


def _limits(
    count: Floats, n: Floats, changing: Changing, firms: Floats, level: Floats
) -> tuple[Floats, Floats]:
    """Limits of shares from printed counts: every true pair the way allows is covered (Bonferroni)."""
    from analysis.estimate.intervals import assumption_free_bounds, clopper_pearson, hypergeometric_limits

    low, high = np.full(len(n), np.nan), np.full(len(n), np.nan)
    method = np.full(len(n), "clopper-pearson", dtype=object)
    method[np.isfinite(firms)] = "bounds"
    method[n >= _NEAR_CENSUS * firms] = "hypergeometric"
    for one in np.unique(level[n > 0]):
        # half of the doubt is of the answers, a quarter each of the changes of both counts
        sure = changing.way == "round"
        within = one if sure else (1 + one) / 2
        away = changing.likely(1 - (1 - one) / 4)
        for how in np.unique(method):
            rows = np.flatnonzero((n > 0) & (level == one) & (method == how))
            most = np.where(np.isfinite(firms[rows]), firms[rows], np.inf)
            big, small = np.minimum(n[rows] + away, most), np.maximum(n[rows] - away, 1.0)
            least, top = np.maximum(count[rows] - away, 0.0), np.minimum(count[rows] + away, small)
            ends = []
            for x, base in ((least, big), (top, small)):
                if how == "clopper-pearson":
                    ends.append(clopper_pearson(x, base, within))
                elif how == "bounds":
                    ends.append(assumption_free_bounds(x, base, most))
                else:
                    ends.append(hypergeometric_limits(x, base, most, within))
            low[rows], high[rows] = ends[0][0], ends[1][1]
    return low, high


def _population(wave: Wave, design: Design) -> float:
    """Firms of the study, where these firms are meant and their number is known; else nan."""
    from analysis.estimate.domains import settle

    arrays = settle(wave, design).arrays
    return arrays.population if arrays.target == "firms" else float("nan")


def _asks_all(codebook: Codebook, question: str, by: str) -> bool:
    return not by and not codebook.question(question).asked_if
