"""The audit of printed figures: each with its possible bases, its count, its doubt, and what is wrong."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.published.contrasts import compare_answers, compare_waves
from analysis.published.counting import count_figures
from analysis.published.disagreement import compare_sources
from analysis.published.exposure import compare_editions, small_cells
from analysis.published.figures import Figures, unused_because
from analysis.published.gates import Gate
from analysis.published.grouping import QUESTION
from analysis.published.questions import digits_of, read_questions
from analysis.published.reasons import Reason, as_text
from analysis.published.settling import Settled
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
    read = read_questions(figures, gates, least=least, most=most)
    leads, settled = read.leads, read.settled
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
        (*figures.findings, *read.findings),
        figures.file,
        level,
    )


def _figures(leads: pd.DataFrame, settled: dict[str, Settled], level: float) -> pd.DataFrame:
    """One row a lead figure: base, count, limits over all its possible bases, and why."""
    mine = [settled[key] for key in leads["key"]]
    many = np.array([len(s.bases) for s in mine])
    rows = np.repeat(np.arange(len(leads)), many)
    bases = np.concatenate([s.bases for s in mine]) if len(mine) else np.array([], dtype=np.int64)
    ways = np.array([s.way for s in mine], dtype=object)[rows]
    units, scale, printed = (a[rows] for a in digits_of(leads))
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
