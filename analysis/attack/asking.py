"""The benchmark asked over and over with made-up answers, to hear what its tables do not say."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.attack.counting import evidence_of
from analysis.attack.knowing import Asked
from analysis.attack.taking import Taken
from analysis.release.read import Release

__all__ = ["asked_benchmark"]

_NEAR = 1e-9


def asked_benchmark(taken: Taken, asked: dict[str, Asked], cells: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Rows in which the benchmark tells more than the tables of its Release.

    Every answer of every question is given once, as many at a time as there are questions.

    Parameters
    ----------
    taken : Taken
    asked : dict
        As `questions_of`.
    cells : pandas.DataFrame
        `Solved.cells`: what the tables leave open.

    Returns
    -------
    tuple
        Columns of an attack, a row for each share of a hidden cell that was answered, each percentile
        narrower than the tables leave it, and each answer that was not the same when asked again; and how
        often the benchmark was asked.
    """
    from analysis.benchmarking.given import answers_given
    from analysis.benchmarking.peers import benchmark_firm

    if "form" not in taken.tables or "questions" not in taken.tables:
        return pd.DataFrame(), 0
    release = Release(taken.folder, taken.manifest)
    known = set(taken.tables["form"].query("kind != 'id' and kind != 'number'")["question"])
    most = max([0, *[len(a.options) for q, a in asked.items() if q in known]])
    heard = []
    for turn in range(most):
        made_up = {
            q: [a.options[turn % len(a.options)]] for q, a in asked.items() if q in known and a.options
        }
        heard.append(benchmark_firm(release, answers_given(release, made_up)).table)
    if not heard:
        return pd.DataFrame(), 0
    cells = cells if taken.changing is None else _as_printed(taken, cells)
    again = benchmark_firm(
        release, answers_given(release, {q: [a.options[0]] for q, a in asked.items() if q in known})
    ).table
    rows = pd.concat(heard, ignore_index=True)
    found = [*_shares(rows, cells, taken), *_places(rows, cells, asked, taken)]
    if not again.equals(heard[0]):
        found.append(_row(taken, "", "", 1.0, 1.0, 1.0, "two answers to one question: noise can be averaged"))
    return pd.DataFrame(found), len(heard) + 1


def _as_printed(taken: Taken, cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with the counts that are printed, changed as they are: to hear them again teaches nothing."""
    rows = evidence_of(replace(taken, changing=None))
    rows = rows[(rows["table"] == "estimates") & ~rows["is_hidden"].astype(bool)]
    key = ["wave", "question", "by", "group", "option"]
    known = rows.drop_duplicates(key).set_index(key)[["low", "high"]]
    known = known.reindex(pd.MultiIndex.from_frame(cells[key])).reset_index(drop=True)
    ends = {end: known[end].fillna(cells[end].reset_index(drop=True)).to_numpy() for end in ("low", "high")}
    return cells.assign(low=ends["low"], high=ends["high"])


def _row(
    taken: Taken, question: str, option: str, low: float, high: float, n: float, how: str
) -> dict[str, object]:
    return {
        "release": taken.label, "way": "benchmark", "table": "benchmark", "question": question,
        "option": option, "firms_low": n, "firms_high": n, "low": low, "high": high, "floor": taken.floor,
        "verdict": "recovered" if low == high else "bounded", "how": how,
    }  # fmt: skip


def _shares(rows: pd.DataFrame, cells: pd.DataFrame, taken: Taken) -> list[dict[str, object]]:
    """Shares the benchmark states of cells that the tables leave open."""
    told = rows[(rows["stat"] == "share") & rows["estimate"].notna() & (rows["kind"] == "answer")]
    open_ones = cells[(cells["high"] > cells["low"]) & (cells["wave"] == str(taken.manifest.get("wave")))]
    both = told.merge(open_ones, on=["question", "option", "by", "group"], suffixes=("", "_cell"))
    both = both[(both["base"] - both["n"]).abs() < 1e-6].drop_duplicates(["question", "option"])
    return [
        _row(taken, q, o, round(n * e), round(n * e), n, "the benchmark states a hidden share")
        for q, o, n, e in both[["question", "option", "n", "estimate"]].itertuples(index=False)
    ]


def _places(
    rows: pd.DataFrame, cells: pd.DataFrame, asked: dict[str, Asked], taken: Taken
) -> list[dict[str, object]]:
    """Percentiles whose limits are narrower than what the tables leave open."""
    told = rows[(rows["stat"] == "percentile") & (rows["kind"] == "answer") & rows["low"].notna()]
    mine = cells[(cells["wave"] == str(taken.manifest.get("wave"))) & (cells["by"] == "")]
    found = []
    for question, part in told[told["by"] == ""].groupby("question", sort=False):
        options = asked[str(question)].options
        here = mine[mine["question"] == question].drop_duplicates("option").set_index("option")
        here = here.reindex(list(options))
        size = float(part["n"].max())
        if here["low"].isna().any() or not size or (part["base"] - part["n"]).abs().max() > 1e-6:
            continue
        low, high = (here[end].to_numpy(dtype=float) / size for end in ("low", "high"))
        if (high - low < _NEAR).all():
            continue
        for option, least, most in part[["option", "low", "high"]].itertuples(index=False):
            if option not in options:
                continue
            at = options.index(option)
            below = max(low[:at].sum(), 1 - high[at:].sum())
            above = min(high[: at + 1].sum(), 1 - low[at + 1 :].sum())
            narrow = (least > below + 1e-6, most < above - 1e-6)
            if any(narrow):
                ends = (np.ceil(least * size - 1e-6), np.floor(most * size + 1e-6))
                found.append(_row(taken, str(question), str(option), *ends, size, "a percentile too narrow"))
    return found
