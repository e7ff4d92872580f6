"""A small made-up survey with follow-ups, nets, sets and silence, to release and to attack."""

from pathlib import Path

import numpy as np
import pandas as pd

from survey import Study, load_study

__all__ = ["CODEBOOK", "draw_answers", "write_world"]

CODEBOOK = """
schema = 1
languages = ["en"]
[questions.id]
kind = "text"
role = "id"
[questions.sector]
kind = "single"
choices = [
  { code = "1", label = { en = "One" } }, { code = "2", label = { en = "Two" } },
  { code = "3", label = { en = "Three" } }, { code = "4", label = { en = "Four" } },
]
[questions.sales]
kind = "single"
nets = { most = ["3", "4", "5"], some = ["2", "3", "4", "5"] }
choices = [
  { code = "1", label = { en = "None" } }, { code = "2", label = { en = "Few" } },
  { code = "3", label = { en = "Some" } }, { code = "4", label = { en = "Many" } },
  { code = "5", label = { en = "All" } },
]
missing = [{ code = 9, reason = "no_answer" }]
[questions.acts]
kind = "single"
choices = [{ code = "1", label = { en = "Yes" } }, { code = "2", label = { en = "No" } }]
missing = [{ code = 9, reason = "no_answer" }]
[questions.how]
kind = "single"
asked_if = "acts == 1"
choices = [
  { code = "1", label = { en = "Early" } }, { code = "2", label = { en = "Late" } },
  { code = "3", label = { en = "Never" } },
]
missing = [{ code = 9, reason = "no_answer" }]
[questions.fears]
kind = "multiple"
columns = ["f_a", "f_b", "f_c", "f_d"]
counted = "1"
choices = [
  { code = "a", label = { en = "A" }, column = "f_a" }, { code = "b", label = { en = "B" }, column = "f_b" },
  { code = "c", label = { en = "C" }, column = "f_c" }, { code = "d", label = { en = "D" }, column = "f_d" },
]
[questions.chose]
kind = "binary"
counted = "1"
choices = [{ code = "1", label = { en = "Yes" } }, { code = "0", label = { en = "No" } }]
"""

_STUDY = """
schema = 1
id = "world"
languages = ["en"]
as_of = 2026-01-15
[[waves]]
name = "w"
file = "w.csv"
codebook = "codebook.toml"
[design]
id = "id"
population = [{population}]
selection = "list"
target = "firms"
[release]
audiences = ["internal", "members", "public"]
headline = ["fears"]
contrasts = [["fears", "a", "b"]]
{more}
"""


def write_world(
    folder: Path,
    firms: int,
    seed: int = 1,
    *,
    answers: pd.DataFrame | None = None,
    more: str = "",
    population: int = 0,
    weights: str = "",
) -> Study:
    """Write a study of made-up firms into a folder and read it.

    Parameters
    ----------
    firms : int
    seed : int
    answers : pandas.DataFrame, optional
        Their answers; by default drawn with the seed.
    more : str
        Further lines of `[release]`.
    population : int
        Firms approached; by default those that answered.
    weights : str
        "drawn": a weight of its own for each firm; "strata": one for each sector; "": all alike.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frame = draw_answers(firms, seed) if answers is None else answers
    if weights:
        rng = np.random.default_rng([seed, firms, 5])
        one = rng.lognormal(0.5, 0.6, len(frame)) if weights == "drawn" else rng.lognormal(0.5, 0.6, 5)
        frame = frame.assign(weight=one if weights == "drawn" else one[frame["sector"].to_numpy(dtype=int)])
    frame.to_csv(folder / "w.csv", index=False)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    text = _STUDY.replace("{population}", str(population or len(frame))).replace("{more}", more)
    if weights:
        text = text.replace(f"population = [{population or len(frame)}]", 'weight = "weight"')
        text = text.replace('selection = "list"', 'selection = "probability"')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return load_study(folder)


def draw_answers(firms: int, seed: int) -> pd.DataFrame:
    """Answers of made-up firms; shares differ from seed to seed, so that each has cells of every size."""
    rng = np.random.default_rng([seed, firms])

    def single(options: int, silent: float = 0.0) -> np.ndarray:
        chance = rng.dirichlet(np.full(options, 0.7))
        codes = rng.choice(np.arange(1, options + 1), firms, p=chance).astype(object)
        codes[rng.random(firms) < silent] = 9
        return codes

    acts = single(2, 0.03)
    how = single(3, 0.03)
    how[acts != 1] = ""
    table = {
        "id": [f"W{seed}F{i:04d}" for i in range(firms)],
        "sector": single(4), "sales": single(5, 0.04), "acts": acts, "how": how,
        **{f"f_{c}": (rng.random(firms) < rng.beta(0.7, 0.7)).astype(int) for c in "abcd"},
        "chose": (rng.random(firms) < rng.uniform(0.02, 0.4)).astype(int),
    }  # fmt: skip
    return pd.DataFrame(table)
