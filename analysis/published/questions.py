"""The questions of a table of printed figures, each with the bases it can have and the one it is given."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.published.counting import rules_reaching
from analysis.published.figures import Figures
from analysis.published.gates import Gate, follow_gates
from analysis.published.grouping import base_bounds, lead_figures
from analysis.published.recover import LARGEST, Recovered, recover_bases
from analysis.published.settling import Settled, settle_base
from survey import Finding

__all__ = ["Questions", "digits_of", "read_questions"]


@dataclass(frozen=True, slots=True)
class Questions:
    """Figures sorted into questions.

    Attributes
    ----------
    leads : pandas.DataFrame
        As `lead_figures` returns, with what `base_bounds` tells of each row's edition, `limit` (largest base
        looked for) and `is_past` (of a single-choice question that adds past 100; its `key` is its own).
    found : dict[str, Recovered]
        Bases each question can have, by `key`, narrowed by gates.
    settled : dict[str, Settled]
        The base each is given.
    findings : tuple[Finding, ...]
        Questions that cannot be what the file says.
    """

    leads: pd.DataFrame
    found: dict[str, Recovered]
    settled: dict[str, Settled]
    findings: tuple[Finding, ...]


def read_questions(
    figures: Figures, gates: tuple[Gate, ...] = (), *, least: int = 1, most: int | None = None
) -> Questions:
    """Sort figures into questions and settle their bases; arguments as of `audit_figures`."""
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
    return Questions(leads, found, settled, tuple(apart))


def digits_of(figures: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Printed percents as V and D (V/D percent), and printed counts (-1 for none); shape (k,) each."""
    printed = figures["count"].astype("Float64").fillna(-1).to_numpy(dtype=float).astype(np.int64)
    return figures["units"].to_numpy(), 10 ** figures["decimals"].to_numpy(), printed


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
        fits, _, _ = rules_reaching(*digits_of(group), np.repeat(base, len(group)))
        ways = (fits[:, :2].all(axis=0).any(), fits[:, 2].all(), fits.any(axis=1).all())
        first = ways.index(True) if any(ways) else -1
        parts = [base if j == first else base[:0] for j in range(3)]
        tried[str(key)] = Recovered(str(key), *parts)
    return tried
