"""The answer: every firm's pressure with its doubt, its parts, and the model behind it."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from survey import Finding

__all__ = [
    "AVERAGED",
    "DOUBT_COLUMNS",
    "DRAWN_OVER",
    "DRIVER_COLUMNS",
    "INTERVAL_COLUMNS",
    "LEAVING_COLUMNS",
    "MODEL_COLUMNS",
    "TABLE_COLUMNS",
    "Pressure",
]

TABLE_COLUMNS = (
    "firm",
    "us",
    "us_low",
    "us_high",
    "cn",
    "cn_low",
    "cn_high",
    "squeeze",
    "squeeze_low",
    "squeeze_high",
    "p_choose",
    "p_choose_low",
    "p_choose_high",
    "rank_low",
    "rank_high",
    "p_top10",
    "tier",
    "drivers",
    "flag",
)
"""Columns of `Pressure.table`, in the order of the contract."""

INTERVAL_COLUMNS = (
    "firm",
    "stat",
    "n",
    "estimate",
    "low50",
    "high50",
    "low",
    "high",
    "level",
    "method",
    "flag",
)
"""Columns of `Pressure.intervals`."""

DRIVER_COLUMNS = ("firm", "term", "stat", "n", "estimate", "evidence")
"""Columns of `Pressure.drivers`."""

DRAWN_OVER = "drawn over "
"""What goes before sources of doubt in `method`; the sources are those of `doubts`, parted by `, `."""

AVERAGED = "spread of the linked firms of the sector"
"""Method of firms that their sector's average stands in for."""

DOUBT_COLUMNS = ("firm", "stat", "source", "n", "estimate", "low", "high", "sd", "ask", "method")
"""Columns of `Pressure.doubts`."""

LEAVING_COLUMNS = (
    "firm",
    "way",
    "step",
    "kind",
    "input",
    "channel",
    "party",
    "from",
    "to",
    "unit",
    "size",
    "squeeze_before",
    "squeeze_after",
    "p_before",
    "p_after",
    "stat",
    "n",
    "estimate",
    "low",
    "high",
    "level",
    "tier_before",
    "tier_after",
    "fewest",
    "method",
    "flag",
)
"""Columns of `Pressure.leaving`. `way` 1 is the smallest change that takes the firm out of the top tier, 2
and more are the smallest of each other kind; `step` counts the changes of a way that takes several, in the
order they are made, each row with what it and those before it come to. `kind`: `flow` or `party` (that
trade ends or goes to somebody no rule touches), `substitutability` (of a party's flows), `licence` (the
firm is free of a rule), `suspension` (of a rule, for every firm). `input` is the id of the flow, party or
rule; `from` and `to` its value in `unit` (share of the channel, substitutability, in force). `size`: the
part of the firm's own channel that the way touches, what smallest is about. `estimate` is squeeze after
less before, `low` and `high` its interval over the draws; `n` firms in the order. `fewest`: no way with
fewer steps can do. A row with a `flag` says why there is no way, or, with no firm, why there is no
table."""

MODEL_COLUMNS = ("stat", "n", "estimate", "low", "high", "level", "method", "why")
"""Columns of `Pressure.model`; `why` is the code of a `Note` and what it is about, parted by `|`."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """Pressure to choose of every firm of a study; frames are read-only.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a firm in the order of ids, never of ranks: `TABLE_COLUMNS`. Empty cells are nan or
        "", and `flag` says why.
    intervals : pandas.DataFrame
        One row a firm and stat (us, cn, squeeze, p_choose, rank, p_top10, tier, and the outer
        bounds us_outer, cn_outer, squeeze_outer): `INTERVAL_COLUMNS`. 50% limits beside the outer ones.
    channels : pandas.DataFrame
        us, cn, squeeze of each firm in each channel, with denominators and limits: `CHANNEL_COLUMNS`.
    drivers : pandas.DataFrame
        What each firm's logit and squeeze are made of: `DRIVER_COLUMNS`.
    collisions, contacts : pandas.DataFrame
        Rows of `analysis.collisions` and `analysis.contact` of these firms on `as_of`.
    model : pandas.DataFrame
        Events, coefficients, validation: `MODEL_COLUMNS`.
    findings : tuple[Finding, ...]
        What the user should know.
    as_of, calibrated_at : date
        Day of rules and links shown; day of fieldwork the model was trained on.
    flows : pandas.DataFrame
        Flows of these firms on `as_of`: `FLOW_COLUMNS`.
    affiliates : pandas.DataFrame
        Parties that listed owners hold on `as_of`: `DERIVED_COLUMNS`.
    ages : pandas.DataFrame or None
        How old the lists are on `as_of`, as `list_ages`; None where nobody was screened.
    composite : pandas.DataFrame
        Where `[pressure.composite]` is declared and there is no p_choose: the index of each firm and the
        range of its rank over weights, normalisations, aggregations: `COMPOSITE_COLUMNS`; else empty.
    calibration : pandas.DataFrame
        The calibration curve with its band: `CALIBRATION_COLUMNS`; empty where there is no model.
    doubts : pandas.DataFrame
        Share of each source of doubt in the variance of us, cn, squeeze and the logit of p_choose, of each
        firm and of all ("" in `firm`), as `doubt_rows`: `DOUBT_COLUMNS`.
    frozen : pandas.DataFrame
        Coefficients, their draws and settings, from which one firm's what-if is worked out: `FROZEN_COLUMNS`.
    agreement, agreement_firms : pandas.DataFrame
        What firms say of rules beside what their flows of the day of fieldwork say, over all and one by one:
        `AGREEMENT_COLUMNS`, `DISAGREEMENT_COLUMNS`; empty where `[pressure.selfreport]` names no question.
    """

    table: pd.DataFrame
    intervals: pd.DataFrame
    channels: pd.DataFrame
    drivers: pd.DataFrame
    collisions: pd.DataFrame
    contacts: pd.DataFrame
    model: pd.DataFrame
    findings: tuple[Finding, ...]
    as_of: date
    calibrated_at: date
    flows: pd.DataFrame = field(default_factory=pd.DataFrame)
    affiliates: pd.DataFrame = field(default_factory=pd.DataFrame)
    ages: pd.DataFrame | None = None
    composite: pd.DataFrame = field(default_factory=pd.DataFrame)
    calibration: pd.DataFrame = field(default_factory=pd.DataFrame)
    leaving: pd.DataFrame = field(default_factory=pd.DataFrame)
    doubts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DOUBT_COLUMNS)))
    frozen: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement_firms: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def is_transported(self) -> bool:
        """Whether rules and links are looked at on another day than the model was trained on."""
        return self.as_of != self.calibrated_at
