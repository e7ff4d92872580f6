"""How many firms gave each answer: what the figures published for a wave imply, and what we chose beside."""

import csv
from collections.abc import Mapping
from pathlib import Path

from survey.faults import FileFault

__all__ = ["CHOSEN_BASES", "CHOSEN_COUNTS", "published_counts"]

CHOSEN_BASES: Mapping[str, int] = {
    "awareness": 100,
    "sales_share_us": 100,
    "sales_share_cn": 100,
    "active_us": 100,
    "active_cn": 100,
    "tech_transfer_demand": 73,
}
"""Firms that answered, where no source prints the base: our choice among those that fit."""

CHOSEN_COUNTS: Mapping[str, Mapping[str, int]] = {
    "sales_share_us": {"6": 5, "5": 14, "4": 20, "2": 22},
    "sales_share_cn": {"6": 3, "5": 8, "4": 14, "2": 37},
    "awareness": {"1": 61, "4": 0},
    "gov_request": {"3": 14, "4": 9, "5": 6},
    "tech_transfer_complied": {"2": 4},
    "main_challenge": {"staff": 38, "cost": 23},
    "measures_taken": {"new_unit": 27, "investment_plan_change": 19, "relocate_production": 14},
}
"""Firms that gave an answer no source prints a figure for: invented."""


def published_counts(file: Path, wave: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Counts and bases that the usable published figures of one wave imply.

    Parameters
    ----------
    file : Path
        Table of published figures, columns `wave,question_id,option_id,statistic,value,n_yes,
        base_n,derived_base_n,usable` at least.
    wave : str
        Wave, such as `2021`.

    Returns
    -------
    dict
        (question id, option id) to (firms that chose it, firms that answered). Where a figure has
        no count of its own, the count is the whole number of firms nearest to the printed percent
        of the base in `CHOSEN_BASES`.

    Raises
    ------
    FileFault
        The file does not exist, or holds no usable percent of this wave.
    """
    if not file.is_file():
        raise FileFault(
            str(file), "no such file", "the table of published figures", "restore data/reference/published"
        )
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["wave"] != wave or row["usable"] != "yes" or row["statistic"] != "percent":
                continue
            question, option = row["question_id"], row["option_id"]
            if question == "sales_share":
                question = f"sales_share_{option[:2]}"
            printed = (row["base_n"] or row["derived_base_n"]).split(" ")[0]
            base = int(printed) if printed.isdigit() else CHOSEN_BASES[question]
            count = int(row["n_yes"]) if row["n_yes"] else round(float(row["value"]) * base / 100)
            counts[question, option] = (count, base)
    if not counts:
        raise FileFault(
            str(file), f"no usable percent of wave {wave}", "rows of this wave", "name a wave of the file"
        )
    return counts
