"""One figure in several sources: differences of rounding, complements, misprints."""

import numpy as np
import pandas as pd

from analysis.published.figures import Figures
from analysis.published.grouping import QUESTION

__all__ = ["AGREEMENTS", "compare_sources"]

AGREEMENTS = ("words", "same", "rounding", "dropped", "complement", "swapped", "loose", "misprint")
"""What a second figure is to the first; what each means is in `REASONS`."""


def compare_sources(figures: Figures, leads: pd.DataFrame) -> pd.DataFrame:
    """Every further figure about an answer held against the one that is used.

    Which of two figures is right, no arithmetic can tell: the used one has more digits, or the file
    says `usable = no` of the other. Where count and base are known, the share itself is compared.

    Parameters
    ----------
    leads : pandas.DataFrame
        As `lead_figures` returns, with `share`: the recovered share, 0 to 1, nan where not unique.

    Returns
    -------
    pandas.DataFrame
        Columns `row`, `against` (row of the figure used), `agreement` (of `AGREEMENTS`), `printed`,
        `against_printed`, `source`, `against_source`; in file order.
    """
    frame = figures.frame[figures.frame["statistic"] == "percent"]
    answer = [*QUESTION, "option_id"]
    names = [*answer, "row", "units", "decimals", "value", "source_title", "share"]
    used = leads[names].drop_duplicates(answer)
    pairs = frame.merge(used, on=answer, suffixes=("", "_lead"))
    pairs = pairs[pairs["row"] != pairs["row_lead"]].sort_values("row")
    unit = 10.0 ** -pairs["decimals_lead"].to_numpy(dtype=float)
    lead = pairs["units_lead"].to_numpy(dtype=float) * unit
    share = 100 * pairs["share"].to_numpy(dtype=float)
    middle, half = np.where(np.isnan(share), lead, share), np.where(np.isnan(share), unit / 2, 0.0)
    other_unit = 10.0 ** -pairs["decimals"].to_numpy(dtype=float)
    other = pairs["units"].to_numpy(dtype=float) * other_unit

    def near(value: np.ndarray, step: np.ndarray | float) -> np.ndarray:
        """Whether a share that prints as `value` can print as the other figure, rounded to `step`."""
        return np.abs(value - other) <= np.asarray(step) / 2 + half + 1e-9

    dropped = (other <= middle + half + 1e-9) & (middle - half + 1e-9 < other + other_unit)
    loosely = np.isclose(other % 5, 0) & near(middle, 5.0)
    loosely |= np.isclose(other % 10, 0) & near(middle, 10.0)
    digits = pairs["units"].astype("str").map(sorted).map("".join).to_numpy()
    lead_digits = pairs["units_lead"].astype("str").map(sorted).map("".join).to_numpy()
    whole = pairs["decimals_lead"].to_numpy() == pairs["decimals"].to_numpy()
    is_words = pairs["is_words"].to_numpy(dtype=bool)
    agreement = np.select(
        [
            is_words,
            other == lead,
            near(middle, other_unit) & (other_unit >= unit),
            dropped & (other_unit > unit),
            near(100.0 - middle, other_unit),
            (digits == lead_digits) & whole,
            loosely,
        ],
        AGREEMENTS[:-1],
        AGREEMENTS[-1],
    )
    return pd.DataFrame(
        {
            "row": pairs["row"].to_numpy(),
            "against": pairs["row_lead"].to_numpy(),
            "agreement": agreement,
            "printed": pairs["value"].to_numpy(),
            "against_printed": pairs["value_lead"].to_numpy(),
            "source": pairs["source_title"].to_numpy(),
            "against_source": pairs["source_title_lead"].to_numpy(),
        }
    )
