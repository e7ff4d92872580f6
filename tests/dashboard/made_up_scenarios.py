"""Tables of made-up scenarios, as a Release holds them: three alone, two together, one curve."""

import numpy as np
import pandas as pd

from analysis.release.scenarios import (
    BREADTH_COLUMNS,
    CHANGE_COLUMNS,
    EFFECT_COLUMNS,
    MOVE_COLUMNS,
    SCENARIO_COLUMNS,
)

__all__ = ["scenario_tables"]

_NAMED = [
    ("limb1", "ready", "", "The 0.1% rule back in force", "0.1％規則の再発効"),
    ("relief", "ready", "", "A licence without conditions", "無条件の許可"),
    ("nothing", "ready", "", "A law that touches nobody", "誰にも及ばない法律"),
    ("both", "together", "limb1|relief", "Both at once", "両方を同時に"),
]
_MEANS = {"limb1": 0.02, "relief": -0.01, "nothing": 0.0, "both": 0.012}


def _row(
    scenario: str, by: str, group: str, stat: str, n: int, before: float, change: float
) -> tuple[object, ...]:
    wide = 0.3 * abs(change)
    return (
        scenario, by, group, stat, n, before, before + change, change,
        change - wide, change + wide, 0.9, "the same draws before and after", "",
    )  # fmt: skip


def _effects(firms: pd.DataFrame, squeeze: pd.Series) -> pd.DataFrame:
    rows = []
    for scenario, mean in _MEANS.items():
        for stat in ("squeeze", "us", "cn", "p_choose"):
            part = mean * (0.0 if stat == "us" else 1.0)
            rows.append(_row(scenario, "", "", stat, len(firms), float(squeeze.mean()), part))
            for sector, own in squeeze.groupby(firms.set_index("firm")["sector"]):
                more = part * (2.0 if sector == "a" else 0.5)
                rows.append(_row(scenario, "sector", str(sector), stat, len(own), float(own.mean()), more))
            for at, (firm, before) in enumerate(squeeze.items()):
                change = 4 * part if at % 4 == 0 else (-0.5 * part if at % 9 == 1 else 0.0)
                change = max(change, -float(before))
                rows.append(_row(scenario, "firm", str(firm), stat, 1, float(before), change))
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def scenario_tables(tables: dict[str, pd.DataFrame], audience: str) -> dict[str, pd.DataFrame]:
    """Tables of made-up scenarios on the firms and the squeeze of a made-up Release."""
    named = pd.DataFrame(
        [
            (name, kind, parts, en, ja, f"What {en} would do, made up.", f"{ja}（架空）", "nobody's gazette")
            for name, kind, parts, en, ja in _NAMED
        ],
        columns=list(SCENARIO_COLUMNS),
    )
    limb = (
        "in_force",
        "CN-A61-L1",
        "CN-A61-L1",
        "suspended",
        "in force from 1999-12-31",
        "limb 1",
        "a notice",
    )
    gate = ("gates", "US-EL 3", "US-EL", "prohibited", "licence", "744.11", "15 CFR")
    rows = [("limb1", *limb), ("relief", *gate), ("both", *limb), ("both", *gate)]
    changes = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    found = {"scenarios": named, "scenario_changes": changes}
    if audience != "internal":
        return found
    pressure = tables["pressure"]
    squeeze = pressure[pressure["stat"] == "squeeze"].set_index("firm")["estimate"].astype(float)
    n = len(squeeze)
    found["scenario_effects"] = _effects(tables["firms"], squeeze)
    moves = [
        (name, float(before), float(after), "firms", n, float(count))
        for name in _MEANS
        for before, after, count in ((1, 1, 12), (2, 1, 4), (2, 2, 36), (1, 2, 2), (3, 2, 1), (3, 3, n - 55))
    ]
    found["scenario_moves"] = pd.DataFrame(moves, columns=list(MOVE_COLUMNS))
    value = np.array([0.1, 0.12, 0.18, 0.18, 0.3])
    found["breadth"] = pd.DataFrame(
        {
            "step": range(5),
            "label_en": ["as it is", "with chips", "with machines", "with code", "everything"],
            "label_ja": ["現状", "半導体を追加", "装置を追加", "ソフトを追加", "全品目"],
            "stat": "squeeze",
            "n": n,
            "estimate": value,
            "low": value - 0.02,
            "high": value + 0.03,
            "level": 0.9,
            "method": "the same draws at each step",
            "flag": "",
        }
    )[list(BREADTH_COLUMNS)]
    return found
