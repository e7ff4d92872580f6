"""Ledgers, customer lists and customs records become links: money, periods, places, codes, credit notes."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import check_links, flows_of, load_links, look_through
from analysis.supply.coverage import named_shares
from analysis.supply.kinds import KINDS
from analysis.supply.links import Links
from survey import Fault, FileFault, QuestionFault, Study, StudyFault
from survey.design import Design

TOP = Path(__file__).parents[2]


def study(folder: Path, supply: dict, as_of: date | None = None, **files: str) -> Study:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return Study("s", folder, {}, ("en",), True, as_of, None, (), Design(), {"supply": supply})


def shares(links: Links) -> dict:
    frame = links.frame
    return dict(zip(zip(frame["supplier"], frame["country"], strict=True), frame["share"], strict=True))


RATES = "date,currency,rate,per\n2025-01-01,USD,100,\n2025-04-01,USD,150,1\n2025-01-01,CNY,2000,100\n"
LEDGER = (
    "buyer,supplier,country,product,date,amount,currency\n"
    'A,x,日本,p,2025-04-10,"1,000",円\n'
    "A,y,China,p,2025-03-31,10,USD\n"
    "A,y,CN,p,2025/04/01,10,米ドル\n"
    "A,y,CN,p,20250402,-2,USD\n"
    "A,z,TWN,p,2025年5月1日,50,CNY\n"
)


def test_a_ledger_by_hand(tmp_path: Path) -> None:
    """y: 10 at 100, then 8 at 150 = 2,200; z: 50 at 20 = 1,000; x 1,000: 4,200 in all."""
    made = study(
        tmp_path,
        {"links": "l.csv", "kind": "ledger", "currency": "yen", "rates": "r.csv"},
        l=LEDGER,
        r=RATES,
    )
    links = load_links(made)
    assert links.money == "JPY" and links.reading == "inputs"
    assert links.frame["value"].tolist() == pytest.approx([1000, 2200, 1000])
    assert shares(links) == pytest.approx(
        {("x", "JP"): 1000 / 4200, ("y", "CN"): 2200 / 4200, ("z", "TW"): 1000 / 4200}
    )
    assert links.frame["evidence"].tolist() == ["1 line", "3 lines, 1 below zero", "1 line"]
    assert [f.found for f in links.findings] == ["1 lines below zero (credit notes), -300 in all"]
    assert links.frame["link"].tolist() == ["L000001", "L000002", "L000005"]


def test_lines_without_a_supplier_are_inputs_nobody_named(tmp_path: Path) -> None:
    text = "buyer,supplier,country,amount\nA,x,CN,60\nA,,,40\nB,x,CN,5\nB,w,US,-9\n"
    links = load_links(study(tmp_path, {"links": "l.csv", "kind": "ledger"}, l=text))
    assert links.frame.set_index("buyer")["share"].to_dict() == {"A": 0.6, "B": 1.0}
    assert [f.found.split(",")[0] for f in links.findings] == [
        "1 lines without a supplier",
        "1 lines below zero (credit notes)",
        "1 links of nothing or less after credit notes",
    ]
    assert named_shares(links)["A"] == 0.6 and np.isnan(named_shares(links)["B"])
    row = look_through(links, "country=CN").set_index("firm").loc["A"]
    assert row["low"] == pytest.approx(0.6) and row["high"] == 1.0


@pytest.mark.parametrize(
    ("periods", "as_of", "counts", "value", "period"),
    [
        ("fiscal year", date(2025, 12, 31), "started", 20, "FY2025"),
        ("fiscal year", date(2025, 12, 31), "ended", 5, "FY2024"),
        ("year", date(2025, 12, 31), "started", 24, "2025"),
        ("quarter", date(2025, 6, 1), "ended", 4, "2025-Q1"),
        ("month", date(2025, 4, 30), "started", 20, "2025-04"),
        ("", None, "started", 25, ""),
    ],
)
def test_which_period_counts(
    tmp_path: Path, periods: str, as_of: date | None, counts: str, value: float, period: str
) -> None:
    text = "buyer,supplier,amount,date\nA,x,1,2024-12-31\nA,x,4,2025-03-31\nA,x,20,2025-04-01\n"
    supply = {"links": "l.csv", "kind": "ledger", "counts": counts} | (
        {"periods": periods} if periods else {}
    )
    frame = load_links(study(tmp_path, supply, as_of, l=text)).frame
    assert frame["value"].tolist() == [value] and frame["period"].tolist() == [period]


def test_periods_that_have_no_order_are_refused_where_one_must_be_chosen(tmp_path: Path) -> None:
    text = "buyer,supplier,value,period\nA,x,1,spring\n{},y,1,autumn\n"
    load_links(study(tmp_path, {"links": "l.csv"}, l=text.format("B")))
    with pytest.raises(FileFault) as fault:
        load_links(study(tmp_path, {"links": "l.csv"}, l=text.format("A")))
    assert "column period, rows 1, 2" in fault.value.where and "'spring'" in fault.value.found


@pytest.mark.parametrize(
    ("supply", "ledger", "where", "found"),
    [
        (
            {},
            LEDGER,
            "JPY: row 1; USD: rows 2, 3, 4; CNY: row 5",
            "3 currencies (JPY, USD, CNY) without a rate",
        ),
        ({"currency": "JPY"}, LEDGER, "USD: rows 2, 3, 4; CNY: row 5", "without a rate"),
        ({"currency": "EUR", "rates": "r.csv"}, LEDGER, "column currency, row 1", "no rate of JPY to EUR"),
        (
            {"currency": "JPY", "rates": "r.csv"},
            LEDGER.replace("2025-03-31", "2024-12-31"),
            "column currency, row 2",
            "on or before their day",
        ),
        ({"currency": "JPY", "rates": "r.csv"}, LEDGER.replace("2025-03-31", ""), "row 2", "without a day"),
        ({"currency": "JPY", "rates": "r.csv"}, LEDGER.replace("米ドル", "$"), "currency, row 3", "'$'"),
        ({"currency": "JPY", "rates": "r.csv"}, LEDGER.replace("20250402", "soon"), "date, row 4", "'soon'"),
        ({"currency": "JPY", "rates": "r.csv"}, LEDGER.replace("-2", "two"), "column amount, row 4", "'two'"),
        ({"currency": "JPY", "rates": "r.csv"}, LEDGER.replace("-2", '"1,5"'), "amount, row 4", "'1,5'"),
        (
            {"currency": "JPY", "rates": "r.csv"},
            LEDGER.replace("TWN", "Atlantis"),
            "country, row 5",
            "Atlantis",
        ),
        (
            {"currency": "JPY", "rates": "r.csv"},
            LEDGER.replace("amount", "sum"),
            "l.csv",
            "no column 'amount'",
        ),
    ],
)
def test_bad_ledgers_are_refused_with_their_rows(
    tmp_path: Path, supply: dict, ledger: str, where: str, found: str
) -> None:
    made = study(tmp_path, {"links": "l.csv", "kind": "ledger"} | supply, l=ledger, r=RATES)
    with pytest.raises(FileFault) as fault:
        load_links(made)
    assert where in fault.value.where and found in fault.value.found


def test_one_currency_needs_no_rate_and_undated_rows_take_as_of(tmp_path: Path) -> None:
    text = "buyer,supplier,amount,currency,period\nA,x,10,USD,\nA,y,10,USD,\n"
    assert load_links(study(tmp_path, {"links": "l.csv", "kind": "ledger"}, l=text)).money == "USD"
    supply = {"links": "l.csv", "kind": "ledger", "currency": "JPY", "rates": "r.csv", "unit": "thousand"}
    made = study(tmp_path, supply, date(2025, 3, 1), l=text, r=RATES)
    assert load_links(made).frame["value"].tolist() == [1_000_000, 1_000_000]
    (tmp_path / "l.csv").write_text(text.replace("USD,\n", "USD,2025\n"), encoding="utf-8")
    links = load_links(made)  # the last day of 2025
    assert links.frame["value"].tolist() == [1_500_000, 1_500_000]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("date,currency,rate\n2025-01-01,USD,0\n", "a rate that is blank or 0"),
        ("date,currency,rate\n,USD,100\n", "without day or currency"),
        ("date,currency,rate\n2025-01-01,USD,100\n2025-01-01,US dollar,101\n", "a second rate"),
        ("date,currency,rate\n2025-01-01,USD,lots\n", "'lots'"),
        ("day,currency,rate\n2025-01-01,USD,1\n", "no column 'date'"),
    ],
)
def test_bad_rates_are_refused(tmp_path: Path, text: str, found: str) -> None:
    supply = {"links": "l.csv", "kind": "ledger", "currency": "JPY", "rates": "r.csv"}
    with pytest.raises(FileFault) as fault:
        load_links(study(tmp_path, supply, l=LEDGER, r=text))
    assert found in fault.value.found and "r.csv" in fault.value.where


def test_a_customer_list_is_of_output_and_never_of_inputs(tmp_path: Path) -> None:
    text = (
        "seller,customer,country,share,output,seller_country\n"
        "S,a,CN,30,200,JP\nS,b,US,20,200,JP\nT,a,CN,50,,JP\n"
    )
    made = study(tmp_path, {"links": "l.csv", "kind": "customers", "shares": "percent"}, l=text)
    links = load_links(made)
    assert links.reading == "output"
    assert links.frame[["supplier", "buyer", "country"]].to_numpy().tolist() == [
        ["S", "a", "JP"],
        ["S", "b", "JP"],
        ["T", "a", "JP"],
    ]
    assert links.frame["share"].tolist() == pytest.approx([0.3, 0.2, 0.5])
    assert links.frame["value"].tolist()[:2] == [60, 40] and links.frame["inputs"].isna().all()
    parties = links.parties.set_index("party")
    assert parties.loc["a", "country"] == "CN" and parties.loc["S", "sales"] == 200
    with pytest.raises(QuestionFault, match="output"):
        look_through(links, "country=JP")
    flows = flows_of(links)
    sales = flows[flows["channel"] == "sales"].set_index(["firm", "buyer"])["share"]
    assert sales["S", "a"] == pytest.approx(0.3) and sales["T", "a"] == pytest.approx(0.5)
    assert flows.loc[flows["channel"] == "inputs", "share"].isna().all()
    assert (flows["us_through"] == 0).all()
    table = look_through(links, "country=CN", method="sales").set_index("firm")
    assert table.loc["S", "direct"] == pytest.approx(0.3)
    assert named_shares(links).to_dict() == pytest.approx({"S": 0.5, "T": 0.5})


def test_customs_records_take_the_origin_and_one_subheading(tmp_path: Path) -> None:
    text = (
        "importer,exporter,origin,country,hs,value,date\n"
        "A,trader,CN,HK,8541.43.0010,60,2025-01-05\n"
        "A,trader,CN,HK,854143 0090,20,2025-01-06\n"
        "A,other,,US,8542310000,20,2025-01-07\n"
        "A,other,US,US,7712,20,2025-01-07\n"
        "A,other,US,US,101,30,2025-01-07\n"
    )
    links = load_links(study(tmp_path, {"links": "l.csv", "kind": "customs", "digits": 6}, l=text))
    frame = links.frame
    assert frame["product"].tolist() == ["854143", "854231", "7712", "101"]
    assert frame["country"].tolist() == ["CN", "US", "US", "US"]
    assert frame["share"].tolist()[0] == pytest.approx(80 / 150)
    said = {f.where.rsplit("column ", 1)[1]: f.found for f in links.findings}
    assert "unknown chapter" in said["hs, row 4"] and "wrong length" in said["hs, row 5"]
    assert "2 declarations" in said["origin, rows 1, 2"]


def test_codes_against_the_whole_classifications(tmp_path: Path) -> None:
    """Each code of HS and NAICS that the project carries is one; near misses are not."""
    from analysis.supply.classification import _fault
    from survey import data_folder

    table = pd.read_csv(data_folder() / "classification" / "codes.csv", dtype=str)
    assert table.groupby("system").size().to_dict() == {"hs": 6940, "isic": 109, "jsic": 119, "naics": 2129}
    for system, code in table[["system", "code"]].sample(300, random_state=1).itertuples(index=False):
        assert _fault(code, system) == "", (system, code)
    for system, code, fault in (
        ("hs", "77", "unknown chapter"),
        ("hs", "850000", "unknown code"),
        ("hs", "9802001000", ""),
        ("naics", "33441", ""),
        ("naics", "99", "unknown code"),
        ("naics", "1", "wrong length"),
        ("isic", "2610", ""),
        ("isic", "04", "unknown code"),
        ("jsic", "2914", ""),
        ("jsic", "00", "unknown code"),
        ("isic", "C", ""),
        ("hs", "chips", "no code"),
    ):
        assert _fault(code, system) == fault, (system, code)


def test_territories_count_as_the_user_says(tmp_path: Path) -> None:
    text = "buyer,supplier,country,share\nA,x,Hong Kong,0.2\nA,y,中国,0.3\nA,z,台湾,0.1\nA,w,マカオ,0.1\n"
    links = load_links(study(tmp_path, {"links": "l.csv"}, l=text))
    assert links.frame["country"].tolist() == ["HK", "CN", "TW", "MO"]
    assert links.territories == "TW as TW, HK as HK, MO as MO"
    chosen = {"links": "l.csv", "territories": {"香港": "China", "MO": "CN"}}
    links = load_links(study(tmp_path, chosen, l=text))
    assert links.frame["country"].tolist() == ["CN", "CN", "TW", "CN"]
    assert links.territories == "TW as TW, HK as CN, MO as CN"
    assert look_through(links, "country=CN")["direct"].tolist() == pytest.approx([0.6])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "leger"}, "supply.kind"),
        ({"currency": "shells"}, "supply.currency"),
        ({"rates": "r.csv"}, "supply.rates"),
        ({"unit": "dozen"}, "supply.unit"),
        ({"unit": 0}, "supply.unit"),
        ({"shares": "per mille"}, "supply.shares"),
        ({"periods": "week"}, "supply.periods"),
        ({"fiscal_year_starts": 13}, "supply.fiscal_year_starts"),
        ({"counts": "all"}, "supply.counts"),
        ({"territories": {"HK": "Atlantis"}}, "supply.territories.HK"),
        ({"territories": "HK"}, "supply.territories"),
        ({"products": "cpa"}, "supply.products"),
        ({"digits": "six"}, "supply.digits"),
        ({"links": 3}, "supply.links"),
        ({"links": []}, "supply.links"),
    ],
)
def test_settings_that_mean_nothing_are_refused(tmp_path: Path, change: dict, key: str) -> None:
    with pytest.raises(StudyFault) as fault:
        load_links(study(tmp_path, {"links": "l.csv"} | change, l="buyer,supplier\nA,x\n"))
    assert fault.value.where.endswith(key)


def test_check_tells_what_links_leave_out(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        {"links": "l.csv", "parties": "p.csv", "products": "hs"},
        l=(
            "buyer,supplier,country,product,share\nA,x,CN,8542,0.4\nA,A,CN,8542,0.1\nA,x,CN,8542,0.2\n"
            "B,y,,8542,0.5\nx,y,,7799,1\n"
        ),
        p="party,country\nx,CN\nnobody,US\n",
    )
    found = {f.found for f in check_links(made)}
    for words in (
        "1 links of a party with itself",
        "1 rows that repeat a link",
        "1 codes that are no HS (unknown chapter), such as '7799'",
        "2 links whose supplier has no country",
        "links name 70.0% of inputs on average over 3 buyers (median 60.0%, 50.0% of B the least; ",
        "1 of 2 suppliers without suppliers of their own (y)",
        "1 suppliers without a country (y), 71.4% of all named shares",
        "1 parties that no link has (nobody)",
    ):
        assert any(f.startswith(words) for f in found), words


def test_check_tells_amounts_below_zero_beside_the_rest_and_others_refuse_them(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        {"links": "l.csv"},
        l="buyer,supplier,country,value,inputs\nA,x,CN,-4,10\nA,y,,5,10\nA,A,JP,1,10\nB,x,CN,2,-8\n",
    )
    told = [f for f in check_links(made) if "below zero" in f.found]
    assert [f.found for f in told] == ["1 amounts below zero, -4 in all", "1 amounts below zero, -8 in all"]
    assert told[0].where.endswith("column value, row 1") and told[1].where.endswith("column inputs, row 4")
    assert any(f.found.startswith("1 links of a party with itself") for f in check_links(made))
    with pytest.raises(FileFault, match="-4"):
        load_links(made)


def test_a_purchase_ledger_and_a_customer_list_in_one_study(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        {
            "links": "l.csv",
            "kind": "ledger",
            "customers": {"links": "c.csv", "columns": {"seller": "who", "customer": "to"}},
        },
        l="buyer,supplier,country,amount,inputs\nA,x,CN,4,10\nA,y,US,5,10\nB,A,JP,3,6\n",
        c="who,to,country,value,output\nA,M,CN,30,100\nA,N,US,50,100\nA,B,JP,3,100\n",
    )
    links = load_links(made)
    assert links.reading == "inputs" and links.frame["link"].is_unique
    rows = links.frame.set_index(links.frame["buyer"].astype(str) + links.frame["supplier"].astype(str))
    assert rows.loc[["Ax", "Ay", "BA"], "share"].tolist() == pytest.approx([0.4, 0.5, 0.5])
    assert rows.loc[["MA", "NA"], "share"].isna().all() and rows.loc["MA", "value"] == 30
    assert len(rows) == 5 and any(f.found.startswith("1 customers that") for f in links.findings)
    assert links.parties.set_index("party").loc["A", "sales"] == 100
    assert links.parties.set_index("party").loc["M", "country"] == "CN"
    table = look_through(links, "country=CN", firms=["A"])
    assert table["exposure"].iloc[0] == pytest.approx(0.4)
    sales = look_through(links, "country=CN", firms=["A"], method="ghosh")
    assert sales["exposure"].iloc[0] == pytest.approx(0.3)
    flows = flows_of(links, ["A"])
    assert flows[flows["channel"] == "sales"]["share"].sum() == pytest.approx(0.83)
    assert flows[flows["channel"] == "inputs"]["share"].sum() == pytest.approx(0.9)


def test_every_column_of_every_kind_is_documented() -> None:
    page = (TOP / "docs" / "how-to" / "study.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{name}` | `"))
        for column in kind.columns:
            assert f"`{column}`" in line, (name, column)


def test_two_files_of_one_layout_are_one(tmp_path: Path) -> None:
    made = study(
        tmp_path,
        {"links": ["a.csv", "b.csv"]},
        a="buyer,supplier,country,share\nA,x,CN,0.4\n",
        b="buyer,supplier,share,product\nx,y,0.5,p\n",
    )
    links = load_links(made)
    assert links.frame["link"].tolist() == ["L000001", "L000002"]
    assert links.frame["country"].tolist() == ["CN", ""] and links.frame["product"].tolist() == ["", "p"]
    with pytest.raises(Fault):
        load_links(study(tmp_path, {"links": ["a.csv", "none.csv"]}))
