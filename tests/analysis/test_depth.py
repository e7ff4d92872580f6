"""First passage against closed forms, dense linear algebra and enumeration."""

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.supply.depth import exposures, look_through
from analysis.supply.links import LINK_COLUMNS, Links, load_links
from analysis.supply.seeds import usual_seeds
from survey import FileFault, QuestionFault


def links_of(rows: list[tuple[str, str, str, float]]) -> Links:
    frame = pd.DataFrame(rows, columns=["buyer", "supplier", "country", "share"])
    for name in LINK_COLUMNS:
        if name not in frame:
            frame[name] = ""
    frame["share_method"] = "given"
    return Links(frame, pd.DataFrame(), pd.DataFrame(), "given", "inputs")


def one(links: Links, firm: str, seed: str = "country=CN", tiers: int | None = None) -> pd.Series:
    return look_through(links, seed, tiers=tiers).set_index("firm").loc[firm]


def test_two_tiers_by_hand() -> None:
    links = links_of(
        [("A", "B", "JP", 0.5), ("A", "C", "CN", 0.3), ("B", "D", "CN", 0.4), ("B", "E", "US", 0.6)]
    )
    row = one(links, "A")
    assert row["direct"] == 0.3
    assert row["exposure"] == row["low"] == pytest.approx(0.3 + 0.5 * 0.4)
    assert row["high"] == pytest.approx(1.0)  # E names no inputs, and 0.2 of A is unnamed
    assert row["tiers"] == 2
    assert row["residual"] < 1e-12
    assert row["paths"] == "C (CN) 0.3 = 0.3 | B (JP) 0.5 > D (CN) 0.4 = 0.2"
    first = one(links, "A", tiers=1)
    assert first["exposure"] == 0.3 and first["high"] == pytest.approx(0.5)
    assert first["residual"] == pytest.approx(0.5)  # what B names could still lead there


def test_no_double_count_behind_the_seed() -> None:
    """A Chinese supplier that itself buys in China counts once."""
    links = links_of([("A", "C", "CN", 0.5), ("C", "D", "CN", 1.0)])
    assert one(links, "A")["exposure"] == 0.5


def test_cycle_closed_form() -> None:
    """A buys a of B, B buys b of A and c of China: e_A = a c / (1 - a b)."""
    a, b, c = 0.9, 0.8, 0.15
    links = links_of([("A", "B", "JP", a), ("B", "A", "JP", b), ("B", "C", "CN", c)])
    assert one(links, "A")["exposure"] == pytest.approx(a * c / (1 - a * b), abs=1e-12)


def test_rows_that_add_to_one_are_solved() -> None:
    """An all but closed pair meets the seed with certainty; a closed pair never does."""
    links = links_of(
        [
            ("A", "B", "JP", 1.0),
            ("B", "A", "JP", 1 - 1e-6),
            ("B", "C", "CN", 1e-6),
            ("X", "Y", "JP", 1.0),
            ("Y", "X", "JP", 1.0),
        ]
    )
    table = look_through(links, "country=CN").set_index("firm")
    assert table.loc["A", "exposure"] == pytest.approx(1.0, abs=1e-9)
    assert table["tiers"].isna().all()
    assert table.loc[["X", "Y"], ["low", "high"]].to_numpy().tolist() == [[0, 0], [0, 0]]
    assert table["residual"].max() < 1e-9


def test_unknown_country_is_in_the_outer_bound_only() -> None:
    links = links_of([("A", "B", "", 0.4), ("A", "C", "JP", 0.6), ("C", "A", "JP", 1.0)])
    row = one(
        links_of(
            [
                *links.frame[["buyer", "supplier", "country", "share"]].itertuples(index=False),
                ("C", "Z", "CN", 0.0),
            ]
        ),
        "A",
    )
    assert row["low"] == 0.0 and row["high"] == pytest.approx(1.0)


def dense(matrix: np.ndarray, seed: np.ndarray, extra: np.ndarray) -> np.ndarray:
    free = 1.0 - seed
    system = np.eye(len(seed)) - free[:, None] * matrix
    value = np.linalg.solve(system, seed + free * extra)
    return matrix @ value + extra


graphs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.floats(0, 1), min_size=n * n, max_size=n * n),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.floats(0.05, 0.999),
        st.integers(0, 2**32 - 1),
    )
)


def network(case: tuple) -> tuple[Links, np.ndarray, np.ndarray]:
    n, cells, chinese, largest, seed = case
    rng = np.random.default_rng(seed)
    matrix = np.array(cells).reshape(n, n) * (rng.random((n, n)) < 0.5)
    np.fill_diagonal(matrix, 0.0)
    sums = matrix.sum(axis=1)
    matrix = matrix / np.maximum(sums, 1e-12)[:, None] * largest * (sums > 1e-9)[:, None]
    home = np.where(chinese, "CN", "JP")
    rows = [
        (f"P{i}", f"P{j}", str(home[j]), float(matrix[i, j]))
        for i, j in zip(*np.nonzero(matrix), strict=True)
    ]
    return links_of(rows), matrix, np.array(chinese, dtype=float)


@given(graphs)
@settings(max_examples=50, deadline=None)
def test_against_dense_algebra(case: tuple) -> None:
    links, matrix, seed = network(case)
    met = (matrix[:, seed > 0] > 0).any()
    if not met:
        return
    table = look_through(links, ["country=CN"]).set_index("firm")
    wanted = dense(matrix, seed, np.zeros(len(seed)))
    unnamed = 1.0 - matrix.sum(axis=1)
    outer = dense(matrix, seed, unnamed)
    at = [int(name[1:]) for name in table.index]
    assert table["exposure"].to_numpy() == pytest.approx(wanted[at], abs=1e-10)
    assert table["high"].to_numpy() == pytest.approx(outer[at], abs=1e-9)
    assert table["direct"].to_numpy() == pytest.approx((matrix @ seed)[at], abs=1e-12)
    assert exposures(links, ("CN",))["CN"].reindex(table.index).to_numpy() == pytest.approx(
        wanted[at], abs=1e-10
    )
    before = np.zeros(len(at))
    for tiers in (1, 2, 3, 5):
        part = look_through(links, ["country=CN"], tiers=tiers).set_index("firm").reindex(table.index)
        low, high, left = (part[name].to_numpy() for name in ("low", "high", "residual"))
        assert (low >= before - 1e-12).all()
        assert (low + left >= table["low"].to_numpy() - 1e-10).all()
        assert (low <= high + 1e-12).all() and (high <= table["high"].to_numpy() + 1e-9).all()
        rho = (matrix * 1.0).sum(axis=1).max()
        assert (left <= rho ** (tiers + 1) / (1 - rho) + 1e-9).all()
        before = low


@given(graphs)
@settings(max_examples=25, deadline=None)
def test_order_of_rows_and_split_links_change_nothing(case: tuple) -> None:
    links, matrix, seed = network(case)
    if not (matrix[:, seed > 0] > 0).any():
        return
    frame = links.frame
    halves = pd.concat(
        [
            frame.assign(share=frame["share"] / 2, product="a"),
            frame.assign(share=frame["share"] / 2, product="b"),
        ]
    )
    mixed = Links(
        halves.sample(frac=1, random_state=1).reset_index(drop=True),
        links.parties,
        links.items,
        "given",
        "inputs",
    )
    first = look_through(links, "country=CN").set_index("firm").sort_index()
    second = look_through(mixed, "country=CN").set_index("firm").sort_index()
    for name in ("direct", "low", "high"):
        assert first[name].to_numpy() == pytest.approx(second[name].to_numpy(), abs=1e-10)


@given(graphs)
@settings(max_examples=25, deadline=None)
def test_largest_paths_against_enumeration(case: tuple) -> None:
    links, matrix, seed = network(case)
    if not (matrix[:, seed > 0] > 0).any():
        return
    table = look_through(links, "country=CN", tiers=3).set_index("firm")
    n = len(seed)
    for firm in table.index:
        start = int(firm[1:])
        weights = []
        for length in (1, 2, 3):
            for walk in product(range(n), repeat=length):
                if seed[walk[-1]] and not seed[list(walk[:-1])].any():
                    steps = (start, *walk)
                    weights.append(np.prod([matrix[i, j] for i, j in pairwise(steps)]))
        best = sorted((w for w in weights if w > 1e-12), reverse=True)[:3]
        said = [float(text.rsplit("= ", 1)[1]) for text in table.loc[firm, "paths"].split(" | ") if text]
        assert said[: len(best)] == pytest.approx(best, rel=2e-3)


def test_several_seeds_are_one_block_and_ordered_by_firm() -> None:
    links = links_of([("A", "B", "JP", 0.5), ("A", "C", "CN", 0.3), ("B", "D", "US", 0.4)])
    table = look_through(links, ["country=CN", "country=US", "country=CN,US", "party=D"])
    assert table["firm"].tolist() == ["A"] * 4 + ["B"] * 4
    assert table.loc[table["firm"] == "A", "exposure"].tolist() == pytest.approx([0.3, 0.2, 0.5, 0.2])


def test_seeds_from_a_file(tmp_path: Path) -> None:
    links = links_of([("A", "B", "JP", 0.5), ("A", "C", "CN", 0.3), ("B", "D", "US", 0.4)])
    path = tmp_path / "listed.csv"
    path.write_text("party\nD\nC\nnobody\n", encoding="utf-8")
    assert look_through(links, path).set_index("firm").loc["A", "exposure"] == pytest.approx(0.5)
    assert set(look_through(links, str(path))["seed"]) == {"listed"}
    path.write_text("seed,party\none,D\ntwo,C\n", encoding="utf-8")
    assert look_through(links, path)["seed"].unique().tolist() == ["one", "two"]


@pytest.mark.parametrize("seed", ["country=BR", "country=Atlantis", "country=", "party=Z", "colour=red", []])
def test_seeds_that_match_nothing_are_faults(seed: str | list) -> None:
    with pytest.raises(QuestionFault):
        look_through(links_of([("A", "B", "JP", 0.5)]), seed)


def test_bad_tiers_firms_and_files_are_faults(tmp_path: Path) -> None:
    links = links_of([("A", "B", "JP", 0.5)])
    with pytest.raises(QuestionFault):
        look_through(links, "country=JP", tiers=0)
    with pytest.raises(QuestionFault):
        look_through(links, "country=JP", firms=["B"])
    with pytest.raises(FileFault):
        look_through(links, "nofile.csv")


def test_a_supplier_with_sites_in_two_countries(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("buyer,supplier,country,share\nA,S,CN,0.2\nA,S,JP,0.6\nS,T,CN,0.5\n", encoding="utf-8")
    row = look_through(load_links(path), "country=CN").set_index("firm").loc["A"]
    assert row["direct"] == pytest.approx(0.2)
    assert row["exposure"] == pytest.approx(0.2 + 0.6 * 0.5)


def test_usual_seeds_are_the_sides_that_occur() -> None:
    assert usual_seeds(links_of([("A", "B", "US", 0.5), ("A", "C", "CN", 0.3)]).frame) == (
        "country=US",
        "country=CN",
    )
    assert usual_seeds(links_of([("A", "C", "CN", 0.3)]).frame) == ("country=CN",)
    with pytest.raises(QuestionFault):
        usual_seeds(links_of([("A", "B", "JP", 0.5)]).frame)
