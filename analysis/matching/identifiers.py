"""Numbers that name one firm exactly: LEI, Japanese corporate number, Chinese credit code, DUNS."""

import numpy as np
import pandas as pd

__all__ = ["IDENTIFIERS", "is_valid", "tidy_identifiers"]

IDENTIFIERS = ("lei", "corporate_number", "uscc", "duns", "identifier")
"""Columns of names and lists that hold identifiers; the first three carry a check digit."""

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Signs of the Chinese unified social credit code (GB 32100-2015), in the order of their values."""


def tidy_identifiers(column: pd.Series) -> pd.Series:
    """Identifiers without spaces, hyphens and points, in upper case; `""` for none."""
    text = column.fillna("").astype("str").str.normalize("NFKC").str.upper()
    return text.str.replace(r"[\s.\-]", "", regex=True)


def is_valid(column: pd.Series, kind: str) -> np.ndarray:
    """Whether each identifier may be one of its kind: length, signs, check digit.

    Parameters
    ----------
    column : pandas.Series
        Tidy identifiers; `""` counts as valid.
    kind : str
        `lei` (ISO 17442, checked by ISO 7064 MOD 97-10), `corporate_number` (Japan, 13 digits, Cabinet
        ordinance of 2014), `uscc` (China, GB 32100-2015), `duns` (9 digits), `identifier` (anything).
    """
    blank = (column == "").to_numpy()
    pattern = {"lei": "[0-9A-Z]{18}[0-9]{2}", "corporate_number": "[0-9]{13}", "duns": "[0-9]{9}"}
    pattern["uscc"] = f"[{_SIGNS}]{{18}}"
    if kind not in pattern:
        return np.ones(len(column), dtype=bool)
    shaped = column.str.fullmatch(pattern[kind]).to_numpy(dtype=bool)
    checked = shaped.copy()
    if kind != "duns" and shaped.any():
        check = {"lei": _lei, "corporate_number": _corporate, "uscc": _credit}[kind]
        signs = np.array(column[shaped].tolist(), dtype="U").view("U1").reshape(int(shaped.sum()), -1)
        checked[shaped] = check(signs)
    good: np.ndarray = checked | blank
    return good


def _lei(signs: np.ndarray) -> np.ndarray:
    values = np.vectorize(lambda sign: int(sign, 36), otypes=[np.int64])(signs)
    rest = np.zeros(len(signs), dtype=np.int64)
    for place in range(signs.shape[1]):
        value = values[:, place]
        rest = (rest * np.where(value > 9, 100, 10) + value) % 97
    found: np.ndarray = rest == 1
    return found


def _corporate(signs: np.ndarray) -> np.ndarray:
    digits = signs.astype(np.int64)
    weights = np.array([2, 1] * 6)
    found: np.ndarray = digits[:, 0] == 9 - (digits[:, 1:] @ weights) % 9
    return found


def _credit(signs: np.ndarray) -> np.ndarray:
    values = np.vectorize(_SIGNS.index, otypes=[np.int64])(signs)
    weights = np.array([pow(3, place, 31) for place in range(17)])
    found: np.ndarray = (31 - (values[:, :17] @ weights) % 31) % 31 == values[:, 17]
    return found
