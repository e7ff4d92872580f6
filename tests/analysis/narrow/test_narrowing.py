"""Tables of chokepoints and cut points against looking through again, on small networks and the demo."""

import numpy as np
import pandas as pd
import pytest

from analysis import chokepoints, concentration, cut_points, load_links, look_through, who_hangs_on
from analysis.supply.links import LINK_COLUMNS, Links
from analysis.supply.narrow.narrowing import CHOKEPOINT_COLUMNS, CUT_COLUMNS
from survey import QuestionFault, data_folder


def links_of(rows: list[tuple[str, str, str, float]]) -> Links:
    frame = pd.DataFrame(rows, columns=["buyer", "supplier", "country", "share"])
    for name in LINK_COLUMNS:
        if name not in frame:
            frame[name] = ""
    frame["share_method"] = "given"
    return Links(frame, pd.DataFrame(), pd.DataFrame(), "given", "inputs")


@pytest.fixture(scope="module")
def demo() -> Links:
    return load_links(data_folder() / "demo")


def without(links: Links, party: str) -> Links:
    frame = links.frame
    kept = frame[(frame["buyer"] != party) & (frame["supplier"] != party)].reset_index(drop=True)
    return Links(kept, links.parties, links.items, links.share_method, links.reading)


def test_by_hand() -> None:
    """A and B hang on M, which buys in China; A has a way of its own as well."""
    links = links_of(
        [("A", "M", "JP", 0.5), ("B", "M", "JP", 0.2), ("M", "C", "CN", 0.4), ("A", "D", "CN", 0.1)]
    )
    table = chokepoints(links, "country=CN").set_index("party")
    assert list(table.reset_index()[list(CHOKEPOINT_COLUMNS)].columns) == list(CHOKEPOINT_COLUMNS)
    assert table.index.tolist() == ["C", "M", "D"]
    assert table["drop"].to_numpy() == pytest.approx([(0.2 + 0.08 + 0.4) / 3, 0.28 / 3, 0.1 / 3])
    assert (table["low"] == table["drop"]).all()
    assert table["firms"].tolist() == [3, 2, 1]
    assert table["cut_off"].tolist() == [2, 1, 0]  # B and M hang on C alone, B on M alone
    assert table["hardest_hit"].tolist() == ["M", "A", "A"]
    assert table["largest_drop"].to_numpy() == pytest.approx([0.4, 0.2, 0.1])
    # outer bound of M: A's unnamed 0.4 and M's 0.6, B's 0.8: all might run through it
    assert table.loc["M", "high"] == pytest.approx((0.2 + 0.4 + 0.5 * 0.6 + 0.08 + 0.8 + 0.2 * 0.6) / 3)
    assert table["part"].to_numpy() == pytest.approx(table["drop"] / ((0.3 + 0.08 + 0.4) / 3))
    assert table["n_firms"].eq(3).all() and table["n_links"].eq(4).all()
    assert table["named"].to_numpy() == pytest.approx([(0.6 + 0.2 + 0.4) / 3] * 3)
    assert table["pieces"].tolist() == [1, 3, 1]  # without M: A and D, B, C


def test_only_some_firms_count() -> None:
    links = links_of([("A", "M", "JP", 0.5), ("B", "M", "JP", 0.2), ("M", "C", "CN", 0.4)])
    table = chokepoints(links, "country=CN", firms=["B"]).set_index("party")
    assert table["drop"].to_dict() == pytest.approx({"C": 0.08, "M": 0.08})
    assert table["firms"].tolist() == [1, 1] and table["n_firms"].tolist() == [1, 1]
    with pytest.raises(QuestionFault):
        chokepoints(links, "country=CN", firms=["C"])
    with pytest.raises(QuestionFault):
        chokepoints(links, "country=CN", top=0)
    with pytest.raises(QuestionFault):
        chokepoints(links, "country=DE")


def test_demo_against_looking_through_again(demo: Links) -> None:
    """Each chokepoint is taken out of the links, and the rest is looked through without paths of ours."""
    table = chokepoints(demo, ["country=CN", "country=US"], top=3)
    before = look_through(demo, ["country=CN", "country=US"]).set_index(["firm", "seed"])["exposure"]
    assert len(table) == 6
    for row in table.iloc[[0, 4]].itertuples():
        after = look_through(without(demo, row.party), [row.seed]).set_index("firm")["exposure"]
        whole = before.xs(row.seed, level="seed")
        fall = whole.drop(row.party, errors="ignore") - after.reindex(whole.index).fillna(0.0)
        fall = fall.drop(row.party, errors="ignore")
        assert fall.sum() / len(whole) == pytest.approx(row.drop, abs=1e-12)
        assert int((fall > 1e-12).sum()) == row.firms
        assert fall.idxmax() == row.hardest_hit and fall.max() == pytest.approx(row.largest_drop, abs=1e-12)
        assert row.drop < row.high <= 1


def test_top_is_the_top_of_all(demo: Links) -> None:
    """Bounded and then exact: the first five are those of the whole table."""
    few = chokepoints(demo, "country=CN", top=5)
    many = chokepoints(demo, "country=CN", top=400)
    pd.testing.assert_frame_equal(few, many.head(5))
    assert len(many) > 300 and many["drop"].is_monotonic_decreasing


def test_cut_points_by_hand(demo: Links) -> None:
    table = cut_points(links_of([("A", "M", "JP", 0.5), ("B", "M", "JP", 0.2), ("M", "C", "CN", 0.4)]))
    assert list(table.columns) == list(CUT_COLUMNS)
    assert table[["party", "pieces", "cut_off", "part", "n_firms", "n_links"]].to_numpy().tolist() == [
        ["M", 3, 2, 4, 4, 3]
    ]
    many = cut_points(demo)
    assert (many["pieces"] >= 2).all() and many["cut_off"].is_monotonic_decreasing
    assert np.isin(many["country"], demo.parties["country"]).all()


def test_a_product_as_the_seed() -> None:
    links = links_of(
        [("A", "M", "JP", 0.5), ("A", "D", "JP", 0.3), ("M", "C", "CN", 0.4), ("M", "E", "US", 0.2)]
    )
    links.frame["product"] = ["board", "board", "chip", "film"]
    table = chokepoints(links, "product=chip").set_index("party")
    assert table["drop"].to_dict() == pytest.approx({"C": (0.4 + 0.2) / 2, "M": 0.1})
    assert table["cut_off"].to_dict() == {"C": 2, "M": 1}


def test_shares_of_sales_and_shares_over_one_are_refused() -> None:
    links = links_of([("A", "M", "JP", 0.7), ("A", "C", "CN", 0.6)])
    with pytest.raises(QuestionFault, match="shares that add to 1"):
        chokepoints(links, "country=CN")
    sold = Links(links.frame, links.parties, links.items, "given", "output")
    for refused in (lambda: chokepoints(sold, "country=CN"), lambda: concentration(sold)):
        with pytest.raises(QuestionFault, match="shares of output"):
            refused()
    assert cut_points(sold)["party"].tolist() == ["A"]


def test_who_hangs_on_a_party(demo: Links) -> None:
    table = who_hangs_on(demo, "T1242", top=7)
    whole = look_through(demo, "party=T1242")
    assert len(table) == 7 and table["exposure"].is_monotonic_decreasing
    assert table["exposure"].iloc[0] == whole["exposure"].max()
    assert (
        table["n_hanging"].iloc[0] == int((whole["exposure"] > 0).sum()) and table["n_links"].iloc[0] == 8068
    )
