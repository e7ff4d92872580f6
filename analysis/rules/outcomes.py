"""What a rule can do to a flow, and how hard that is."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["OUTCOMES", "SEVERITY", "severity"]

OUTCOMES = (
    "none",
    "unknown",
    "between",
    "notify",
    "review",
    "licence",
    "prohibited_unless_rebutted",
    "prohibited",
)
"""Words of the column `outcome`, from the lightest; `between`: known bounds of a content leave both sides
of a threshold possible; `unknown`: a fact the rule asks for is not in the data."""

SEVERITY: Mapping[str, float] = {
    "none": 0.0,
    "unknown": 0.0,
    "between": 0.0,
    "notify": 0.25,
    "review": 0.25,
    "licence": 0.5,
    "prohibited_unless_rebutted": 1.0,
    "prohibited": 1.0,
}
"""Default weights (parameters); undecided outcomes weigh nothing here and the whole of `worst` in the
upper bound."""


def severity(outcomes: pd.Series, weights: Mapping[str, float] = SEVERITY) -> np.ndarray:
    """Weights of outcomes, shape as given; for the upper bound pass the column `worst`."""
    codes, words = pd.factorize(outcomes)
    return np.array([weights[str(word)] for word in words], dtype=float)[codes] if len(words) else np.empty(0)
