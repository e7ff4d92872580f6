"""Content of items from bills of materials: by hand, nested, by destination; rows that cannot be true."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.rules.bills import Bills, destination_groups, read_bills
from analysis.rules.contents import contents_of
from analysis.rules.materials import bills_on
from survey import FileFault, StudyFault, load_study

DAY = date(2026, 1, 15)

RADAR = """party,product,component,supplier,origin,value,price,licence_to,from,to
A,radar,chip,,US,30,100,CN|VN,,
A,radar,board,B,JP,40,,,,
A,radar,box,,JP,20,,,,
B,board,fpga,,US,10,40,CN,,
B,board,alloy,,,6,,,,
B,board,work,,Japan,24,,,,
,magnet,dysprosium,,中国,1,100,all,,
,magnet,rest,,JP,99,,,,
C,pump,valve,,US,20,50,none,,2025-12-31
C,pump,valve,,US,20,100,CN,2026-01-01,
C,pump,own work,,JP,80,,none,2026-01-01,
"""


def bills(tmp_path: Path, text: str = RADAR, groups: dict | None = None) -> Bills:
    path = tmp_path / "bom.csv"
    path.write_text(text, encoding="utf-8")
    return read_bills(path, groups)


def content(
    of: Bills, party: str, product: str, destination: str, side: str = "us", day: date = DAY
) -> tuple:
    wanted = pd.DataFrame([(party, product, destination)], columns=["party", "product", "destination"])
    row = contents_of(of, day, wanted).iloc[0]
    return row[f"{side}_content_low"], row[f"{side}_content_high"]


@pytest.mark.parametrize(
    ("party", "product", "to", "side", "low", "high"),
    [
        ("A", "radar", "CN", "us", 0.40, 0.56),  # chip 30, a quarter of the board 40; rest 10, alloy 6
        ("A", "radar", "VN", "us", 0.30, 0.46),  # the fpga needs a licence to China alone
        ("A", "radar", "US", "us", 0.0, 0.0),  # at home nothing of it is an export
        ("A", "radar", "", "us", 0.0, 0.56),  # destination not known
        ("A", "radar", "JP", "cn", 0.0, 0.16),  # the alloy and the rest may be Chinese
        ("B", "board", "CN", "us", 0.25, 0.40),
        ("Z", "magnet", "JP", "cn", 0.01, 0.01),  # a bill of every seller
        ("Z", "magnet", "CN", "cn", 0.0, 0.0),
        ("C", "pump", "CN", "us", 0.20, 0.20),
    ],
)
def test_contents_by_hand(tmp_path, party, product, to, side, low, high) -> None:
    assert content(bills(tmp_path), party, product, to, side) == pytest.approx((low, high), abs=1e-12)


def test_a_bill_changes_with_its_days(tmp_path) -> None:
    made = bills(tmp_path)
    assert content(made, "C", "pump", "CN", day=date(2025, 12, 31)) == pytest.approx((0.0, 0.6))
    assert content(made, "C", "pump", "CN", day=date(2026, 1, 1)) == pytest.approx((0.2, 0.2))


def test_items_without_a_bill_have_no_content_from_it(tmp_path) -> None:
    wanted = pd.DataFrame(
        [("A", "radar", "CN"), ("A", "pump", "CN")], columns=["party", "product", "destination"]
    )
    table = contents_of(bills(tmp_path), DAY, wanted)
    assert table["named"].tolist()[0] == pytest.approx(0.9)
    assert np.isnan(table["named"][1]) and np.isnan(table["us_content_high"][1])
    assert table["rows"].tolist() == ["rows 1 to 3", ""]


def test_groups_of_destinations(tmp_path) -> None:
    made = bills(tmp_path, RADAR.replace("CN|VN", "Strict|Viet Nam"), {"Strict": ("CN", "RU")})
    assert content(made, "A", "radar", "RU")[0] == pytest.approx(0.30)
    assert content(made, "A", "radar", "VN")[0] == pytest.approx(0.30)
    assert content(made, "A", "radar", "KR")[0] == 0.0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("A,radar,chip,,US,30,100", "A,radar,chip,,US,50,100"), ("column value, rows 1, 2, 3", "A radar")),
        (
            ("A,radar,chip,,US,30,100", "A,radar,chip,,US,30,"),
            ("column price, rows 1, 2, 3", "without a price"),
        ),
        (
            ("A,radar,box,,JP,20,,", "A,radar,box,,JP,20,90,"),
            ("column price, rows 1, 3", "more than one price"),
        ),
        (("B,board,fpga,,US,10", "B,board,radar,A,US,10"), ("rows 2, 4", "radar in board")),
        (("A,radar,box,,JP", "A,radar,box,,Atlantis"), ("column origin, row 3", "Atlantis")),
        (("CN|VN", "CN|Vietnum"), ("column licence_to, row 1", "'Vietnum'")),
        (("CN|VN", "CN|all"), ("column licence_to, row 1", "'all'")),
        (("A,radar,box,,JP,20", "A,radar,box,,JP,-20"), ("column value, row 3", "-20")),
        (("A,radar,box,", "A,radar,,"), ("column component, row 3", "an empty cell")),
        (("2025-12-31", "31.12.2025"), ("column to, row 9", "31.12.2025")),
        (("CN,2026-01-01,", "CN,2026-01-01,2025-01-01"), ("column to, row 10", "2025-01-01")),
        ((",value,price,", ",amount,price,"), ("bom.csv", "no column 'value'")),
    ],
)
def test_bad_rows_are_named(tmp_path, change, told) -> None:
    with pytest.raises(FileFault) as fault:
        bills_on(bills(tmp_path, RADAR.replace(*change, 1)), DAY)
    for words in told:
        assert words in str(fault.value)


def test_two_currencies_of_one_item(tmp_path) -> None:
    text = "party,product,component,value,price,currency\nA,x,p,1,9,USD\nA,x,q,1,,JPY\n"
    with pytest.raises(FileFault, match=r"column currency, rows 1, 2\n.*more than one currency"):
        bills_on(bills(tmp_path, text), DAY)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["CN", "VN", "KR", ""]))
def test_nested_bills_equal_their_components_written_out(seed: int, to: str) -> None:
    """Content through (I - A)^-1 is that of a recursion over the components; more named is never wider."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(6):
        weights = rng.dirichlet(np.ones(4)) * rng.uniform(0.5, 1.0)
        for part, weight in enumerate(weights):
            nested = item < 5 and rng.random() < 0.4
            name = f"i{rng.integers(item + 1, 6)}" if nested else f"leaf{part}"
            origin = rng.choice(["US", "CN", "JP", ""])
            rows.append(
                ("P", f"i{item}", name, "", origin, weight, 1.0, "", rng.choice(["all", "none", "CN", ""]))
            )
    names = [
        "party",
        "product",
        "component",
        "supplier",
        "origin",
        "value",
        "price",
        "currency",
        "licence_to",
    ]
    frame = pd.DataFrame(rows, columns=names).assign(eccn="", evidence="", row=range(1, len(rows) + 1))
    frame["from"] = frame["to"] = ""
    made = Bills(frame)
    for side, home in (("us", "US"), ("cn", "CN")):
        assert content(made, "P", "i0", to, side) == pytest.approx(_by_hand(frame, "i0", to, home), abs=1e-12)


def _by_hand(frame: pd.DataFrame, item: str, to: str, home: str) -> tuple[float, float]:
    mine = frame[frame["product"] == item]
    if to == home:
        return 0.0, 0.0
    low, high = 0.0, 1.0 - mine["value"].sum()
    for row in mine.itertuples():
        need = {"all": (to != "", True), "none": (False, False), "": (False, True)}.get(
            row.licence_to, (to == "CN", to in ("CN", ""))
        )
        is_item = (frame["product"] == row.component).any()
        if row.origin == home or (row.origin == "" and not is_item):
            low += row.value * (need[0] and row.origin == home)
            high += row.value * need[1]
        elif is_item:
            inner = _by_hand(frame, row.component, to, home)
            low, high = low + row.value * inner[0], high + row.value * inner[1]
    return low, high


def test_groups_are_read_from_the_study(tmp_path) -> None:
    head = 'schema = 1\nid = "x"\n[supply]\nlinks = "l.csv"\n[rules.destinations]\n'
    (tmp_path / "l.csv").write_text("buyer,supplier\nA,B\n")

    def groups(line: str) -> dict:
        (tmp_path / "study.toml").write_text(head + line, encoding="utf-8")
        return destination_groups(load_study(tmp_path))

    assert groups('Strict = ["China", "RU"]\n') == {"Strict": ("CN", "RU")}
    with pytest.raises(StudyFault, match="Atlantis"):
        groups('Strict = ["Atlantis"]\n')
    with pytest.raises(StudyFault, match="no country"):
        groups('CN = ["RU"]\n')
    with pytest.raises(StudyFault, match="a list of countries"):
        groups('Strict = "CN"\n')
