"""Names of public lists, damaged, are looked up: how many are found, how many wrongly, beside nomenklatura.

Run: python -m tests.benchmarks.matching [--quick] [--fit]

CROSSPRESSURE_REALDATA names the folder of the lists, CROSSPRESSURE_NOMENKLATURA a Python that has
nomenklatura, which is no dependency: a virtual environment of its own. --fit fits the scorer anew
(data/reference/matching/model.csv) on one half of the lists; all that is told here is told of the other half.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit

from analysis.matching.alignment import lay_side_by_side
from analysis.matching.blocking import candidate_pairs
from analysis.matching.forms import normal_forms
from analysis.matching.pairing import match_names
from analysis.matching.scoring import probabilities, scoring_terms
from survey import data_folder
from tests.benchmarks.damaged_names import Trial, read_lists, trial
from tests.benchmarks.rows import Row, store

__all__ = ["best_pairs", "labelled_pairs", "main", "recall_at"]

PRECISION = 0.95
GIVEN = "CROSSPRESSURE_NOMENKLATURA"


def labelled_pairs(given: Trial) -> pd.DataFrame:
    """Candidate pairs of a trial side by side, with `query`, `entry`, `spelled`, `is_right`."""
    asked, listed = normal_forms(given.asked["name"]), normal_forms(given.listed["name"])
    left, right = candidate_pairs(asked, listed)
    pairs = lay_side_by_side(asked, listed, left, right)
    at = listed.frame["name"].to_numpy()[right]
    pairs["query"] = asked.frame["name"].to_numpy()[left]
    pairs["entry"] = given.listed["entry"].to_numpy()[at]
    pairs["spelled"] = given.listed["name"].to_numpy()[at]
    right_ones = given.asked["entries"].str.split("|").explode()
    truth = pd.MultiIndex.from_arrays([right_ones.index, right_ones])
    pairs["is_right"] = pd.MultiIndex.from_arrays([pairs["query"], pairs["entry"]]).isin(truth)
    return pairs


def fit_weights(terms: pd.DataFrame, is_right: np.ndarray) -> np.ndarray:
    """Logistic regression with a light ridge on standardised terms; weights on the terms as they are."""
    plain = terms.to_numpy()
    middle, spread = plain.mean(axis=0), plain.std(axis=0)
    spread[spread == 0] = 1.0
    middle[-1], spread[-1] = 0.0, 1.0
    scaled = (plain - middle) / spread

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        line = scaled @ weights
        ridge = 0.1 / len(scaled) * np.r_[weights[:-1], 0]
        value = np.mean(np.logaddexp(0, line) - is_right * line) + 0.5 * ridge @ weights
        return float(value), scaled.T @ (expit(line) - is_right) / len(scaled) + ridge

    start = np.zeros(plain.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000}).x / spread
    found[-1] -= found[:-1] @ middle[:-1]
    return found


def fit(folder: Path) -> None:
    """Write model.csv: fitted on half 0; names read by sound on a trial of their own beside it."""
    pairs = labelled_pairs(trial(folder, 0, 8000, np.random.default_rng(11)))
    more = labelled_pairs(trial(folder, 0, 4000, np.random.default_rng(13), twice=0.3))
    by_sound = pd.concat([part[part["is_heard"]] for part in (pairs, more)])
    plain = pairs[~pairs["is_heard"].astype(bool)]
    model = pd.DataFrame({"term": scoring_terms(pairs).columns})
    for column, part in (("plain", plain), ("heard", by_sound)):
        model[column] = fit_weights(scoring_terms(part), part["is_right"].to_numpy(dtype=float)).round(4)
    model.to_csv(data_folder() / "reference" / "matching" / "model.csv", index=False, lineterminator="\n")


def best_pairs(given: Trial, pairs: pd.DataFrame, score: np.ndarray) -> pd.DataFrame:
    """The names of a trial with the score of their best pair and whether it is right."""
    best = pairs[["query", "is_right", "entry", "spelled"]].assign(score=score)
    best = best.sort_values(["query", "score"], ascending=[True, False], kind="stable").drop_duplicates(
        "query"
    )
    out = given.asked.join(best.set_index("query"))
    return out.assign(score=out["score"].fillna(-1.0), is_right=out["is_right"].fillna(False).astype(bool))


def recall_at(best: pd.DataFrame, precision: float) -> tuple[float, float]:
    """Largest recall at rank one with at least this precision, and its threshold; ties go together."""
    best = best.sort_values("score", ascending=False)
    right = best["is_right"].cumsum().to_numpy()
    last = (best["score"] != best["score"].shift(-1)).to_numpy()
    holds = np.flatnonzero(last & (right >= precision * np.arange(1, len(best) + 1)))
    if not len(holds):
        return 0.0, 1.0
    return float(right[holds[-1]] / (best["entries"] != "").sum()), float(best["score"].iloc[holds[-1]])


def peer(given: Trial, pairs: pd.DataFrame, python: str) -> tuple[pd.DataFrame, str]:
    """nomenklatura's best of the candidates: our eight likeliest entries of each name."""
    near = pairs.assign(score=probabilities(pairs)).sort_values(["query", "score"], ascending=[True, False])
    near = near.drop_duplicates(["query", "entry"])
    near = near[near.groupby("query").cumcount() < 8]
    with TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("pairs.csv", "listed.csv", "out.csv")]
        asked = pd.DataFrame({"asked": near["query"], "entry": near["entry"]})
        asked.assign(name=given.asked["name"].to_numpy()[near["query"]]).to_csv(files[0], index=False)
        given.listed.to_csv(files[1], index=False)
        said = subprocess.run(
            [python, str(Path(__file__).with_name("matching_peer.py")), *files],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        score = pd.read_csv(files[2])["score"].to_numpy()
    return best_pairs(given, near, score), said[0]


def main(words: list[str]) -> int:
    """Quality on the held-out half, then speed: 10,000 names, 15,000 listed ones."""
    place = os.environ.get("CROSSPRESSURE_REALDATA")
    if not place:
        print("CROSSPRESSURE_REALDATA names no folder: nothing to look up")
        return 2
    folder, is_quick = Path(place), "--quick" in words
    if "--fit" in words:
        fit(folder)
    rows = []
    for twice, many in ((0.1, 600 if is_quick else 4000), (0.5, 600 if is_quick else 2000)):
        given = trial(folder, 1, many, np.random.default_rng(2026), twice=twice)
        pairs = labelled_pairs(given)
        ours = best_pairs(given, pairs, probabilities(pairs))
        recall, threshold = recall_at(ours, PRECISION)
        taken = ours["score"] >= threshold
        ours["found"] = ours["is_right"] & taken
        print(f"\n{twice:.0%} damaged twice, threshold {threshold:.3f}: found, or taken if on no list")
        print(ours.assign(taken=taken).groupby("kind")[["found", "taken"]].mean().round(3).to_string())
        python, theirs, name = os.environ.get(GIVEN), None, ""
        if python:
            best, version = peer(given, pairs, python)
            theirs, name = recall_at(best, PRECISION)[0], f"nomenklatura {version} logic-v2"
        kept = twice > 0.1 or (recall >= PRECISION and (theirs is None or recall > theirs))
        what = (
            f"recall at rank one, precision {PRECISION}, {many:,} damaged ({twice:.0%} twice), as many others"
        )
        bound = "" if twice > 0.1 else ">= 0.95 and above nomenklatura"
        rows.append(Row(what, recall, "share", name, theirs, bound, kept, "held-out half"))
        sure = ours[ours["score"] >= 0.9]
        rows.append(
            Row("right among those of probability 0.9 or more", float(sure["is_right"].mean()), "share")
        )
    rows.append(speed(folder, 2_000 if is_quick else 10_000))
    return store("matching", rows)


def speed(folder: Path, many: int) -> Row:
    """Processor seconds from names to outcomes and reasons."""
    world = pd.read_parquet(folder / "gleif" / "gleif_tech_firms.parquet", columns=["lei", "legal_name"])
    world = world.rename(columns={"lei": "entry", "legal_name": "name"})
    lists = read_lists(folder)
    listed = pd.concat([lists, world.iloc[: 15_000 - len(lists)]], ignore_index=True)
    damaged = trial(folder, 1, many // 2, np.random.default_rng(5)).asked["name"]
    start = time.process_time()
    match_names(pd.DataFrame({"name": damaged}), listed)
    seconds = time.process_time() - start
    return Row(
        f"{many:,} names in {len(listed):,} listed",
        seconds,
        "cpu s",
        bound="< 15 cpu s",
        is_kept=seconds < 15,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
