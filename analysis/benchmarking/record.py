"""What comes of a comparison: where one firm stands, what would move it, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey import Finding

__all__ = ["BENCHMARK_COLUMNS", "MOVE_COLUMNS", "Benchmark"]

BENCHMARK_COLUMNS = (
    "kind",
    "question",
    "option",
    "by",
    "group",
    "own",
    "own_low",
    "own_high",
    "stat",
    "n",
    "base",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "flag",
)
"""Columns of `Benchmark.table`."""

MOVE_COLUMNS = (
    "measure",
    "kind",
    "what",
    "partner",
    "channel",
    "before",
    "after",
    "stat",
    "n",
    "estimate",
    "low",
    "high",
    "evidence",
)
"""Columns of `Benchmark.moves`."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One firm beside the firms of a Release; a function of what it brought and of released bytes alone.

    Attributes
    ----------
    table : pandas.DataFrame
        `BENCHMARK_COLUMNS`, one row a measure or answer and group of peers. `kind` is `pressure`, `answer` or
        `control`; `own` the firm's own value or code, as text; `own_low`, `own_high` its limits where it
        has any. `stat` says what `estimate` is: `percentile`, the share of peers that stand lower, and half
        of those that stand the same; or `share`, the share of peers that gave the answer `option`. `low`
        and `high` of a percentile hold every place that the released table leaves open. `n` and `base` are
        those of the peers. Hidden cells are nan, their flag `suppressed`.
    moves : pandas.DataFrame
        `MOVE_COLUMNS`: what would change a measure, greatest first, from `before` to `after`, and the
        percentile (`estimate`, `low`, `high`) it would then have.
    findings : tuple[Finding, ...]
        What was passed over, or is not comparable.
    about : Mapping[str, Any]
        `study, title, wave, audience, as_of, synthetic, product_version, is_preview, firm, answered, links,
        drawn_over`: the last are the sources of doubt that its own limits go over.
    """

    table: pd.DataFrame
    moves: pd.DataFrame
    findings: tuple[Finding, ...]
    about: Mapping[str, Any]
