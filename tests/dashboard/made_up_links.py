"""Links of made-up firms, and what a Release holds of them for one audience."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure.audiences import floor_for, known_to
from analysis.disclosure.private import PrivateRules
from analysis.release.dependence import dependence_of
from analysis.release.exposure import protected_exposure
from analysis.supply.links import load_links
from survey import load_study

__all__ = ["supply_tables"]

_STUDY = (
    'schema = 1\nid = "made_up"\ntitle = { en = "Made-up links" }\nlanguages = ["en", "ja"]\n'
    '[supply]\nlinks = "links.csv"\nparties = "parties.csv"\n'
)


def _links(firms: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Firms buy of traders P in four countries, who buy of makers Q, all Chinese or American."""
    buyers = np.repeat(firms, 4)
    traders = rng.integers(0, 24, len(buyers))
    first = pd.DataFrame(
        {
            "buyer": buyers,
            "supplier": [f"P{k:02d}" for k in traders],
            "country": np.array(["US", "CN", "DE", "TW"])[traders % 4],
            "product": np.where(traders % 2, "chips", "magnets"),
            "share": 0.2,
            "inputs": 1000.0,
        }
    ).drop_duplicates(["buyer", "supplier"])
    second = pd.DataFrame(
        {
            "buyer": [f"P{k:02d}" for k in range(24)],
            "supplier": [f"Q{k % 12:02d}" for k in range(24)],
            "country": np.array(["CN", "US"])[np.arange(24) % 12 % 2],
            "product": "ores",
            "share": 0.6,
            "inputs": 500.0,
        }
    )
    return pd.concat([first, second], ignore_index=True).assign(confidence=0.8, evidence="a made-up bill")


def supply_tables(
    names: pd.DataFrame, audience: str, *, rng: np.random.Generator, minimum_frequency: int = 5
) -> dict[str, pd.DataFrame]:
    """Tables on suppliers of the firms `firm,name,name_ja`, as the audience may see them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "study.toml").write_text(_STUDY, encoding="utf-8")
        _links(names["firm"].tolist(), rng).to_csv(place / "links.csv", index=False)
        parties = names.rename(columns={"firm": "party"})[["party", "name", "name_ja"]].assign(country="JP")
        parties.to_csv(place / "parties.csv", index=False)
        study = load_study(place)
        found = dependence_of(study, load_links(study), names["firm"].tolist())
    if found is None:
        raise ValueError("nothing was found of the links")
    if audience == "internal":
        return found.tables
    floor = floor_for(audience, minimum_frequency)
    whole, rows = found.tables["exposure"], found.tables["lookthrough"]
    rules = PrivateRules(p=10.0, q=100.0, n=0, k=100.0)
    shown = protected_exposure(whole, rows, found.suppliers, floor, rules, known_to(audience))
    return {"exposure": shown}
