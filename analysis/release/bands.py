"""Pressure as questions: each firm's us, cn and squeeze put into bands, to be tabulated like answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey import Choice, Question, Wave

__all__ = ["BANDS", "INDICATORS", "band_places", "with_bands"]

BANDS: tuple[tuple[str, float, float, dict[str, str]], ...] = (
    ("0", 0.0, 0.0, {"en": "none", "ja": "なし"}),
    ("1", 0.0, 0.05, {"en": "up to 0.05", "ja": "0.05以下"}),
    ("2", 0.05, 0.10, {"en": "over 0.05, up to 0.10", "ja": "0.05超0.10以下"}),
    ("3", 0.10, 0.25, {"en": "over 0.10, up to 0.25", "ja": "0.10超0.25以下"}),
    ("4", 0.25, 1.0, {"en": "over 0.25", "ja": "0.25超"}),
)
"""Code, lower end (not in the band, except that of the first), upper end (in the band), wording."""

INDICATORS: dict[str, dict[str, str]] = {
    "us": {"en": "Reach of United States rules", "ja": "米国規制の及ぶ度合い"},
    "cn": {"en": "Reach of Chinese rules", "ja": "中国規制の及ぶ度合い"},
    "squeeze": {"en": "Squeeze between the two sides", "ja": "米中の板挟みの度合い"},
}
"""Indicators that are banded, with the wording of their question."""

_NOTHING = 1e-12
"""Values up to this are zero: sums of shares carry rounding error."""


def band_places(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The place in `BANDS` of each value of 0 to 1; a value equal to an upper end belongs to that band."""
    ends = np.array([_NOTHING, *[high for _, _, high, _ in BANDS[1:-1]]])
    return np.searchsorted(ends, values, side="left").astype(np.int64)


def with_bands(wave: Wave, pressure: pd.DataFrame, firms: pd.Series) -> Wave:
    """The wave with one more question an indicator: `pressure.us`, `pressure.cn`, `pressure.squeeze`.

    Parameters
    ----------
    wave : Wave
        Answers of n firms.
    pressure : pandas.DataFrame
        Columns `firm`, `us`, `cn`, `squeeze`, values 0 to 1, nan where the product abstains.
    firms : pandas.Series
        Shape (n,): id of each row's firm, as text.

    Returns
    -------
    Wave
        Columns hold the codes of `BANDS` as numbers, nan for a firm without the indicator.
    """
    choices = tuple(Choice(code, label, low=low, high=high) for code, low, high, label in BANDS)
    values = pressure.set_index("firm")
    columns = {}
    for name in INDICATORS:
        value = values[name].reindex(firms.to_numpy()).to_numpy(dtype=float)
        band = band_places(np.nan_to_num(value)).astype(float)
        columns[f"pressure.{name}"] = np.where(np.isnan(value), np.nan, band)
    questions = tuple(
        Question(f"pressure.{name}", "single", (f"pressure.{name}",), label=label, choices=choices)
        for name, label in INDICATORS.items()
    )
    codebook = replace(wave.codebook, questions=wave.codebook.questions + questions)
    frame = pd.concat([wave.frame, pd.DataFrame(columns, index=wave.frame.index)], axis=1)
    return replace(wave, frame=frame, codebook=codebook)
