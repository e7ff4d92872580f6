"""Whose technology it is: the firms of a study, and the firms of a country or of Europe."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["EUROPE", "HOMES", "SIDES", "home_members"]

SIDES = {"us": ("US",), "cn": ("CN", "HK", "MO")}
"""Countries of each side, as collisions count them."""

EUROPE = (
    *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU"),
    *("IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
"""European Union and the European Economic Area, the United Kingdom and Switzerland, one home."""

HOMES = {"JP": ("JP",), "KR": ("KR",), "TW": ("TW",), "EU": EUROPE}
"""Homes that stand side by side, by the country of the party."""


def home_members(
    parties: "pd.Series[str]", countries: "pd.Series[str]", home: str, firms: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Which of some parties belong to a home; "" is the firms of the study.

    Parameters
    ----------
    parties, countries : pandas.Series of shape (m,)
        Parties and their own countries.
    home : str
        A key of `HOMES`, or "".
    firms : tuple[str, ...]
        Of the study.
    """
    if home == "":
        return np.asarray(parties.isin(firms))
    return np.asarray(countries.isin(HOMES[home]))
