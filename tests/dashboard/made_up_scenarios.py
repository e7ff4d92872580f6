"""Tables of made-up scenarios, as a Release holds them: three alone, two together, one curve."""

import numpy as np
import pandas as pd

from analysis.release.scenarios import SCENARIO_TABLES, shown_to

__all__ = ["scenario_tables"]

_NAMED = [
    ("limb1", "ready", "", "The 0.1% rule back in force", "0.1％規則の再発効"),
    ("relief", "ready", "", "A licence without conditions", "無条件の許可"),
    ("nothing", "own", "", "A law that touches nobody", "誰にも及ばない法律"),
    ("both", "together", "limb1|relief", "Both at once", "両方を同時に"),
]
_MEANS = {"limb1": 0.02, "relief": -0.01, "nothing": 0.0, "both": 0.012}
_CELLS = {
    "limb1": [(
        1, "reinstate", "in_force", "CN-A61 LIMB1", "CN-A61", "state", "suspended 1999-11-10 to open",
        "in_force 1999-12-31 to open", "", "a notice", "to see what it does",
    )],
    "relief": [
        (
            1, "threshold", "gates", "US-DEMIN-25 subject us_content", "US-DEMIN-25", "value", "0.25", "0",
            "734.4", "15 CFR", "",
        ),
        (2, "list", "listings", "P03", "US-EL", "list", "", "US-EL 1999-12-31 to open", "", "made up", ""),
    ],
}  # fmt: skip


def _row(
    scenario: str, by: str, group: str, stat: str, n: int, before: float, change: float
) -> tuple[object, ...]:
    wide = 0.3 * abs(change)
    ends = (change - wide, change + wide)
    return (
        scenario,
        by,
        group,
        stat,
        n,
        before,
        before + change,
        change,
        *ends,
        0.9,
        "paired draws",
        "",
        change,
    )


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
        for stat, before in (("reach_us", 2.5e9), ("reach_cn", 4e8), ("at_stake", 3.1e7)):
            rows.append(_row(scenario, "", "", stat, len(firms), before, 10 * mean * before))
    return pd.DataFrame(rows, columns=list(SCENARIO_TABLES["scenario_effects"]))


def _curve(n: int) -> pd.DataFrame:
    value = np.array([0.1, 0.12, 0.18, 0.18, 0.3])
    known = {"scenario": "both", "step": range(5), "stat": "squeeze", "n": n, "before": 0.1, "level": 0.9}
    words = {
        "en": ["as it is", "with chips", "with machines", "with code", "everything"],
        "ja": ["現状", "半導体を追加", "装置を追加", "ソフトを追加", "全品目"],
    }
    ends = {"after": value, "difference": value - 0.1, "low": value - 0.12, "high": value - 0.07}
    table = pd.DataFrame({**known, **words, **ends, "method": "paired draws", "flag": "", "estimate": value})
    return table[list(SCENARIO_TABLES["breadth"])]


def scenario_tables(tables: dict[str, pd.DataFrame], audience: str) -> dict[str, pd.DataFrame]:
    """Tables of made-up scenarios on the firms and the squeeze of a made-up Release, for an audience."""
    named = [
        (name, kind, parts, en, ja, en, f"{ja}（架空）", "Nobody moves.", "誰も動かない。", "gazette")
        for name, kind, parts, en, ja in _NAMED
    ]  # fmt: skip
    alone = [(part, *cell, part) for part, cells in _CELLS.items() for cell in cells]
    both = [("both", *cells[0], part) for part, cells in _CELLS.items()]
    changed = [*alone, *both]
    found = {
        "scenarios": pd.DataFrame(named, columns=list(SCENARIO_TABLES["scenarios"])),
        "scenario_changes": pd.DataFrame(changed, columns=list(SCENARIO_TABLES["scenario_changes"])),
    }
    if audience == "internal":
        pressure = tables["pressure"]
        squeeze = pressure[pressure["stat"] == "squeeze"].set_index("firm")["estimate"].astype(float)
        n = len(squeeze)
        found["scenario_effects"] = _effects(tables["firms"], squeeze)
        moves = [
            (name, before, after, count, "firms", n, float(count))
            for name in _MEANS
            for before, after, count in (
                (1, 1, 12),
                (2, 1, 4),
                (2, 2, 36),
                (1, 2, 2),
                (3, 2, 1),
                (3, 3, n - 55),
            )
        ]
        found["scenario_moves"] = pd.DataFrame(moves, columns=list(SCENARIO_TABLES["scenario_moves"]))
        found["breadth"] = _curve(n)
    return shown_to(found, is_open=audience == "internal")
