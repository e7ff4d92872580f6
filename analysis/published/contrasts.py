"""Differences that printed tables imply: between answers of one question, and between waves."""

import numpy as np
import pandas as pd

from analysis.estimate.differences import independent_limits, overlap_bounds, paired_limits
from analysis.waves.rows import detectable

__all__ = ["CHANGE_COLUMNS", "CONTRAST_COLUMNS", "compare_answers", "compare_waves"]

CONTRAST_COLUMNS = (
    "survey", "wave", "edition", "question_id", "option_id", "against", "n", "estimate", "low", "high",
    "narrow_low", "narrow_high", "least_both", "most_both", "level", "method",
)  # fmt: skip
"""Columns of `compare_answers`; `low` and `high` hold for every overlap, `narrow_*` for the kindest one."""

CHANGE_COLUMNS = (
    "survey", "question_id", "option_id", "from_wave", "to_wave", "from_count", "from_base", "to_count",
    "to_base", "estimate", "low", "high", "smallest", "level", "method", "flag", "break",
)  # fmt: skip
"""Columns of `compare_waves`; `smallest` is the smallest change found with a chance of 80 percent."""

_QUESTION = ["survey", "wave", "edition", "question_id"]
_BOTH_SIDES = {"us", "cn"}


def compare_answers(table: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Contrasts of a question's answers: every US against every Chinese one, and each with the next largest.

    The firms are the same, so limits are paired score limits (Tango 1998). How many gave both answers is
    printed nowhere: limits hold for every overlap that the counts allow; answers of which a firm may
    give one overlap in nobody.

    Parameters
    ----------
    table : pandas.DataFrame
        As `audit_figures` makes it, with `multi_response` (`no`: one answer a firm) and `side`.
    """
    known = table[table["count"].notna() & table["base"].notna()]
    rows = []
    for _, group in known.groupby([*_QUESTION, "base"], sort=False):
        if len(group) < 2:
            continue
        ordered = group.sort_values(["count", "row"], ascending=[False, True], kind="stable")
        at = ordered["side"].to_numpy()
        wanted = {(i, i + 1) for i in range(len(ordered) - 1)}
        wanted |= {
            (i, j)
            for i in range(len(ordered))
            for j in range(i + 1, len(ordered))
            if {at[i], at[j]} == _BOTH_SIDES
        }
        one_each = bool((ordered["multi_response"].str.lower() == "no").all())
        name = tuple(ordered[_QUESTION].iloc[0])
        counts, options = ordered["count"].to_numpy(dtype=int), ordered["option_id"].to_numpy()
        n = int(ordered["base"].iloc[0])
        for i, j in sorted(wanted):
            rows.append(
                (*name, options[i], options[j], n, *_contrast(counts[i], counts[j], n, level, one_each))
            )
    return pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS))


def _contrast(first: int, second: int, n: int, level: float, one_each: bool) -> tuple[object, ...]:
    if one_each:
        low, high = (float(v) for v in paired_limits(first, second, n, level))
        return ((first - second) / n, low, high, low, high, 0, 0, level, "paired score")
    found = overlap_bounds(int(first), int(second), n, level)
    names = ("estimate", "low", "high", "narrow_low", "narrow_high", "least", "most")
    return (*(found[k] for k in names), level, "paired score, any overlap")


def compare_waves(
    table: pd.DataFrame, breaks: pd.DataFrame | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Change of each answer from one wave to the next in which it was printed, last edition of each.

    Firms of two waves are mostly the same, but nobody prints which: limits are those for different firms
    (Miettinen and Nurminen 1985), wider than paired ones wherever firms tend to answer as before.

    Parameters
    ----------
    breaks : pandas.DataFrame or None
        `wave`, `question_id`, `reason`: from this wave on the question is another; its change is a `break`.
    """
    answer = ["survey", "question_id", "option_id"]
    known = table[table["count"].notna() & table["base"].notna()]
    last = known.sort_values(["wave", "base", "row"], kind="stable").drop_duplicates(
        [*answer, "wave"], keep="last"
    )
    last = last.sort_values([*answer, "wave"], kind="stable")
    before = last.groupby(answer, sort=False)[["wave", "count", "base"]].shift()
    pairs = last[before["wave"].notna()]
    before = before.loc[pairs.index]
    x1, n1 = before["count"].to_numpy(dtype=float), before["base"].to_numpy(dtype=float)
    x2, n2 = pairs["count"].to_numpy(dtype=float), pairs["base"].to_numpy(dtype=float)
    low, high = independent_limits(x1, n1, x2, n2, level) if len(pairs) else (x1, x1)
    pooled = (x1 + x2) / (n1 + n2) if len(pairs) else x1
    found = pairs[answer].assign(
        from_wave=before["wave"].to_numpy(),
        to_wave=pairs["wave"].to_numpy(),
        from_count=before["count"].astype("Int64").to_numpy(),
        from_base=before["base"].astype("Int64").to_numpy(),
        to_count=pairs["count"].to_numpy(),
        to_base=pairs["base"].to_numpy(),
        estimate=x2 / n2 - x1 / n1,
        low=low,
        high=high,
        smallest=detectable(pooled * (1 - pooled) * (1 / n1 + 1 / n2), level),
        level=level,
        method="score, different firms",
    )
    found["break"] = "" if breaks is None else _breaks(found, breaks)
    detected = (found["low"] > 0) | (found["high"] < 0)
    found["flag"] = np.select([found["break"] != "", ~detected], ["break", "no detectable change"], "change")
    return found.reindex(columns=list(CHANGE_COLUMNS)).reset_index(drop=True)


def _breaks(found: pd.DataFrame, breaks: pd.DataFrame) -> list[str]:
    """Why each change crosses a break, "" where it does not."""
    cells = zip(found["question_id"], found["from_wave"], found["to_wave"], strict=True)
    told = list(breaks[["question_id", "wave", "reason"]].itertuples(index=False, name=None))
    return ["; ".join(r for q2, w, r in told if q2 == q and a < w <= b) for q, a, b in cells]
