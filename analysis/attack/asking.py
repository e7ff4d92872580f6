"""The benchmark asked over and over with made-up answers and links, to hear what its tables do not say."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.attack.counting import evidence_of
from analysis.attack.knowing import Asked
from analysis.attack.taking import Taken
from analysis.release.bands import BANDS, band_places
from analysis.release.read import Release

__all__ = ["asked_benchmark"]

_NEAR = 1e-9
_SHARES = (0.0, 0.04, 0.08, 0.2, 0.6)
"""Parts of its inputs that a made-up firm buys from each side, one in each band."""


@dataclass(frozen=True, slots=True)
class _Held(Release):
    """A Release whose tables are in memory: asked a hundred times, read once."""

    held: Taken
    plain: dict[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """A table that shares its values with what was read; pandas copies what is written to."""
        if name not in self.plain:
            self.plain[name] = _plain(self.held.tables[name])
        return self.plain[name].copy(deep=False)


def asked_benchmark(
    taken: Taken, asked: dict[str, Asked], cells: pd.DataFrame, *, with_links: bool = True
) -> tuple[pd.DataFrame, int]:
    """Rows in which the benchmark tells more than the tables of its Release.

    Every answer of every question is given once, as many questions at a time as there are, in each group of
    the breaks that are shown; then the same answers beside others. With links, made-up firms that buy from
    either side are placed among the bands of pressure.

    Parameters
    ----------
    taken : Taken
    asked : dict
        As `questions_of`.
    cells : pandas.DataFrame
        `Solved.cells`: what the tables leave open.
    with_links : bool
        Whether made-up links are brought too.

    Returns
    -------
    tuple
        Columns of an attack, a row for each share of a hidden cell that was answered, each percentile
        narrower than the tables leave open, and each answer that was not the same when asked again; and how
        often the benchmark was asked.
    """
    from analysis.benchmarking.given import answers_given
    from analysis.benchmarking.peers import benchmark_firm

    if "form" not in taken.tables or "questions" not in taken.tables:
        return pd.DataFrame(), 0
    release = _Held(taken.folder, taken.manifest, taken, {})
    heard = [
        benchmark_firm(release, answers_given(release, made_up)).table for made_up in _made_up(taken, asked)
    ]
    if not heard:
        return pd.DataFrame(), 0
    cells = cells if taken.changing is None else _as_printed(taken, cells)
    # without bands there is nothing among which links could place a firm
    if with_links and taken.manifest.get("as_of") and any(q.startswith("pressure.") for q in asked):
        heard += _with_links(release)
    rows = pd.concat(heard, ignore_index=True)
    found = [*_shares(rows, cells, taken), *_places(rows, cells, asked, taken)]
    found += _changed(rows, taken)
    return pd.DataFrame(found), len(heard)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts are Python's, which rows are picked from several times faster."""
    texts = [column for column in table.columns if pd.api.types.is_string_dtype(table[column])]
    return table.astype(dict.fromkeys(texts, object))


def _made_up(taken: Taken, asked: dict[str, Asked]) -> list[dict[str, list[str]]]:
    """Sheets of answers in which each answer of each question stands once, in each group, and once more."""
    form = taken.tables["form"]
    known = set(form[~form["kind"].isin(["id", "number"])]["question"])
    options = {q: a.options for q, a in asked.items() if q in known and a.options}
    most = max([0, *[len(codes) for codes in options.values()]])
    turns = [{q: [o[k]] for q, o in options.items() if k < len(o)} for k in range(most)]
    if not turns:
        return []
    breaks = [str(by) for by in taken.manifest.get("by") or () if str(by) in options][:1]
    in_groups = [
        {**{q: codes for q, codes in turn.items() if q != by}, by: [group]}
        for by in breaks
        for group in options[by]
        for turn in turns
    ]
    beside = {q: [o[-1 - k % len(o)]] for k, (q, o) in enumerate(options.items())}
    return [*turns, *in_groups, turns[0], beside]


def _with_links(release: Release) -> list[pd.DataFrame]:
    """Answers to firms that buy a part of their inputs from each side, one part in each band."""
    from analysis.benchmarking.own import OwnFiles
    from analysis.benchmarking.peers import benchmark_firm

    heard = []
    with tempfile.TemporaryDirectory(prefix="crosspressure-") as folder:
        path = Path(folder) / "links.csv"
        for part in _SHARES:
            rows = [("US", part), ("CN", part), ("JP", 1.0 - 2.0 * min(part, 0.5))]
            lines = [f"Asker,Supplier {c},{c},semiconductors,{max(v, 1e-9)}" for c, v in rows]
            path.write_text("\n".join(["buyer,supplier,country,product,value", *lines]), encoding="utf-8")
            heard.append(benchmark_firm(release, None, OwnFiles(path), firm="Asker").table)
    return heard


def _changed(rows: pd.DataFrame, taken: Taken) -> list[dict[str, object]]:
    """Answers to one question that differ with what else was asked: noise, that can be averaged away."""
    key = ["kind", "question", "option", "by", "group", "stat"]
    answers = rows[(rows["kind"] == "answer") & rows["estimate"].notna()]
    spread = answers.groupby(key, sort=False)["estimate"].agg(["min", "max"])
    odd = spread[spread["max"] - spread["min"] > _NEAR]
    return [
        _row(
            taken, str(at[1]), str(at[2]), 1.0, 1.0, 1.0, "two answers to one question: noise can be averaged"
        )
        for at in odd.index[:1]
    ]


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
    told = rows[(rows["stat"] == "percentile") & rows["low"].notna() & rows["n"].notna()]
    told = told.assign(option=_banded(told))
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


def _banded(told: pd.DataFrame) -> NDArray[np.object_]:
    """The answer each percentile is of: as given, or the band of an own value without doubt."""
    value, low, high = (
        pd.to_numeric(told[column], errors="coerce").to_numpy(dtype=float)
        for column in ("own", "own_low", "own_high")
    )
    is_value = (told["kind"] == "pressure").to_numpy() & np.isfinite(value)
    places = [band_places(np.nan_to_num(end)) for end in (value, low, high)]
    codes = np.array([code for code, *_ in BANDS], dtype=object)[places[0]]
    is_sure = (places[1] == places[0]) & (places[2] == places[0])
    other = np.where((told["kind"] == "answer").to_numpy(), told["option"].to_numpy(dtype=object), "")
    return np.where(is_value & is_sure, codes, other)
