"""The made-up world is what it says: sizes, tiers, bands kept, stated strength, same bytes every time."""

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm

from analysis import collisions, contact, flows_of, load_catalogue, load_links, read_listings
from analysis.pressure.firth import fit_firth
from analysis.pressure.flic import correct_intercept
from analysis.worlds.demo import AS_OF, CALIBRATED_AT, remake_demo, world_of
from analysis.worlds.goods import GOODS
from analysis.worlds.strength import area_under_curve, order_to_strength
from analysis.worlds.world import World
from survey import FileFault, Wave, answers_to, load_study, read_wave

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"
DAY_2021, DAY_2026 = "2021-12-15", "2026-01-15"


@pytest.fixture(scope="module")
def wave() -> Wave:
    return read_wave(load_study(DEMO).waves[-1])


@pytest.fixture(scope="module")
def world(wave: Wave) -> World:
    return world_of(wave)


def by_pairs(score: np.ndarray, event: np.ndarray) -> float:
    """AUC by its definition: every pair of a firm with the event and one without."""
    gap = score[event][:, None] - score[~event][None, :]
    return float(((gap > 0) + 0.5 * (gap == 0)).mean())


def at_stake(world: World, day: str) -> pd.Series:
    """Share of sales, by hand: more than 25% US content, to a buyer on the Entity List on that day."""
    listings = world.listings
    listed = set(listings.loc[(listings["list"] == "US-EL") & (listings["from"] <= day), "party"])
    sales = world.links[world.links["supplier"].str.startswith("S")]
    sales = sales.merge(world.items, left_on=["supplier", "product"], right_on=["party", "product"])
    counts = sales["buyer"].isin(listed) & (sales["us_content_low"] > 0.25)
    total = sales["value"].groupby(sales["supplier"]).sum()
    return (sales["value"].where(counts, 0.0).groupby(sales["supplier"]).sum() / total).sort_index()


@pytest.mark.parametrize("strength", [0.55, 0.7, 0.85])
def test_an_order_reaches_the_strength_asked_for(strength: float) -> None:
    rng = np.random.default_rng(5)
    event = np.arange(400) < 60
    place = order_to_strength(event, rng.random(400), strength, 0)
    assert by_pairs(place, event) == pytest.approx(strength, abs=1 / (60 * 340) + 1e-9)
    assert area_under_curve(place, event) == pytest.approx(by_pairs(place, event), abs=1e-12)
    assert len(np.unique(place)) == 400


def test_the_order_is_that_of_the_binormal_model() -> None:
    # the closed form: mean rank of a standard normal moved by sqrt(2) Phi^-1(0.7) is 0.7
    event = np.arange(4000) < 2000
    place = order_to_strength(event, np.arange(4000.0), 0.7, 0)
    delta = np.sqrt(2) * norm.ppf(0.7)
    level = 0.5
    above = (place[event] > np.quantile(place[~event], level)).mean()
    assert above == pytest.approx(1 - norm.cdf(norm.ppf(level) - delta), abs=0.002)


def test_ties_at_zero_count_half_and_leave_the_strength() -> None:
    rng = np.random.default_rng(6)
    event = np.arange(96) < 12
    place = order_to_strength(event, rng.random(96), 0.7, 26)
    assert int((place == 0).sum()) == 26
    assert 0.70 <= by_pairs(place, event) <= 0.70 + 2 / (12 * 84)
    assert np.isnan(area_under_curve(place, np.zeros(96, dtype=bool)))


def test_sizes_tiers_and_countries(world: World) -> None:
    links, parties = world.links, world.parties
    assert 7500 <= len(links) <= 8500
    assert 1900 <= len(parties) - 100 <= 2100
    assert parties["country"].nunique() >= 20
    assert links["link"].is_unique
    firm = links["buyer"].str.startswith("S")
    first = set(links.loc[firm, "supplier"])
    second = set(links.loc[links["buyer"].isin(first), "supplier"])
    third = set(links.loc[links["buyer"].isin(second), "supplier"])
    assert min(len(first), len(second), len(third)) > 200
    assert not first & second
    assert not second & third
    assert set(links["supplier"]) | set(links["buyer"]) <= set(parties["party"])
    home = parties.set_index("party")["country"]
    assert (links["country"] == links["supplier"].map(home)).all()


def test_shares_are_of_inputs_and_leave_a_rest(world: World) -> None:
    links = world.links
    assert (links["value"] > 0).all()
    np.testing.assert_allclose(links["share"], links["value"] / links["inputs"], rtol=1e-6, atol=1e-9)
    assert (links["share"].groupby(links["buyer"]).sum() < 1).all()
    assert links["confidence"].between(0.3, 1).all()
    assert (links["evidence"] == "synthetic").all()


def test_sales_add_up_and_lie_in_the_bands_that_were_answered(world: World, wave: Wave) -> None:
    links = world.links[world.links["supplier"].str.startswith("S")]
    parties = world.parties.set_index("party")
    sold = links["value"].groupby(links["supplier"]).sum()
    np.testing.assert_allclose(sold, parties["sales"].reindex(sold.index), rtol=1e-6)
    assert len(sold) == 100
    market = links["buyer"].map(parties["country"])
    for side, country in (("us", "US"), ("cn", "CN")):
        part = links["value"].where(market == country, 0.0).groupby(links["supplier"]).sum() / sold
        choices = wave.codebook.question(f"sales_share_{side}").choices
        band = answers_to(wave, f"sales_share_{side}").ticks.argmax(axis=1)
        low = np.array([choice.low for choice in choices])[band]
        high = np.array([choice.high for choice in choices])[band]
        share = part.reindex(wave.frame["firm_id"]).to_numpy()
        assert (share >= low - 1e-6).all()
        assert (share <= high + 1e-6).all()


def test_everything_is_marked_synthetic(world: World) -> None:
    assert world.parties["name"].str.startswith("Synthetic ").all()
    assert world.parties["name_ja"].str.startswith("合成").all()
    for table in (world.listings, world.items, world.links):
        assert (table["evidence"] == "synthetic").all()


def test_every_good_sold_is_described_once(world: World) -> None:
    sold = world.links[["supplier", "product"]].drop_duplicates()
    items = world.items
    assert not items.duplicated(["party", "product"]).any()
    assert len(sold) == len(items)
    assert set(items["product"]) <= set(GOODS)
    for side in ("us", "cn"):
        assert (items[f"{side}_content_low"].dropna() >= 0).all()
        assert not (items[f"{side}_content_low"] > items[f"{side}_content_high"]).any()
    assert ((items["us_content_high"] + items["cn_content_high"]).dropna() <= 1).all()
    own = items[items["party"].str.startswith("S")]
    assert not own["us_content_low"].isna().any()
    assert ((own["us_content_low"] < 0.25) & (own["us_content_high"] > 0.25)).sum() >= 10


def test_collisions_of_2021_separate_the_outcome_at_the_stated_strength(world: World, wave: Wave) -> None:
    stake = at_stake(world, DAY_2021).reindex(wave.frame["firm_id"]).to_numpy()
    code = wave.frame["had_to_choose"].to_numpy()
    answered = np.isin(code, [1, 2])
    assert int(answered.sum()) == 96
    assert 0.68 <= by_pairs(stake[answered], code[answered] == 1) <= 0.72
    assert (stake == 0).mean() <= 0.30
    positive = stake[stake > 0]
    assert len(np.unique(positive)) == len(positive)
    assert positive.max() < 0.5


def test_listings_grow_after_the_survey(world: World) -> None:
    then, now = at_stake(world, DAY_2021), at_stake(world, DAY_2026)
    assert (now >= then - 1e-12).all()
    assert int((now > then + 0.005).sum()) >= 20


def collided(day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts and collisions of the demonstration on a day, by the product itself."""
    catalogue = load_catalogue()
    listings = read_listings(DEMO / "listings.csv", catalogue)
    links = load_links(load_study(DEMO))
    firms = [party for party in links.parties["party"] if party.startswith("S")]
    flows = flows_of(links, firms, listings, day)
    contacts = contact(flows, catalogue, day, listings)
    return contacts, collisions(contacts, flows, catalogue, day)


def test_the_product_finds_the_strength_that_was_put_in(wave: Wave, world: World) -> None:
    _, found = collided(CALIBRATED_AT)
    ours = found[found["sides"] == "us-cn"]
    assert set(ours.loc[ours["at_stake"] > 0, "channel"]) == {"sales"}
    squeeze = ours.groupby(["firm", "flow"])["at_stake"].max().groupby("firm").sum()
    squeeze = squeeze.reindex(wave.frame["firm_id"]).fillna(0.0).to_numpy()
    code = wave.frame["had_to_choose"].to_numpy()
    answered, event = np.isin(code, [1, 2]), code == 1
    assert 0.68 <= by_pairs(squeeze[answered], event[answered]) <= 0.72
    # a licence weighs one half against the clause that forbids obeying it
    by_hand = 0.5 * at_stake(world, DAY_2021).reindex(wave.frame["firm_id"]).to_numpy()
    np.testing.assert_allclose(squeeze, by_hand, atol=1e-9)
    # the silent firms stand, on average, at the observed rate of the model trained on the others
    x, y = squeeze[answered], event[answered].astype(float)
    slope = fit_firth(np.column_stack([np.ones(x.size), x]), y).coefficients[1]
    risk = expit(correct_intercept((slope * x)[None], y)[0] + slope * squeeze)
    assert risk[answered].mean() == pytest.approx(12 / 96, abs=1e-9)
    assert risk[~answered].sum() == pytest.approx(4 * 12 / 96, abs=0.005)


def test_flows_meet_more_than_fifteen_instruments_of_both_sides() -> None:
    contacts, found = collided(AS_OF)
    decided = contacts[~contacts["outcome"].isin(["none", "unknown", "between"])]
    assert decided["instrument"].nunique() > 15
    by_side = decided.groupby("side")["instrument"].nunique()
    assert by_side["us"] >= 5
    assert by_side["cn"] >= 5
    assert len(found["duty"].unique()) >= 4


def test_demo_folder_is_what_the_program_writes(tmp_path: Path) -> None:
    written = remake_demo(tmp_path / "again")
    assert len(written) == 10
    for path in written:
        kept = (DEMO / path.name).read_bytes()
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(kept).digest(), path.name
    assert sorted(p.name for p in DEMO.iterdir()) == sorted(p.name for p in written)
    assert b"\r" not in (DEMO / "links.csv").read_bytes()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_text("kept", encoding="utf-8")
    with pytest.raises(FileFault, match="a folder"):
        remake_demo(place)
    assert place.read_text(encoding="utf-8") == "kept"
    assert list(tmp_path.iterdir()) == [place]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    code = "import sys; import analysis; analysis.remake_demo(sys.argv[1])"
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT), "PATH": "", "TZ": "Asia/Tokyo"}
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "d")], check=True, env=environment, cwd=tmp_path
    )
    for path in sorted((tmp_path / "d").iterdir()):
        assert path.read_bytes() == (DEMO / path.name).read_bytes(), path.name
