"""Ready scenarios over 5,000 firms: what a change costs once the world is met and read.

Run: python -m tests.benchmarks.scenario [--quick | --full]. Made-up links, parties, items and listings are
written, read, and met once. Of 200,000 flows each ready scenario without steps is applied and met again,
contacts, collisions and all, and the same scene is met anew beside it. Of 40,000 flows each is held against
the world as it is, whole: applied, met again, drawn 2,000 times, put in order, effects on all firms, on 20
groups and on each firm, moves between tiers, winners; beside it all firms are read anew. These are seconds by
the clock of an idle machine, since several processors work on them; else processor seconds. Median of 3.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.pressure.channels import STATS
from analysis.pressure.reading import Calibrated, read_firms
from analysis.pressure.scene import Scene
from analysis.pressure.settings import PressureSettings
from analysis.rules.catalogue import load_catalogue
from analysis.rules.standing import Given
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import Baseline, compare
from analysis.scenario.files import ready_scenarios
from analysis.scenario.meeting import meet_again, meet_first
from analysis.scenario.record import Scenario
from analysis.supply.ends import read_items, read_parties
from analysis.supply.links import Links, load_links
from tests.benchmarks.pressure import trained
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

DAY, MOST = date(2026, 1, 15), 2.0
FIRMS, LINKS, QUICK = 5_000, 200_000, (250, 10_000)
WHOLE = 40_000
"""Links of the studies whose scenarios are held against the world whole."""

_COUNTRIES = ["JP", "JP", "JP", "US", "CN", "CN", "CN", "DE", "TW", "KR", "NL", "VN"]
_TAGS = [
    "",
    "dual-use",
    "semiconductors",
    "chip-making equipment",
    "rare earths",
    "telecom",
    "video surveillance",
]
_CODES = ["841370", "850511", "851762", "854231", "848620", "280530", "280461", "392690"]


def made(firms: int, links: int, folder: Path) -> Scene:
    """A scene of made-up links: each firm sells and buys with partners of many countries."""
    rng = np.random.default_rng(7)
    partners = 3 * firms
    names = np.array([f"F{i}" for i in range(firms)] + [f"P{i}" for i in range(partners)])
    country = np.r_[np.repeat("JP", firms), rng.choice(_COUNTRIES, partners)]
    sells = rng.random(links) < 0.5
    firm, partner = rng.integers(firms, size=links), firms + rng.integers(partners, size=links)
    seller, buyer = np.where(sells, firm, partner), np.where(sells, partner, firm)
    product = np.array([f"product {i}" for i in rng.integers(400, size=links)])
    frame = pd.DataFrame(
        {
            "buyer": names[buyer], "supplier": names[seller], "country": country[seller], "product": product,
            "value": rng.lognormal(3.0, 1.0, links).round(2),
            "confidence": rng.choice([1.0, 0.9, 0.6], links),
        }
    )  # fmt: skip
    frame = frame.drop_duplicates(["buyer", "supplier", "product"])
    frame.to_csv(folder / "links.csv", index=False)
    parties = pd.DataFrame({"party": names, "name": names, "country": country, "kind": "firm"})
    parties.to_csv(folder / "parties.csv", index=False)
    sold = frame[["supplier", "product"]].drop_duplicates().rename(columns={"supplier": "party"})
    many = len(sold)
    items = sold.assign(
        hs=rng.choice(_CODES, many), eccn=rng.choice(["EAR99", "3A001", "5A991", "3B001"], many),
        technology=rng.choice(_TAGS, many), us_content=rng.uniform(0, 0.5, many).round(3),
        cn_content=rng.uniform(0, 0.1, many).round(4), origin=rng.choice(["JP", "US", "CN"], many),
        direct_product="no",
    )  # fmt: skip
    items.to_csv(folder / "items.csv", index=False)
    loaded = load_links(folder / "links.csv")
    whole = Links(
        frame=loaded.frame, parties=read_parties(folder / "parties.csv").assign(sales=np.nan),
        items=read_items(folder / "items.csv"), share_method=loaded.share_method, reading=loaded.reading,
    )  # fmt: skip
    listed = rng.choice(names[firms:], partners // 20, replace=False)
    listings = pd.DataFrame(
        {"party": listed, "list": rng.choice(["US-EL", "US-SDN", "US-UVL", "CN-UEL"], len(listed))}
    )
    for column in ("from", "to", "evidence", "program", "taken"):
        listings[column] = ""
    return Scene(DAY, tuple(names[:firms]), whole, load_catalogue(), Given(listings), 0.25)


def spent(work: Callable[[], Any]) -> float:
    """Processor seconds of some work, median of 3."""
    took = []
    for _ in range(3):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return statistics.median(took)


def waited(work: Callable[[], Any]) -> float:
    """Seconds by the clock that somebody waits for some work, median of 3; for an idle machine."""
    took = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def measure(firms: int, links: int) -> list[Row]:
    """One row a ready scenario."""
    with tempfile.TemporaryDirectory() as name:
        scene = made(firms, links, Path(name))
    met = meet_first(scene)
    anew = spent(lambda: meet_first(scene))
    rows = []
    for one in [one for one in ready_scenarios() if not one.steps]:

        def change(one: Scenario = one) -> None:
            meet_again(met, apply_changes(scene, one.all_changes())[0])

        took = spent(change)
        what = f"{one.id}, applied and met again: {firms:,} firms, {len(met.day.flows):,} flows"
        rows.append(
            Row(
                what,
                took,
                "cpu s",
                "the scene met anew",
                anew,
                f"under {MOST:g} s a change",
                took < MOST,
                f"median of 3; {len(one.all_changes())} changes",
            )
        )
    return rows


def whole(firms: int, links: int) -> list[Row]:
    """One row a ready scenario, from the text of its changes to the tables of what it does."""
    with tempfile.TemporaryDirectory() as name:
        met = meet_first(made(firms, links, Path(name)))
    ids = tuple(f"F{i}" for i in range(firms))
    settings = PressureSettings(outcome="q")
    rng = np.random.default_rng(0)
    calibrated = Calibrated(settings, ids[:96], np.zeros(min(96, firms)), trained(), rng, DAY)
    groups = {"sector": np.array([f"s{i % 20:02d}" for i in range(firms)], dtype=object)}
    base = Baseline(None, DAY, met, calibrated, ids, read_firms(calibrated, met.day, ids), groups)
    anew = waited(lambda: read_firms(calibrated, met.day, ids, has_halves=False))
    rows = []
    for one in [one for one in ready_scenarios() if not one.steps]:
        took = waited(partial(compare, base, [one]))
        effects = compare(base, [one]).effects
        of_firms = effects[(effects["by"] == "firm") & effects["stat"].isin(STATS)]
        moved = of_firms.loc[of_firms["difference"].abs() > 0, "group"].nunique()
        rows.append(
            Row(
                f"{one.id}, whole: {firms:,} firms, {len(met.day.flows):,} flows, {settings.draws:,} draws",
                took,
                "s",
                "all firms read anew, without the rest",
                anew,
                f"under {MOST:g} s",
                took < MOST,
                f"median of 3; {moved:,} firms move",
            )
        )
    return rows


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where the bound is broken."""
    firms, links = QUICK if "--quick" in words else (FIRMS, LINKS)
    rows = measure(firms, links) + whole(firms, min(links, WHOLE))
    return store("scenario", rows, day=DAY.isoformat())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
