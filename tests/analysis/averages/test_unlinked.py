"""Firms without links take their sector's average, marked and with the spread of firms of their sector."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.pressing import press
from analysis.supply.averages.standing import links_or_averages
from analysis.supply.averages.unlinked import AVERAGE, averages_of, beside_links, spread_limits
from analysis.supply.coverage import check_links
from analysis.supply.depth import LOOKTHROUGH_COLUMNS, look_through
from analysis.supply.links import load_links
from dashboard.command import main
from survey import StudyFault, load_study

SECTORS = """
[supply.sectors]
table = "flows.csv"
layout = "flows"
outputs = "outputs.csv"
country = "Japan"
sector = "sector"
least = 3
[supply.sectors.map]
1 = ["elec"]
2 = ["mach", "elec"]
"""


def study_of(folder: Path, sectors: str = SECTORS, *, with_links: bool = True) -> Path:
    """Ten firms in two sectors and one more that has no sector; the first six have links."""
    sector = [1, 1, 1, 2, 2, 2, 1, 1, 2, 2, 3]
    firms = pd.DataFrame({"firm": [f"F{i:02d}" for i in range(11)], "sector": sector})
    firms.to_csv(folder / "wave.csv", index=False)
    rows = [
        (f"F{i:02d}", f"{name} {i}", country, share)
        for i in range(6)
        for name, country, share in (("us", "US", 0.1 * i), ("cn", "CN", 0.3), ("jp", "JP", 0.1))
        if share
    ]
    pd.DataFrame(rows, columns=["buyer", "supplier", "country", "share"]).to_csv(
        folder / "links.csv", index=False
    )
    flows = [
        ("US", "elec", "JP", "elec", 10), ("CN", "elec", "JP", "elec", 30), ("JP", "elec", "JP", "elec", 10),
        ("CN", "elec", "US", "elec", 40), ("CN", "mach", "JP", "mach", 20), ("US", "elec", "JP", "mach", 30),
    ]  # fmt: skip
    heads = ["from_country", "from_sector", "to_country", "to_sector", "value"]
    pd.DataFrame(flows, columns=heads).to_csv(folder / "flows.csv", index=False)
    made = [(c, s, 100) for c in ("JP", "US", "CN") for s in ("elec", "mach")]
    pd.DataFrame(made, columns=["country", "sector", "output"]).to_csv(folder / "outputs.csv", index=False)
    links = '[supply]\nlinks = "links.csv"\n' if with_links else "[supply]\n"
    (folder / "study.toml").write_text(
        'schema = 1\nid = "t"\ntitle = { en = "T" }\nlanguages = ["en"]\nas_of = 2026-01-15\n'
        '[[waves]]\nname = "w"\nfile = "wave.csv"\n[design]\nid = "firm"\n' + links + sectors,
        encoding="utf-8",
    )
    return folder


def test_rows_are_marked_and_span_the_firms_of_the_sector(tmp_path: Path) -> None:
    study = load_study(study_of(tmp_path))
    rows, findings = beside_links(study, load_links(study), ("country=US", "country=CN"))
    assert tuple(rows.columns) == LOOKTHROUGH_COLUMNS
    assert rows["firm"].tolist() == [f for f in ("F06", "F07", "F08", "F09") for _ in range(2)]
    assert rows["share_method"].str.startswith(AVERAGE).all()
    first = rows[(rows["firm"] == "F06") & (rows["seed"] == "country=US")].iloc[0]
    assert first["direct"] == pytest.approx(10 / 50)
    y = 0.1 / (1 - 0.1)  # Japan's sector buys a tenth of its output from itself
    assert first["exposure"] == pytest.approx((0.1 + 0.1 * y) / 0.5)
    # linked firms of sector 1 name 0, 0.1 and 0.2 of their inputs as American, of 0.4, 0.5 and 0.6 named
    assert first["low"] == pytest.approx(0.0) and first["high"] == pytest.approx(0.2 / 0.6)
    assert "spread of 3 firms of the sector, 50%" in first["share_method"]
    assert first["low"] <= first["exposure"] <= first["high"]
    assert [f.found.split(" firms")[0] for f in findings] == ["1", "4"]


def test_parties_as_seeds_have_no_average(tmp_path: Path) -> None:
    study = load_study(study_of(tmp_path))
    rows, findings = beside_links(study, load_links(study), ("party=us 1", "country=CN"))
    assert set(rows["seed"]) == {"country=CN"} and any("no country: party=us 1" in f.found for f in findings)


def test_too_few_linked_firms_widen_to_all_sectors_and_then_to_everything() -> None:
    values = pd.DataFrame({"low": [0.1, 0.2, 0.3, np.nan], "high": [0.2, 0.3, 0.6, 1.0]})
    sector = pd.Series(["a", "a", "b", "b"])
    assert spread_limits(values, sector, ["a"], 2).iloc[0, 1:4].tolist() == [0.1, 0.3, 2]
    assert spread_limits(values, sector, ["b"], 2).iloc[0, 1:4].tolist() == [0.1, 0.6, 3]
    assert spread_limits(values, sector, ["c"], 3)["whose"].iloc[0] == "spread of 3 firms of all sectors, 50%"
    assert spread_limits(values, sector, ["a"], 4).iloc[0, 1:4].tolist() == [0.0, 1.0, 0]


def test_the_share_of_firms_that_a_spread_holds_is_as_stated() -> None:
    """Wilks: the range of m firms holds a further one with probability (m - 1) / (m + 1)."""
    draws = np.random.default_rng(4).exponential(size=(40_000, 9))
    held = (draws[:, :8].min(axis=1) <= draws[:, 8]) & (draws[:, 8] <= draws[:, :8].max(axis=1))
    assert abs(held.mean() - 7 / 9) < 4 * np.sqrt(7 / 9 * 2 / 9 / 40_000)
    told = spread_limits(
        pd.DataFrame({"low": np.arange(8.0), "high": np.arange(8.0)}), pd.Series(["a"] * 8), ["a"], 5
    )
    assert told["whose"].iloc[0] == "spread of 8 firms of the sector, 78%"


def test_links_that_stand_in_join_the_others(tmp_path: Path) -> None:
    study = load_study(study_of(tmp_path))
    links, averages = links_or_averages(study)
    mine = links.frame[links.frame["buyer"].astype("str") == "F06"]
    assert dict(zip(mine["country"].astype("str"), mine["share"].round(3), strict=True)) == {
        "US": 0.2, "CN": 0.6, "JP": 0.2,
    }  # fmt: skip
    assert set(mine["share_method"].astype("str")) == {AVERAGE}
    assert "F10" not in set(links.frame["buyer"].astype("str")) and averages is not None
    assert links.parties.set_index("party").loc[f"{AVERAGE}: CN", ["country", "kind"]].tolist() == [
        "CN",
        AVERAGE,
    ]
    assert averages_of(study, links) is not None
    before = look_through(load_links(study), ("country=CN",), paths=0).set_index("firm")["exposure"]
    after = look_through(links, ("country=CN",), paths=0).set_index("firm")["exposure"]
    pd.testing.assert_series_equal(after.reindex(before.index), before)


def test_pressure_is_wider_flagged_and_without_a_rank(tmp_path: Path) -> None:
    study = load_study(study_of(tmp_path))
    table = press(study).table.set_index("firm")
    averaged, linked = table.loc[["F06", "F07", "F08", "F09"]], table.loc[[f"F{i:02d}" for i in range(6)]]
    assert averaged["flag"].str.contains(AVERAGE).all() and not linked["flag"].str.contains(AVERAGE).any()
    assert table.loc["F10", "flag"].startswith("no links")
    assert (
        averaged["rank_low"].isna().all()
        and averaged["p_choose"].isna().all()
        and linked["rank_low"].notna().all()
    )
    for stat in ("us", "cn", "squeeze"):
        mine, theirs = averaged.loc["F06"], linked.loc[["F00", "F01", "F02"]]
        assert mine[stat] >= theirs[stat].mean() - 1e-12
        assert (
            mine[f"{stat}_low"] <= theirs[f"{stat}_low"].min()
            and mine[f"{stat}_high"] >= theirs[f"{stat}_high"].max()
        )
    without = press(load_study(study_of(tmp_path, sectors=""))).table.set_index("firm").loc[linked.index]
    pd.testing.assert_frame_equal(linked, without)


def test_a_study_without_any_links_runs_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = study_of(tmp_path, with_links=False)
    assert main(["lookthrough", str(place), "--out", str(tmp_path / "deep.csv")]) == 0
    rows = pd.read_csv(tmp_path / "deep.csv")
    assert len(rows) == 20 and (rows["low"] == 0).all() and (rows["high"] == 1).all()
    assert rows["share_method"].str.contains("spread not known").all()
    table = press(load_study(place)).table
    assert table["squeeze"].isna().all() and table["flag"].str.contains(AVERAGE).sum() == 10
    assert "10 firms without links" in capsys.readouterr().err
    assert main(["lookthrough", str(place), "--method", "origin"]) == 2
    assert any("no sector that is mapped" in f.found for f in check_links(load_study(place)))


def test_lookthrough_adds_the_averages_below_the_links(tmp_path: Path) -> None:
    place = study_of(tmp_path)
    assert (
        main(
            [
                "lookthrough",
                str(place),
                "--seeds",
                "country=CN",
                "--out",
                str(tmp_path / "deep.csv"),
                "--quiet",
            ]
        )
        == 0
    )
    rows = pd.read_csv(tmp_path / "deep.csv")
    assert rows["firm"].tolist()[-4:] == ["F06", "F07", "F08", "F09"] and len(rows) == 10


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('layout = "flows"', 'layout = "flow"', "one of: oecd"),
        ('layout = "flows"', 'layuot = "flows"', "unknown key 'layuot'"),
        ('country = "Japan"', 'country = "Japn"', "a country nobody knows"),
        ('country = "Japan"', "", "supply.sectors.country"),
        ("least = 3", "least = 0", "above 0"),
        ('1 = ["elec"]', "1 = 5", "sectors of the table"),
    ],
)
def test_settings_that_do_not_fit_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    study = load_study(study_of(tmp_path, SECTORS.replace(old, new)))
    with pytest.raises(StudyFault) as fault:
        averages_of(study, None)
    assert said in str(fault.value)
