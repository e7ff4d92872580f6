"""Sectors of an input-output table: closed forms, dense solves, pymrio's test table, bad tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.supply.averages.iotable import IoTable, read_io_table
from analysis.supply.averages.sectors import bought_from, sector_exposures
from survey import Fault, FileFault


def written(folder: Path, flows: str, outputs: str) -> tuple[Path, Path]:
    """A table of flows and its outputs as files."""
    heads = ("from_country,from_sector,to_country,to_sector,value", "country,sector,output")
    places = folder / "flows.csv", folder / "outputs.csv"
    for place, head, rows in zip(places, heads, (flows, outputs), strict=True):
        place.write_text("\n".join([head, *rows.split()]) + "\n", encoding="utf-8")
    return places


def plain(folder: Path, flows: str, outputs: str) -> IoTable:
    place, made = written(folder, flows, outputs)
    return read_io_table(place, "flows", outputs=made)


def test_a_chain_is_followed_to_its_end(tmp_path: Path) -> None:
    """Japan buys 40 of Korea and 10 of China for 100; half of Korea's output is Chinese input."""
    table = plain(
        tmp_path, "KOR,a,JPN,a,40 China,a,JPN,a,10 China,a,KOR,a,50", "JPN,a,100 KOR,a,100 China,a,100"
    )
    found = sector_exposures(table, "JP", {"1": ("a",)}, {"cn": ("CN",)}).iloc[0]
    assert found["direct"] == pytest.approx(10 / 50)
    assert found["exposure"] == pytest.approx((10 + 40 * 0.5) / 50, abs=1e-12)
    assert found["high"] == found["exposure"] and found["largest"] == "CN a (0.200)"
    one = sector_exposures(table, "JP", {"1": ("a",)}, {"cn": ("CN",)}, tiers=1).iloc[0]
    assert one["exposure"] == pytest.approx(0.2)
    shares = bought_from(table, "JP", {"1": ("a",)}).loc["1"]
    assert shares["KR"] == pytest.approx(0.8) and shares["CN"] == pytest.approx(0.2) and shares["JP"] == 0


def test_what_passes_the_seed_twice_counts_once(tmp_path: Path) -> None:
    """China buys from Japan and Japan from China: a unit stops where it first meets China."""
    table = plain(tmp_path, "CN,a,JP,a,50 JP,a,CN,a,50 JP,a,JP,a,25", "JP,a,100 CN,a,100")
    found = sector_exposures(table, "JP", {"1": ("a",)}, {"cn": ("CN",)}).iloc[0]
    # y of Japan: y = 0.5 + 0.25 y; its exposure of output is 0.5 + 0.25 y = 2/3, of inputs 2/3 over 0.75
    assert found["exposure"] == pytest.approx((2 / 3) / 0.75, abs=1e-12)


def test_the_rest_of_the_world_widens_and_is_never_counted(tmp_path: Path) -> None:
    table = plain(tmp_path, "CN,a,JP,a,10 ROW,a,JP,a,30 KR,a,JP,a,10", "JP,a,100 KR,a,9 CN,a,9 ROW,a,99")
    found = sector_exposures(table, "JP", {"1": ("a",)}, {"cn": ("CN",)}).iloc[0]
    assert (found["exposure"], found["high"]) == (pytest.approx(0.2), pytest.approx(0.8))
    assert "ROW" in table.findings[0].found


def test_sectors_mapped_together_weigh_by_their_inputs(tmp_path: Path) -> None:
    table = plain(tmp_path, "CN,a,JP,a,30 KR,a,JP,b,10 CN,a,JP,b,0", "JP,a,50 JP,b,50 KR,a,99 CN,a,99")
    both = sector_exposures(table, "JP", {"1": ("a", "b"), "2": ("b",)}, {"cn": ("CN",)})
    assert both["direct"].tolist() == [pytest.approx(30 / 40), 0.0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7))
def test_a_dense_solve_agrees(seed: int, nations: int) -> None:
    rng = np.random.default_rng(seed)
    n = 3 * nations
    money = rng.uniform(0, 1, (n, n)) * (rng.uniform(0, 1, (n, n)) < 0.6)
    money[0, :] += 0.05
    output = money.sum(axis=0) * rng.uniform(1.05, 3, n)
    country = np.repeat(np.array(["JP", "CN", "US", "KR", "DE", "FR", "IN"][:nations], dtype=object), 3)
    content = (money / output).T
    inputs = money.sum(axis=0)
    sector = np.tile(np.array(["a", "b", "c"], dtype=object), nations)
    table = IoTable(country, sector, sparse.csr_matrix(content), inputs, "x")
    found = sector_exposures(table, "JP", {"1": ("a", "c")}, {"cn": ("CN",)}).iloc[0]["exposure"]
    s = (country == "CN").astype(float)
    y = np.linalg.solve(np.eye(n) - (1 - s)[:, None] * content, s)
    weight = inputs * ((country == "JP") & np.isin(table.sector, ["a", "c"]))
    assert found == pytest.approx(weight @ ((content @ y) / content.sum(axis=1)) / weight.sum(), abs=1e-10)


@pytest.mark.parametrize(
    ("flows", "outputs", "said"),
    [
        ("CN,a,JP,a,x", "JP,a,9 CN,a,9", "row 1"),
        ("CN,a,JP,a,1 CN,b,JP,a,1", "JP,a,9 CN,a,9", "row 2"),
        ("CN,a,JP,a,1", "JP,a,9 CN,a,9 JP,a,9", "row 3"),
        ("Atlantis,a,JP,a,1", "JP,a,9 Atlantis,a,9", "Atlantis"),
        ("CN,a,JP,a,1", "JP,a,-9 CN,a,9", "row 1"),
    ],
)
def test_a_table_that_is_none_is_told_by_row(tmp_path: Path, flows: str, outputs: str, said: str) -> None:
    with pytest.raises(FileFault) as fault:
        plain(tmp_path, flows, outputs)
    assert said in str(fault.value)


def test_inputs_over_output_are_told(tmp_path: Path) -> None:
    table = plain(tmp_path, "CN,a,JP,a,12 CN,a,CN,a,-1", "JP,a,10 CN,a,9")
    assert [f.found.split(",")[0] for f in table.findings] == [
        "1 flows below zero", "1 sectors whose inputs exceed their output",
    ]  # fmt: skip
    assert table.content.sum(axis=1).max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("home", "mapping", "said"),
    [
        ("FR", {"1": ("a",)}, "no country"),
        ("JP", {"1": ("z",)}, "no such sector"),
        ("KR", {"1": ("a",)}, "no inputs"),
    ],
)
def test_a_sector_that_is_not_there_is_a_fault(tmp_path: Path, home: str, mapping: dict, said: str) -> None:
    table = plain(tmp_path, "CN,a,JP,a,1", "JP,a,9 CN,a,9 KR,a,9")
    with pytest.raises(Fault) as fault:
        sector_exposures(table, home, mapping, {"cn": ("CN",)})
    assert said in fault.value.found


REGIONS = {"reg1": "JP", "reg2": "US", "reg3": "CN", "reg4": "DE", "reg5": "KR", "reg6": ""}


@pytest.fixture(scope="module")
def test_table(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """The test table that pymrio brings, saved as pymrio saves tables."""
    pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed (extra io)")
    system = pymrio.load_test()
    place = tmp_path_factory.mktemp("io") / "mrio"
    system.save(place, table_format="txt")
    return place, system


def test_the_table_that_pymrio_brings_agrees_with_its_own_leontief_inverse(test_table) -> None:
    place, system = test_table
    table = read_io_table(place, "pymrio", countries=REGIONS)
    mapping = {"1": ("manufactoring", "electricity"), "2": ("mining",)}
    found = sector_exposures(table, "JP", mapping, {"cn": ("CN",), "us": ("US",)}).set_index(
        ["sector", "seed"]
    )
    system.calc_all()
    a = system.A.to_numpy()
    region, sector = (system.Z.index.get_level_values(k) for k in (0, 1))
    weight = system.Z.sum(axis=0).to_numpy()
    for (code, seed), row in found.iterrows():
        met = (region == {"cn": "reg3", "us": "reg2"}[seed]).astype(float)
        cut = a * (1 - met)[None, :]  # inputs of the seed itself are not followed
        total = met @ np.linalg.inv(np.eye(len(a)) - cut)
        walk = (total @ a) / a.sum(axis=0)
        mass = weight * ((region == "reg1") & np.isin(sector, mapping[code]))
        assert row["exposure"] == pytest.approx(walk @ mass / mass.sum(), abs=1e-10)


def test_layouts_and_readers_that_are_not_there_are_faults(tmp_path, monkeypatch) -> None:
    (tmp_path / "icio").mkdir()
    with pytest.raises(FileFault) as fault:
        read_io_table(tmp_path / "icio", "oced")
    assert "oecd" in fault.value.do
    with pytest.raises(FileFault) as fault:
        read_io_table(tmp_path / "nowhere", "oecd")
    assert "no such file" in fault.value.found
    monkeypatch.setitem(__import__("sys").modules, "pymrio", None)
    with pytest.raises(FileFault) as fault:
        read_io_table(tmp_path / "icio", "oecd")
    assert 'pip install "crosspressure[io]"' in fault.value.do


@pytest.mark.parametrize("layout", ["oecd", "wiod", "eora", "exiobase", "pymrio"])
def test_a_folder_without_a_table_is_a_fault(tmp_path, layout: str) -> None:
    pytest.importorskip("pymrio", reason="pymrio is not installed (extra io)")
    (tmp_path / "a.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(FileFault) as fault:
        read_io_table(tmp_path, layout)
    assert "no table that pymrio reads as" in fault.value.found


def test_an_icio_file_is_read_as_the_oecd_gives_it(tmp_path) -> None:
    """Two countries and two sectors in the layout of the 2018 release and later."""
    pytest.importorskip("pymrio", reason="pymrio is not installed (extra io)")
    nodes = [f"{c}_{s}" for c in ("CHN", "JPN") for s in ("01T02", "26")]
    demand = [f"{c}_HFCE" for c in ("CHN", "JPN")]
    rng = np.random.default_rng(1)
    flows = pd.DataFrame(rng.uniform(1, 5, (4, 4)).round(3), nodes, nodes)
    final = pd.DataFrame(rng.uniform(20, 30, (4, 2)).round(3), nodes, demand)
    body = pd.concat([flows, final], axis=1).assign(TOTAL=lambda t: t.sum(axis=1))
    body.loc["VALU"] = [*(body["TOTAL"] - flows.sum()).reindex(nodes), 0, 0, 0]
    body.loc["OUTPUT"] = [*body["TOTAL"].reindex(nodes), 0, 0, 0]
    body.to_csv(tmp_path / "ICIO2018_2015.csv")
    table = read_io_table(tmp_path, "oecd", year=2015)
    assert sorted(set(table.country)) == ["CN", "JP"]
    made = bought_from(table, "JP", {"1": ("26",)})
    expected = flows.loc[["CHN_01T02", "CHN_26"], "JPN_26"].sum() / flows["JPN_26"].sum()
    assert made.loc["1", "CN"] == pytest.approx(expected)
