"""What a table leaves open, by trying every combination of counts: the referee of the attack's programmes."""

import itertools
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimate.intervals import hypergeometric_limits

__all__ = ["leaks", "left_open"]

MOST = 400_000
"""Combinations up to which all are tried."""


def population_of(internal: Path, rows: pd.DataFrame) -> float:
    """Firms that could have answered: of a follow-up as its errors say, else as the study says."""
    told = rows[(rows["se"] > 0) & (rows["estimate"] > 0) & (rows["estimate"] < 1)].astype({"n": float})
    if len(told):
        row = told.iloc[0]
        spread = row["estimate"] * (1 - row["estimate"])
        return float(row["n"] / (1 - row["se"] ** 2 * (row["n"] - 1) / spread))
    if set(rows["method"]) == {"census"}:
        return float(rows["n"].iloc[0])
    text = (internal.parents[1] / "study" / "study.toml").read_text(encoding="utf-8")
    return float(tomllib.loads(text)["design"]["population"][0])


def beside(row: pd.Series, method: str, firms: int, whole: float) -> set[tuple[int, int]]:
    """Firms that answered, and of them those that said so, for whom the product would print this row."""
    sizes = range(1, firms + 1)
    if np.isfinite(row["n"]) or np.isfinite(row["df"]):
        sizes = [round(row["n"] if np.isfinite(row["n"]) else row["df"] + 1)]
    if np.isfinite(row["estimate"]):
        return {(n, round(row["estimate"] * n)) for n in sizes}
    found = set()
    for n in sizes:
        x = np.arange(n + 1)
        fits = np.ones(n + 1, dtype=bool)
        if np.isfinite(row["se"]):
            error = np.sqrt(x / n * (1 - x / n) / max(n - 1, 1) * max(1 - n / whole, 0.0))
            fits &= np.abs(error - row["se"]) < 1e-8
        if np.isfinite(row["low"]):
            if method == "hypergeometric":
                ends = hypergeometric_limits(x, np.full(n + 1, n), np.full(n + 1, round(whole)))
            else:
                concerned = n / (1 - row["high"] + row["low"])
                is_whole = abs(concerned - round(concerned)) < 1e-6
                ends = [x / concerned, (concerned - n + x) / concerned] if is_whole else [x + 9.0, x]
            fits &= (np.abs(ends[0] - row["low"]) < 1e-9) & (np.abs(ends[1] - row["high"]) < 1e-9)
        found |= {(n, int(one)) for one in x[fits]}
    return found


def left_open(members: Path, internal: Path, question: str) -> dict[str, set[tuple[int, int]]] | None:
    """Option to every (answered, said so) that agrees with all rows of its question; None where too many."""
    key = ["question", "option", "by", "base_rule"]
    table, truth = (pd.read_parquet(folder / "estimates.parquet") for folder in (members, internal))
    mine = table[(table["question"] == question) & (table["by"] == "") & (table["base_rule"] == "answered")]
    number = ["n", "df", "estimate", "se", "low", "high", "n_eff"]
    about = json.loads((members / "manifest.json").read_text(encoding="utf-8"))
    kinds = pd.read_parquet(members / "questions.parquet").set_index("question")
    nets = dict(part.split("=") for part in kinds.loc[question, "nets"].split("|") if part)
    rows = mine[number].astype(float)
    true_rows = mine[key].merge(truth, on=key)
    whole, firms = population_of(internal, true_rows), int(about["firms"])
    sets = [
        beside(row, how, firms, whole)
        for (_, row), how in zip(rows.iterrows(), true_rows["method"], strict=True)
    ]
    found: dict[str, set[tuple[int, int]]] = {option: set() for option in mine["option"]}
    options = list(mine["option"])
    for n in sorted(set.intersection(*[{size for size, _ in one} for one in sets])):
        counts = [sorted(x for size, x in one if size == n) for one in sets]
        if kinds.loc[question, "kind"] == "single":
            plain = [k for k, option in enumerate(options) if option not in nets]
            free = plain[:-1]
            if np.prod([len(counts[k]) for k in free], dtype=float) > MOST:
                return None
            for tried in itertools.product(*(counts[k] for k in free)):
                if sum(tried) > n:
                    continue
                all_of = dict(zip((options[k] for k in free), tried, strict=True))
                all_of[options[plain[-1]]] = n - sum(tried)  # every firm that answered gave one answer
                all_of |= {net: sum(all_of[part] for part in parts.split(";")) for net, parts in nets.items()}
                if all(all_of[option] in counts[k] for k, option in enumerate(options)):
                    for option, count in all_of.items():
                        found[option].add((n, count))
        else:
            for option, one in zip(options, counts, strict=True):
                found[option] |= {(n, x) for x in one}
    for option, n, share in true_rows[["option", "n", "estimate"]].itertuples(index=False):
        assert (n, round(share * n)) in found[option], f"{question} {option}: the truth is not among them"
    return found


def leaks(members: Path, internal: Path, floor: int = 8) -> bool:
    """Whether some hidden count of all firms is under the floor, or leaves as few, whatever it is.

    Of tables of which a safe count is possible at all; True where there are too many combinations to try.
    """
    table = pd.read_parquet(members / "estimates.parquet")
    table = table[(table["by"] == "") & (table["base_rule"] == "answered")]
    for question, rows in table.groupby("question", sort=False):
        if not rows["estimate"].isna().any():
            continue
        found = left_open(members, internal, str(question))
        if found is None:
            return True
        for option in rows.loc[rows["estimate"].isna(), "option"]:
            left = found[option]
            if left and all(n >= 2 * floor and (x < floor or n - x < floor) for n, x in left):
                return True
    return False
