"""The audit of printed figures: each with its possible bases, its count, its doubt, and what is wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.published.contrasts import compare_answers, compare_waves
from analysis.published.counting import count_figures, rules_reaching
from analysis.published.disagreement import compare_sources
from analysis.published.exposure import compare_editions, small_cells
from analysis.published.figures import Figures, unused_because
from analysis.published.gates import Gate, follow_gates
from analysis.published.grouping import QUESTION, base_bounds, lead_figures
from analysis.published.reasons import Reason, as_text
from analysis.published.recover import LARGEST, Recovered, recover_bases
from analysis.published.settling import Settled, settle_base
from survey import Finding

__all__ = ["AUDIT_COLUMNS", "Audit", "audit_figures"]

AUDIT_COLUMNS = (
    "wave", "edition", "question_id", "option_id", "printed", "stated_base", "feasible_bases", "base",
    "count", "estimate", "low", "high", "rounding", "flag", "why", "survey", "row", "level", "method",
    "source_title",
)  # fmt: skip
"""Columns of the table of figures, one row a printed percent, in file order."""

_WORDS = {
    (True, True, True): "any",
    (True, True, False): "rounded",
    (True, False, False): "half-up",
    (False, True, False): "half-even",
    (False, False, True): "cut",
    (True, False, True): "half-up or cut",
    (False, True, True): "half-even or cut",
    (False, False, False): "",
}


@dataclass(frozen=True, slots=True)
class Audit:
    """What printed figures say.

    Attributes
    ----------
    table : pandas.DataFrame
        `AUDIT_COLUMNS`; shares 0 to 1; `base` and `count` only where unique (a count may
        be so while its base is not).
    reasons : dict[int, tuple[Reason, ...]]
        Reasons of each row, which column `why` has in English.
    sources : pandas.DataFrame
        Figures that are printed more than once (see `compare_sources`).
    contrasts, changes : pandas.DataFrame
        Answers held against each other, and against the wave before (see `analysis.published.contrasts`).
    small : pandas.DataFrame
        Cells of few firms that can be read (see `small_cells`).
    editions : pandas.DataFrame
        What two editions give away (see `compare_editions`).
    findings : tuple[Finding, ...]
        What is odd in the file.
    file : str
        Where the figures came from.
    level : float
        Confidence level of the intervals.
    """

    table: pd.DataFrame
    reasons: dict[int, tuple[Reason, ...]]
    sources: pd.DataFrame
    contrasts: pd.DataFrame
    changes: pd.DataFrame
    small: pd.DataFrame
    editions: pd.DataFrame
    findings: tuple[Finding, ...]
    file: str
    level: float


def audit_figures(
    figures: Figures,
    gates: tuple[Gate, ...] = (),
    *,
    least: int = 1,
    most: int | None = None,
    floor: int = 5,
    breaks: pd.DataFrame | None = None,
    level: float = 0.95,
) -> Audit:
    """Recover bases and counts of printed percents, with what contradicts them.

    Parameters
    ----------
    gates : tuple[Gate, ...]
        Follow-ups, whose base must be a count of the question before them.
    least, most : int
        Bounds on every base, beside those the file tells; `most` None: respondents of the edition, else of
        the wave, else firms invited, else 5,000.
    floor : int
        Fewest firms that may be readable.
    breaks : pandas.DataFrame or None
        Waves from which on a question is another: `wave`, `question_id`, `reason`.
    level : float
        Level of the intervals: Clopper-Pearson on count and base, for firms like these (no finite
        population: printed tables seldom tell it); where several counts or bases fit, from the lowest to
        the highest limit of them all.
    """
    leads, apart = _apart(lead_figures(figures), figures.file)
    bounds = base_bounds(figures)
    leads = leads.merge(bounds, on=["survey", "wave", "edition"], how="left").set_axis(leads.index)
    limit = leads["most"] if most is None else leads["most"].fillna(most).clip(upper=most)
    leads = leads.assign(limit=limit)
    found = recover_bases(leads, limit, least=least, largest=max(LARGEST, most or 0))
    found |= _beyond(leads)
    found, said = follow_gates(leads, found, gates)
    settled = {
        str(key): settle_base(group, found[str(key)], said.get(str(key)))
        for key, group in leads.groupby("key", sort=False)
    }
    table = _figures(leads, settled, level)
    sources = compare_sources(figures, leads.assign(share=_shares(table)))
    small, editions = small_cells(table, floor), compare_editions(table, floor)
    contrasts = compare_answers(table, level=level)
    changes = compare_waves(table, breaks, level=level)
    table = _with_unused(table, figures, sources)
    reasons = dict(zip(table["row"], table["reasons"], strict=True))
    table = table.assign(why=[as_text(r) for r in table["reasons"]])[list(AUDIT_COLUMNS)]
    return Audit(
        table,
        reasons,
        sources,
        contrasts,
        changes,
        small,
        editions,
        (*figures.findings, *apart),
        figures.file,
        level,
    )


def _apart(leads: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Figures of a single-choice question that add past 100 get bases of their own, and a finding."""
    leads = leads.copy()
    least = (2 * leads["units"] - 1).clip(lower=0) / (2 * 10.0 ** leads["decimals"])
    single = leads["multi_response"].str.lower() == "no"
    past = single & (least.where(single, 0).groupby(leads["key"]).transform("sum") > 100 + 1e-9)
    leads["is_past"] = past
    findings = []
    for _, group in leads[past].groupby("key", sort=False):
        total = (group["units"] / 10.0 ** group["decimals"]).sum()
        findings.append(
            Finding(
                f"{file}, rows {', '.join(map(str, group['row']))}",
                f"single-choice answers to {group['question_id'].iloc[0]!r} that add to {total:g} percent",
                "They cannot share one base of one answer each, so each is read by itself.",
                "Where several answers were allowed write yes under multi_response; give groups, sides and "
                "years a question_id each.",
            )
        )
    leads.loc[past, "key"] = leads["key"] + "\x1frow " + leads["row"].astype("str")
    return leads, findings


def _beyond(leads: pd.DataFrame) -> dict[str, Recovered]:
    """Questions whose stated base is larger than any looked for: only that base is tried."""
    large = leads[leads["key"].isin(leads.loc[(leads["stated"] > LARGEST).fillna(False), "key"])]
    tried = {}
    for key, group in large.groupby("key", sort=False):
        base = np.array([int(group["stated"].max())])
        fits, _, _ = rules_reaching(*_digits(group), np.repeat(base, len(group)))
        ways = (fits[:, :2].all(axis=0).any(), fits[:, 2].all(), fits.any(axis=1).all())
        first = ways.index(True) if any(ways) else -1
        parts = [base if j == first else base[:0] for j in range(3)]
        tried[str(key)] = Recovered(str(key), *parts)
    return tried


def _digits(figures: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Printed percents as whole numbers and powers of ten, and printed counts (-1 for none)."""
    printed = figures["count"].astype("Float64").fillna(-1).to_numpy(dtype=float).astype(np.int64)
    return figures["units"].to_numpy(), 10 ** figures["decimals"].to_numpy(), printed


def _figures(leads: pd.DataFrame, settled: dict[str, Settled], level: float) -> pd.DataFrame:
    """One row a lead figure: base, count, limits over all its possible bases, and why."""
    mine = [settled[key] for key in leads["key"]]
    many = np.array([len(s.bases) for s in mine])
    rows = np.repeat(np.arange(len(leads)), many)
    bases = np.concatenate([s.bases for s in mine]) if len(mine) else np.array([], dtype=np.int64)
    ways = np.array([s.way for s in mine], dtype=object)[rows]
    units, scale, printed = (a[rows] for a in _digits(leads))
    counted = count_figures(units, scale, printed, bases, ways, level)
    pairs = pd.DataFrame(
        {
            "at": rows,
            "least": counted.low,
            "greatest": counted.high,
            "low": counted.bottom,
            "high": counted.top,
            **{rule: counted.rules[:, j] for j, rule in enumerate(("up", "even", "cut"))},
        }
    )
    over = pairs.groupby("at").agg(
        least=("least", "min"), greatest=("greatest", "max"), low=("low", "min"), high=("high", "max"),
        up=("up", "all"), even=("even", "all"), cut=("cut", "all"),
    ).reindex(range(len(leads)))  # fmt: skip
    table = leads[[*QUESTION, "option_id", "source_title", "row", "multi_response", "side"]].copy()
    table = table.reset_index(drop=True).assign(printed=leads["value"].to_numpy(), level=level)
    table["stated_base"] = pd.array([s.stated for s in mine], dtype="Int64")
    table["feasible_bases"] = [s.feasible for s in mine]
    table["base"] = pd.array([s.base for s in mine], dtype="Int64")
    is_count = (over["least"] == over["greatest"]).to_numpy()
    is_one = table["base"].notna().to_numpy() & is_count
    table["count"] = over["least"].where(is_count).astype("Int64").to_numpy()
    table["count"] = table["count"].astype("Int64")
    table["estimate"] = _shares(table)
    table["low"], table["high"] = over["low"], over["high"]
    table["method"] = np.where(over["low"].isna(), "", np.where(is_one, "clopper-pearson", "envelope"))
    reach = over[["up", "even", "cut"]].eq(True).itertuples(index=False, name=None)
    table["rounding"] = [
        _WORDS[bits] or (s.way if len(s.bases) else "") for bits, s in zip(reach, mine, strict=True)
    ]
    several = table["base"].notna().to_numpy() & ~is_one & over["low"].notna().to_numpy()
    past = leads["is_past"].to_numpy(dtype=bool)
    table["flag"] = [
        ";".join((*(("adds past 100",) if p else ()), *s.flags, *(("several counts",) if m else ())))
        for s, m, p in zip(mine, several, past, strict=True)
    ]
    elsewhere = leads["stated"].isna() & leads.groupby("key")["stated"].transform("count").gt(0)
    table["reasons"] = [
        (
            *((Reason("stated_beside"),) if e else ()),
            *s.why,
            *((Reason("several", {"low": f"{a:.0f}", "high": f"{b:.0f}"}),) if m else ()),
        )
        for s, m, a, b, e in zip(mine, several, over["least"], over["greatest"], elsewhere, strict=True)
    ]
    return table


def _shares(table: pd.DataFrame) -> np.ndarray:
    """Count over base, 0 to 1; nan where either is not unique."""
    return (table["count"] / table["base"]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _with_unused(table: pd.DataFrame, figures: Figures, sources: pd.DataFrame) -> pd.DataFrame:
    """Every other percent of the file with what it is to the figure used, in file order."""
    rest = figures.frame[(figures.frame["statistic"] == "percent") & ~figures.frame["row"].isin(table["row"])]
    held = sources.drop_duplicates("row").set_index("row").reindex(rest["row"])
    alone = np.where(rest["is_words"], "words", "not used")
    flag = np.where(held["agreement"].notna(), held["agreement"], alone)
    reasons = [
        (Reason(a, {"row": f"{r:.0f}", "printed": p}),) if isinstance(a, str) else (Reason(u),)
        for a, r, p, u in zip(
            held["agreement"], held["against"], held["against_printed"], unused_because(rest), strict=True
        )
    ]
    other = pd.DataFrame(
        {
            **{name: rest[name].to_numpy() for name in (*QUESTION, "option_id", "row", "source_title")},
            "printed": rest["value"].to_numpy(),
            "stated_base": rest["stated"].to_numpy(),
            "flag": flag,
            "reasons": reasons,
        }
    )
    both = pd.concat([table, other.astype({"stated_base": "Int64"})]).sort_values("row", kind="stable")
    text = ["feasible_bases", "method", "rounding"]
    both[text] = both[text].fillna("")
    return both.reset_index(drop=True)
