"""Links drawn at random, of every kind an engine must treat as memory does, and the comparison with it."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.depth import LOOKTHROUGH_COLUMNS, look_through
from analysis.supply.engine.outside import follow_links
from analysis.supply.engine.running import Engine
from analysis.supply.links import load_links

__all__ = ["SEEDS", "assert_equal", "followed", "random_links"]

SEEDS = ("country=CN", "country=US,Japan", "party=b3")


def random_links(seed: int = 1, firms: int = 60, links: int = 500) -> pd.DataFrame:
    """Given shares, values with and without inputs, equal shares, blanks, self-links, confidences."""
    rng = np.random.default_rng(seed)
    buyer = rng.integers(0, firms, links)
    frame = pd.DataFrame(
        {
            "buyer": [f"b{i}" for i in buyer],
            "supplier": [f"b{i}" for i in rng.integers(0, firms + 20, links)],
            "country": rng.choice(["US", "China", "日本", "deu", ""], links),
        }
    )
    frame = frame[~frame.duplicated()].reset_index(
        drop=True
    )  # in memory a repeated link keeps one confidence
    buyer, links = frame["buyer"].str[1:].astype(int).to_numpy(), len(frame)
    kind = buyer % 5
    value = rng.uniform(1, 9, links).round(3)
    frame["share"] = np.where(kind == 0, 0.02, np.nan)
    frame["value"] = np.where((kind == 1) | (kind == 2) | ((kind == 4) & (value > 4)), value, np.nan)
    frame["inputs"] = np.where((kind == 1) | (kind == 4), 300.0, np.nan)
    frame["confidence"] = np.where(rng.random(links) < 0.5, rng.random(links).round(3), np.nan)
    return frame


def followed(engine: Engine, source: Path | str, tiers: int | None) -> pd.DataFrame:
    """Rows of the engine as one frame."""
    return pd.concat(follow_links(engine, source, SEEDS, tiers=tiers).batches(), ignore_index=True)


def assert_equal(rows: pd.DataFrame, file: Path, tiers: int | None) -> None:
    """Every number of the engine is that of memory to 1e-12, every word the same."""
    memory = look_through(load_links(file), SEEDS, tiers=tiers, paths=0)
    assert list(rows.columns) == list(LOOKTHROUGH_COLUMNS)
    assert rows["firm"].is_monotonic_increasing or set(rows["firm"]) == set(memory["firm"])
    ours = rows.set_index(["firm", "seed"])
    theirs = memory.set_index(["firm", "seed"]).loc[ours.index]
    assert len(ours) == len(theirs) > 0
    numbers = ["direct", "exposure", "low", "high", "hidden", "confidence"]
    for name in numbers + (["residual"] if tiers else []):
        np.testing.assert_allclose(
            ours[name].to_numpy(float), theirs[name].to_numpy(float), rtol=0, atol=1e-12, err_msg=name
        )
    assert (ours["share_method"] == theirs["share_method"]).all()
    if tiers:
        assert (ours["tiers"] == theirs["tiers"]).all()
