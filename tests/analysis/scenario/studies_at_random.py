"""Small studies drawn at random: firms, their links and items, listed parties, answers."""

from pathlib import Path

import numpy as np
import pandas as pd

from survey import Study, load_study

__all__ = ["random_study"]

FIRMS, PARTNERS = 24, 30

_CODEBOOK = """
schema = 1
languages = ["en"]
[questions.id]
kind = "text"
role = "id"
[questions.chose]
kind = "single"
choices = [{ code = "1", label = { en = "Yes" } }, { code = "2", label = { en = "No" } }]
"""
_STUDY = """
schema = 1
id = "random"
languages = ["en"]
as_of = 2026-01-15
calibrated_at = 2026-01-15
[[waves]]
name = "w"
file = "w.csv"
codebook = "codebook.toml"
[design]
id = "id"
population = [24]
selection = "list"
target = "firms"
[supply]
links = "links.csv"
parties = "parties.csv"
items = "items.csv"
[rules]
catalogue = "builtin"
listings = "listings.csv"
lists_taken = 2026-01-10
[pressure]
outcome = "chose"
event = ["1"]
draws = 200
nonnegative = {signs}
slopes = {slopes}
"""
_COUNTRIES = ("JP", "US", "CN", "CN", "DE", "TW")
_TAGS = ("", "dual-use", "semiconductors", "rare earths", "telecom")
_CODES = ("850511", "854231", "848620", "280530", "392690")


def random_study(
    folder: Path, seed: int, *, slopes: tuple[str, ...] = ("squeeze",), signs: bool = True
) -> Study:
    """A study of 24 firms with about 200 links, written to a folder that is there."""
    rng = np.random.default_rng(seed)
    firms = [f"F{i:02d}" for i in range(FIRMS)]
    partners = [f"P{i:02d}" for i in range(PARTNERS)]
    home = dict.fromkeys(firms, "JP") | {p: str(rng.choice(_COUNTRIES)) for p in partners}
    many = int(rng.integers(120, 220))
    firm, partner, sells = rng.choice(firms, many), rng.choice(partners, many), rng.random(many) < 0.6
    frame = pd.DataFrame(
        {
            "buyer": np.where(sells, partner, firm),
            "supplier": np.where(sells, firm, partner),
            "product": [f"product {i}" for i in rng.integers(12, size=many)],
            "value": rng.lognormal(2.0, 1.0, many).round(2) + 0.01,
            "confidence": rng.choice([1.0, 0.9, 0.6], many),
        }
    ).drop_duplicates(["buyer", "supplier", "product"])
    frame.insert(2, "country", frame["supplier"].map(home))
    frame.to_csv(folder / "links.csv", index=False)
    named = list(home)
    pd.DataFrame({"party": named, "name": named, "country": list(home.values()), "kind": "firm"}).to_csv(
        folder / "parties.csv", index=False
    )
    sold = frame[["supplier", "product"]].drop_duplicates().rename(columns={"supplier": "party"})
    size = len(sold)
    sold.assign(
        hs=rng.choice(_CODES, size),
        eccn=rng.choice(["EAR99", "3A001", "5A991"], size),
        technology=rng.choice(_TAGS, size),
        us_content=rng.uniform(0, 0.5, size).round(3),
        cn_content=rng.uniform(0, 0.1, size).round(4),
        origin=rng.choice(["JP", "US", "CN"], size),
        direct_product="no",
    ).to_csv(folder / "items.csv", index=False)
    listed = pd.DataFrame({"party": rng.choice(partners, 8, replace=False)})
    listed["list"] = rng.choice(["US-EL", "US-SDN", "US-UVL", "CN-UEL"], len(listed))
    for column in ("from", "to", "evidence"):
        listed[column] = ""
    listed.to_csv(folder / "listings.csv", index=False)
    answers = np.where(rng.permutation(FIRMS) < int(rng.integers(7, 14)), "1", "2")
    pd.DataFrame({"id": firms, "chose": answers}).to_csv(folder / "w.csv", index=False)
    (folder / "codebook.toml").write_text(_CODEBOOK, encoding="utf-8")
    said = "[" + ", ".join(f'"{slope}"' for slope in slopes) + "]"
    text = _STUDY.replace("{signs}", str(signs).lower()).replace("{slopes}", said)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return load_study(folder)
