"""Totals, the sales side, origin of value added and one allocation: closed forms and dense linear algebra."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

import analysis.supply.passage as passage
import analysis.supply.solving as solving
from analysis.supply.allocation import allocate
from analysis.supply.bestfirst import best_paths
from analysis.supply.depth import LOOKTHROUGH_METHODS, look_through
from analysis.supply.links import LINK_COLUMNS, Links
from analysis.supply.network import place_columns
from analysis.supply.totals import gross_lookthrough
from analysis.supply.tracing import trace
from survey import QuestionFault


def links_of(rows: list[tuple], parties: dict[str, tuple[str, float]] | None = None, **more: object) -> Links:
    """Links from (buyer, supplier, country, share); parties to country and sales; inputs of 100 each."""
    frame = pd.DataFrame(rows, columns=["buyer", "supplier", "country", "share"])
    frame["inputs"] = 100.0
    frame["value"] = frame["share"] * 100.0
    frame["confidence"] = np.nan
    frame["link"] = [f"L{i}" for i in range(1, len(frame) + 1)]
    for name, column in more.items():
        frame[name] = column
    for name in LINK_COLUMNS:
        if name not in frame:
            frame[name] = ""
    frame["share_method"] = "given"
    known = parties or {}
    table = pd.DataFrame(
        {
            "party": list(known),
            "country": [country for country, _ in known.values()],
            "sales": [sales for _, sales in known.values()],
        }
    )
    return Links(frame, table, pd.DataFrame(), "given", "inputs")


def cell(table: pd.DataFrame, firm: str, column: str = "exposure") -> float:
    return float(table.set_index("firm").loc[firm, column])


def test_a_chain_counts_each_tier_in_totals() -> None:
    """A - .5 - B (CN) - .4 - C (CN): first passage .5; total .5 + .5 x .4."""
    links = links_of([("A", "B", "CN", 0.5), ("B", "C", "CN", 0.4)])
    first, total = look_through(links, "country=CN"), look_through(links, "country=CN", method="leontief")
    assert cell(first, "A") == 0.5
    assert cell(total, "A") == pytest.approx(0.7, abs=1e-15)
    assert cell(total, "A", "direct") == 0.5 and cell(total, "A", "hidden") == pytest.approx(0.2)
    assert total["high"].isna().all()


def test_a_star_of_suppliers_and_a_star_of_buyers() -> None:
    links = links_of(
        [("A", f"S{i}", "CN" if i % 2 else "JP", 0.1) for i in range(8)],
        {"A": ("US", np.nan), **{f"S{i}": ("JP", 40.0) for i in range(8)}},
    )
    assert cell(look_through(links, "country=CN"), "A") == pytest.approx(0.4)
    sold = look_through(links, "country=US", method="sales").set_index("firm")
    assert sold["exposure"].to_numpy() == pytest.approx(np.full(8, 0.25))  # 10 of 40 to the buyer there


def test_two_firms_that_buy_from_each_other() -> None:
    """A buys a of B, B buys b of A and c of C in China: total of A is a c / (1 - a b), as first passage."""
    a, b, c = 0.9, 0.8, 0.15
    links = links_of([("A", "B", "JP", a), ("B", "A", "JP", b), ("B", "C", "CN", c)])
    for method in ("first_passage", "leontief"):
        found = look_through(links, "country=CN", method=method)
        assert cell(found, "A") == pytest.approx(a * c / (1 - a * b), abs=1e-12)
    met = look_through(links, "party=B", method="leontief")
    assert cell(met, "A") == pytest.approx(a / (1 - a * b), abs=1e-12)  # B again at each turn
    assert cell(look_through(links, "party=B"), "A") == a


def test_a_cycle_of_three() -> None:
    a, b, c, d = 0.7, 0.6, 0.5, 0.3
    links = links_of([("A", "B", "JP", a), ("B", "C", "JP", b), ("C", "A", "JP", c), ("C", "D", "CN", d)])
    assert cell(look_through(links, "country=CN"), "A") == pytest.approx(
        a * b * d / (1 - a * b * c), abs=1e-12
    )
    assert cell(look_through(links, "party=A", method="leontief"), "A") == pytest.approx(
        a * b * c / (1 - a * b * c), abs=1e-12
    )


cases = st.tuples(st.integers(2, 9), st.floats(0.05, 0.98), st.integers(0, 2**32 - 1))


def random_links(case: tuple[int, float, int]) -> tuple[Links, np.ndarray, np.ndarray, np.ndarray]:
    """Links, their matrix of shares, who is in China, sales."""
    n, largest, seed = case
    rng = np.random.default_rng(seed)
    matrix = rng.random((n, n)) * (rng.random((n, n)) < 0.5)
    np.fill_diagonal(matrix, 0.0)
    matrix[0, 1] = 0.5
    sums = matrix.sum(axis=1, keepdims=True)
    matrix = np.divide(matrix, sums, out=np.zeros_like(matrix), where=sums > 0) * largest
    chinese = rng.random(n) < 0.5
    chinese[1] = True
    home = np.where(chinese, "CN", "JP")
    sales = 100.0 + 80.0 * rng.random(n)
    rows = [
        (f"P{i}", f"P{j}", str(home[j]), float(matrix[i, j]))
        for i, j in zip(*np.nonzero(matrix), strict=True)
    ]
    parties = {f"P{i}": (str(home[i]), float(sales[i])) for i in range(n)}
    return links_of(rows, parties), matrix, chinese.astype(float), sales


def places(table: pd.DataFrame) -> list[int]:
    return [int(name[1:]) for name in table["firm"]]


@given(cases)
@settings(max_examples=30, deadline=None)
def test_totals_against_a_dense_inverse(case: tuple) -> None:
    links, matrix, seed, _ = random_links(case)
    table = look_through(links, "country=CN", method="leontief", paths=0)
    inverse = np.linalg.inv(np.eye(len(seed)) - matrix)
    wanted = matrix @ inverse @ seed
    assert table["exposure"].to_numpy() == pytest.approx(wanted[places(table)], abs=1e-10)
    for tiers in (1, 3):
        part = look_through(links, "country=CN", method="leontief", tiers=tiers, paths=0)
        gap = table["exposure"] - part["exposure"]
        assert (gap <= part["residual"] + 1e-10).all() and (gap >= -1e-12).all()


@given(cases)
@settings(max_examples=30, deadline=None)
def test_the_sales_side_against_a_dense_inverse(case: tuple) -> None:
    links, matrix, seed, sales = random_links(case)
    sold = (matrix * 100.0).T / sales[:, None]  # by seller
    if sold.sum(axis=1).max() > 0.99:
        return
    inverse = np.linalg.inv(np.eye(len(seed)) - sold)
    total = look_through(links, "country=CN", method="ghosh", paths=0)
    assert total["exposure"].to_numpy() == pytest.approx((sold @ inverse @ seed)[places(total)], abs=1e-10)
    first = look_through(links, "country=CN", method="sales", paths=0)
    free = 1.0 - seed
    met = sold @ np.linalg.solve(np.eye(len(seed)) - free[:, None] * sold, seed)
    assert first["exposure"].to_numpy() == pytest.approx(met[places(first)], abs=1e-10)


@given(cases)
@settings(max_examples=30, deadline=None)
def test_origins_against_a_dense_inverse_and_add_to_one(case: tuple) -> None:
    links, matrix, seed, sales = random_links(case)
    buys = matrix.sum(axis=1) > 0
    content = np.where(buys[:, None], matrix * 100.0 / sales[:, None], 0.0)
    added = np.where(buys, 1.0 - 100.0 / sales, 0.0)
    inverse = np.linalg.inv(np.eye(len(seed)) - content)
    there = ["country=CN"] + (["country=JP"] if (links.frame["country"] == "JP").any() else [])
    table = look_through(links, there, method="origin", paths=0)
    mine = table[table["seed"] == "country=CN"]
    assert mine["exposure"].to_numpy() == pytest.approx((inverse @ (added * seed))[places(mine)], abs=1e-10)
    unknown = 1.0 - added - content.sum(axis=1)
    room = mine["high"] - mine["low"]
    assert room.to_numpy() == pytest.approx((inverse @ unknown)[places(mine)], abs=1e-10)
    if len(there) == 2:
        known = table.groupby("firm", sort=False)["exposure"].sum().to_numpy()
        assert known + room.to_numpy() == pytest.approx(np.ones(len(mine)), abs=1e-10)


@given(cases, st.sampled_from([None, 1, 2, 4]))
@settings(max_examples=40, deadline=None)
def test_one_allocation_adds_to_one_and_is_inside_the_outer_bounds(case: tuple, tiers: int | None) -> None:
    links, matrix, seed, _ = random_links(case)
    there = ["country=CN"] + (["country=JP"] if (links.frame["country"] == "JP").any() else [])
    parts = allocate(links, there, tiers=tiers).set_index(["firm", "part"])["share"].unstack()
    assert parts.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(parts)), abs=1e-12)
    assert (parts >= 0).all(axis=None)
    single = look_through(links, there, tiers=tiers, paths=0).set_index(["firm", "seed"])
    for name in there:
        low, high = (single[end].xs(name, level="seed").reindex(parts.index) for end in ("low", "high"))
        assert (parts[name] <= low + 1e-12).all()
        assert (parts[name] + parts["unknown"] <= high + 1e-10).all()
    if len(there) == 2:  # every node is of a seed: a unit stops at once
        assert parts["country=CN"].to_numpy() == pytest.approx(
            (matrix @ seed)[[int(f[1:]) for f in parts.index]], abs=1e-12
        )
        assert parts["other"].to_numpy() == pytest.approx(np.zeros(len(parts)), abs=1e-12)


def test_seeds_with_a_common_party_cannot_be_allocated() -> None:
    links = links_of([("A", "B", "CN", 0.5)])
    with pytest.raises(QuestionFault, match="is of both"):
        allocate(links, ["country=CN", "party=B"])


@given(cases)
@settings(max_examples=25, deadline=None)
def test_gross_lookthrough_and_its_switches_against_a_dense_inverse(case: tuple) -> None:
    links, matrix, seed, _ = random_links(case)
    n = len(seed)
    inverse = np.linalg.inv(np.eye(n) - matrix)
    abroad = seed[:, None] != seed[None, :]
    asked = [
        ({}, inverse - np.eye(n), matrix),
        ({"keep_identity": True}, inverse, matrix + np.eye(n)),
        ({"net_own": True}, inverse - np.diag(np.diag(inverse)), matrix),
        ({"denominator": "foreign"}, (inverse - np.eye(n)) * abroad, matrix * abroad),
    ]
    for switches, sums, face in asked:
        table = gross_lookthrough(links, "country=CN", **switches)
        below = sums.sum(axis=1)[places(table)]
        for column, above in (("gross", sums @ seed), ("face", face @ seed)):
            wanted = np.where(below > 1e-14, above[places(table)] / np.maximum(below, 1e-300), np.nan)
            assert table[column].to_numpy() == pytest.approx(wanted, abs=1e-9, nan_ok=True), switches


def test_a_circle_with_gain_and_shares_over_one_are_faults_with_their_links() -> None:
    circle = links_of(
        [("Z", "C", "CN", 0.2), ("A", "B", "JP", 1.0), ("B", "A", "JP", 1.0), ("B", "C", "CN", 0.0)]
    )
    with pytest.raises(QuestionFault, match="links 2, 3"):
        look_through(circle, "country=CN", method="leontief")
    assert cell(look_through(circle, "country=CN", method="leontief", tiers=3), "A") == 0.0
    assert cell(look_through(circle, "country=CN"), "A") == 0.0
    over = links_of([("A", "B", "CN", 0.7), ("X", "B", "CN", 0.1), ("A", "C", "JP", 0.6)])
    with pytest.raises(QuestionFault, match=r"'A', links 1, 3"):
        look_through(over, "country=CN")


def test_figures_a_method_needs_are_asked_for() -> None:
    links = links_of([("A", "B", "CN", 0.5)], value=np.nan, inputs=np.nan)
    with pytest.raises(QuestionFault, match="without values"):
        look_through(links, "country=CN", method="ghosh")
    with pytest.raises(QuestionFault, match="sales"):
        look_through(links, "country=CN", method="origin")
    with pytest.raises(QuestionFault, match="above sales"):
        look_through(links_of([("A", "B", "CN", 0.5)], {"A": ("JP", 60.0)}), "country=CN", method="origin")
    with pytest.raises(QuestionFault, match="method"):
        look_through(links, "country=CN", method="leontieff")


def test_a_product_is_a_seed_of_links() -> None:
    links = links_of(
        [("A", "B", "JP", 0.5), ("A", "B", "JP", 0.2), ("B", "C", "CN", 0.4), ("A", "C", "CN", 0.1)],
        product=["8542", "8541", "8541", "9999"],
    )
    table = look_through(links, ["product=8541", "product=85*", "country=CN"])
    assert table.loc[table["firm"] == "A", "exposure"].tolist() == pytest.approx(
        [0.2 + 0.5 * 0.4, 0.7, 0.1 + 0.7 * 0.4]
    )
    with pytest.raises(QuestionFault, match="no link of that product"):
        look_through(links, "product=7")


def test_confidence_of_links_along_the_way() -> None:
    rows = [("A", "B", "JP", 0.5), ("B", "C", "CN", 0.4), ("A", "D", "CN", 0.2)]
    table = look_through(links_of(rows, confidence=[0.5, 0.8, np.nan]), "country=CN")
    assert cell(table, "A", "confidence") == pytest.approx((0.2 * 0.4 + 0.2) / 0.4)
    assert look_through(links_of(rows), "country=CN")["confidence"].isna().all()


@pytest.mark.parametrize("factored", [0, 10_000])
@pytest.mark.parametrize("largest", [0.5, 0.95, 1.0 - 1e-7, 1.0])
def test_all_tiers_by_every_way_of_solving(
    monkeypatch: pytest.MonkeyPatch, factored: int, largest: float
) -> None:
    """Tier by tier, by factors, by iteration: a dense solution within the bound, the bound under 1e-10."""
    monkeypatch.setattr(solving, "_FACTORED", factored)
    rng = np.random.default_rng(8)
    n = 200
    matrix = np.where(rng.random((n, n)) < 0.05, rng.random((n, n)), 0.0)
    matrix *= largest / matrix.sum(axis=1, keepdims=True)
    seed = (rng.random((n, 5)) < [0.005, 0.02, 0.1, 0.3, 0.5]).astype(float)
    seed[0, 0] = 1.0
    found, _, bound = passage.first_passage(sparse.csr_matrix(matrix), np.arange(n), seed, np.zeros(n), None)
    for k in range(5):
        system = np.eye(n) - matrix * (1 - seed[:, k])
        error = np.abs(found[:, k] - np.linalg.solve(system, matrix @ seed[:, k]))
        assert (error <= bound[:, k] + 1e-13).all()
    assert bound.max() < 1e-10


def test_single_precision_keeps_six_digits() -> None:
    rng = np.random.default_rng(9)
    matrix = sparse.random(300, 300, density=0.05, random_state=1, format="csr")
    matrix.data *= 0.9 / np.asarray(matrix.sum(axis=1)).max()
    seed = (rng.random((300, 3)) < 0.1).astype(float)
    party, none = np.arange(300), np.zeros(300)
    exact = passage.first_passage(matrix, party, seed, none, 5)[0]
    quick = passage.first_passage(matrix.astype(np.float32), party, seed, none, 5)[0]
    assert quick.dtype == np.float32
    assert quick == pytest.approx(exact, abs=1e-6)


def all_walks(matrix: np.ndarray, hit: np.ndarray, start: int, tiers: int) -> list[float]:
    """Products of every walk of up to so many steps that ends where it first meets the seed."""
    made, ways = [], [(start, 1.0)]
    for _ in range(tiers):
        ways = [(j, w * matrix[i, j]) for i, w in ways for j in np.flatnonzero(matrix[i]).tolist()]
        made += [w for i, w in ways if hit[i]]
        ways = [(i, w) for i, w in ways if not hit[i] and w > 1e-9]
    return sorted(made, reverse=True)


@given(cases, st.sampled_from([None, 2, 4]), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_paths_of_any_length_against_enumeration(case: tuple, tiers: int | None, most: int) -> None:
    _, matrix, seed, _ = random_links((min(case[0], 5), min(case[1], 0.8), case[2]))
    n = len(seed)
    hit = seed > 0
    found = best_paths(sparse.csr_matrix(matrix), np.arange(n), hit, np.arange(n), most, tiers)
    for start in range(n):
        wanted = all_walks(matrix, hit, start, tiers or 9)[:most]
        mine = found[found["party"] == start]
        said = mine.loc[mine["step"] == 1, "weight"].to_numpy()
        if tiers is None:
            wanted = [w for w in wanted if w > 0.8**9]  # longer walks are no larger
            said = said[: len(wanted)]
        assert said == pytest.approx(np.array(wanted), rel=1e-12)
        for _, steps in mine.groupby("rank"):
            ways = np.r_[start, steps["column"].to_numpy(dtype=int)]
            assert np.prod(matrix[ways[:-1], ways[1:]]) == pytest.approx(steps["weight"].iloc[0], rel=1e-12)
            assert hit[ways[-1]] and not hit[ways[1:-1]].any()


def test_a_long_chain_is_followed_to_its_end() -> None:
    rows = [(f"N{i}", f"N{i + 1}", "CN" if i == 59 else "JP", 0.99) for i in range(60)]
    table = look_through(links_of(rows), "country=CN", firms=["N0"], paths=1)
    assert table["paths"].iloc[0].count(">") == 59
    assert float(table["paths"].iloc[0].rsplit("= ", 1)[1]) == pytest.approx(0.99**60, rel=1e-3)


def test_each_step_of_a_path_carries_its_links() -> None:
    rows = [("A", "B", "JP", 0.3), ("A", "B", "JP", 0.2), ("B", "C", "CN", 0.4), ("A", "D", "CN", 0.1)]
    links = links_of(
        rows,
        product=["chip", "board", "ore", "ore"],
        evidence=["invoice", "invoice", "", "filing"],
        period="2024",
        confidence=[0.9, 0.5, np.nan, 1.0],
    )
    told = trace(links, "country=CN", firms=["A"])
    assert told[["path", "step", "from", "to", "links"]].to_numpy().tolist() == [
        [1, 1, "A", "B", "L1; L2"],
        [1, 2, "B", "C", "L3"],
        [2, 1, "A", "D", "L4"],
    ]
    assert told["product"].tolist() == ["chip; board", "ore", "ore"]
    assert told["evidence"].tolist() == ["invoice", "", "filing"]
    assert told["confidence"].tolist() == pytest.approx([0.5, np.nan, 1.0], nan_ok=True)
    assert told["share"].tolist() == pytest.approx([0.5, 0.4, 0.1])
    assert told["weight"].tolist() == pytest.approx([0.2, 0.2, 0.1])
    assert trace(links, "country=CN", firms=["A"], tiers=1)["links"].tolist() == ["L4"]


def test_columns_put_each_party_first() -> None:
    column, owner = place_columns(np.array([2, 0, 2, 3]), 4)
    assert column.tolist() == [2, 0, 4, 3]
    assert owner.tolist() == [0, 1, 2, 3, 2]


def test_every_method_is_offered_by_the_command() -> None:
    from dashboard.command.parsing import parse_words

    for method in LOOKTHROUGH_METHODS:
        assert parse_words(["lookthrough", "links.csv", "--method", method]).method == method
