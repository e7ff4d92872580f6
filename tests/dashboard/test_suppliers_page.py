"""Suppliers: claims no surer than bounds, one picture of at most twenty nodes, and no name for others."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.command.__main__ import main
from dashboard.figures.ego import MOST_NODES, draw_lines, place_paths
from dashboard.pages.briefing import show_briefing
from dashboard.pages.narrowness import product_table
from dashboard.pages.suppliers import show_suppliers
from dashboard.pages.supply_claims import supply_claim
from dashboard.selection import View
from dashboard.shelf import Shelf, open_shelf
from dashboard.supplied import Supplied, supplied_for
from dashboard.supply_words import as_part, country_name


def supplied(folder: Path, **parts: str) -> Supplied:
    found = supplied_for(open_shelf(folder), View(**parts))  # type: ignore[arg-type]
    assert found is not None
    return found


def text(parts: Any) -> str:
    return json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def test_the_claim_is_the_numbers_and_no_surer(internal: Path) -> None:
    one = supplied(internal, seed="country=CN")
    table = one.shelf.tables["lookthrough"]
    mine = table[table["seed"] == "country=CN"]
    claim = text(supply_claim(one, "en"))
    for column in ("direct", "exposure"):
        assert f"{100 * mine[column].mean():.1f}%" in claim
    assert "100 firms" in claim and "at least" in claim and "Up to" in claim
    assert "少なくとも" in text(supply_claim(one, "ja"))


def test_a_firm_of_the_address_is_looked_at_alone(internal: Path) -> None:
    one = supplied(internal, firm="T007", seed="country=US")
    row = one.shelf.tables["lookthrough"].query("firm == 'T007' and seed == 'country=US'").iloc[0]
    page = text(show_suppliers(one.shelf, View(firm="T007", seed="country=US"), "light"))
    assert as_part("en", row["exposure"]) in text(supply_claim(one, "en"))
    assert "Made-up 7" in page and "架空7社" in text(
        show_suppliers(one.shelf, View(firm="T007", lang="ja"), "light")
    )
    paths = one.part("paths", of_firm="T007")
    assert set(paths["firm"]) == {"T007"}
    assert all(link in page for link in paths["links"].unique())


def test_words_that_are_not_held_are_said_or_passed_over(internal: Path, public: Path) -> None:
    shelf = open_shelf(internal)
    assert supplied(internal, seed="country=XX").seed in ("country=US", "country=CN")
    assert "Firm: NOBODY" in text(show_suppliers(shelf, View(firm="NOBODY"), "light"))
    assert "Firm: T001" in text(show_suppliers(open_shelf(public), View(firm="T001"), "light"))


def test_others_see_means_and_one_neutral_state(public: Path) -> None:
    page = text(show_suppliers(open_shelf(public), View(), "dark"))
    assert "are not in this release" in page and "turn-firm" not in page
    assert "made-up bill" not in page and "P01" not in page


def test_suppressed_dependence_is_words_not_numbers(public: Path) -> None:
    shelf = open_shelf(public)
    table = shelf.tables["exposure"].copy()
    table[["estimate", "low", "high"]] = float("nan")
    table["n"] = pd.NA
    hidden = Shelf(shelf.manifest, dict(shelf.tables) | {"exposure": table.assign(flag="suppressed")})
    for lang, words in (("en", "not shown: confidentiality"), ("ja", "非表示（秘匿のため）")):
        page = text(show_suppliers(hidden, View(lang=lang), "light"))
        assert page.count(words) >= 3
        assert "nan" not in page and "<NA>" not in page


def test_a_table_without_any_country_is_one_neutral_sentence(public: Path) -> None:
    shelf = open_shelf(public)
    none = shelf.tables["exposure"].iloc[:0]
    page = text(
        show_suppliers(Shelf(shelf.manifest, dict(shelf.tables) | {"exposure": none}), View(), "light")
    )
    assert "Dependence on other countries: not shown: confidentiality" in page and "nan" not in page


def test_a_release_without_suppliers_says_so(internal: Path) -> None:
    shelf = open_shelf(internal)
    less = {name: table for name, table in shelf.tables.items() if name in ("estimates", "wording", "claims")}
    assert "nothing about suppliers" in text(show_suppliers(Shelf(shelf.manifest, less), View(), "light"))


def test_a_release_of_links_alone_has_a_briefing(internal: Path) -> None:
    shelf = open_shelf(internal)
    only = {n: t for n, t in shelf.tables.items() if n in ("exposure", "lookthrough", "paths", "parties")}
    page = text(show_briefing(Shelf(shelf.manifest, only), View(), "light"))
    assert "it has no survey" in page and "/suppliers" in page and "at least" in page


def steps(*paths: list[tuple[str, str, float]]) -> pd.DataFrame:
    rows = [
        {"path": at + 1, "step": k + 1, "from": a, "to": b, "country": "CN", "share": share}
        for at, path in enumerate(paths)
        for k, (a, b, share) in enumerate(path)
    ]
    return pd.DataFrame(rows)


def test_the_picture_leads_one_tier_on_and_stays_small() -> None:
    wide = [[("A", f"S{k}", 0.1), (f"S{k}", f"Q{k % 3}", 0.5)] for k in range(30)]
    ego = place_paths(steps(*wide), "A")
    assert ego is not None and len(ego.nodes) <= MOST_NODES and ego.paths == 7 and ego.rows == 7
    assert all(ego.nodes[b].tier == ego.nodes[a].tier + 1 for a, b, _ in ego.edges)
    assert [node.is_end for node in ego.nodes if node.tier == 2] == [True] * 3
    places = [(node.tier, node.y) for node in ego.nodes]
    assert len(set(places)) == len(places)
    assert draw_lines(ego, "light") != draw_lines(ego, "dark")
    assert place_paths(steps([]).reindex(columns=["path", "step"]), "A") is None


def test_a_supplier_met_at_two_tiers_is_drawn_at_both() -> None:
    ego = place_paths(steps([("A", "S", 0.4)], [("A", "R", 0.3), ("R", "S", 0.5)]), "A")
    assert ego is not None
    assert sorted((node.tier, node.party) for node in ego.nodes) == [(0, "A"), (1, "R"), (1, "S"), (2, "S")]


def test_products_over_all_lines_come_first(internal: Path) -> None:
    table = product_table(supplied(internal))
    assert set(table["product"]) == {"chips", "magnets"}
    over = (table["dependent"] == "yes").tolist()
    assert over == sorted(over, reverse=True)
    known = table[table["cdi1_value"].notna()]
    assert (known["cdi1"] - (known["cdi1_value"] - known["cdi1_line"])).abs().max() < 1e-12


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.1234, "12.3%"),
        (0.00021, "0.021%"),
        (float("nan"), "–"),
        (1e-9, "<0.001%"),
    ],
)
def test_shares_of_inputs_in_words(value: float, words: str) -> None:
    assert as_part("en", value) == words


def test_countries_in_words() -> None:
    assert country_name("en", "US", is_said=True) == "the United States"
    assert (country_name("en", "US"), country_name("ja", "CN")) == ("United States", "中国")
    assert (country_name("ja", "DE"), country_name("en", "")) == ("ドイツ", "country not known")


def test_csv_holds_what_the_address_asks_for(
    internal_client: FlaskClient, public_client: FlaskClient
) -> None:
    def rows(path: str) -> list[dict[str, str]]:
        answer = internal_client.get(path)
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    paths = rows("/paths.csv?firm=T003&seed=country%3DUS")
    assert {(row["firm"], row["seed"]) for row in paths} == {("T003", "country=US")}
    assert {row["firm"] for row in rows("/exposure.csv?firm=T003")} == {"T003"}
    assert {row["summary"] for row in rows("/exposure.csv")} == {"mean", "median"}
    assert internal_client.get("/paths.csv?firm=NOBODY").status_code == 404
    for name in ("paths", "chokepoints", "concentration"):
        assert public_client.get(f"/{name}.csv").status_code == 404
    assert public_client.get("/exposure.csv?firm=T001").status_code == 404
    assert "T001" not in public_client.get("/exposure.csv").get_data(as_text=True)


def test_a_list_of_suppliers_is_a_release_and_no_amounts(tmp_path: Path) -> None:
    """Apple's supplier sites of 2022: 276 of 710 rows are in China (counted with cut, sort, uniq)."""
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    if not real:
        pytest.skip("no real files: set CROSSPRESSURE_REALDATA")
    path = Path(real).resolve() / "supplier_lists" / "apple_suppliers_2012_2022.csv"
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "apple"\ntitle = { en = "Apple" }\nlanguages = ["en", "ja"]\n'
        f'[supply]\nlinks = "{path}"\n[supply.columns]\nbuyer = {{ const = "Apple" }}\n'
        'supplier = "supplier_name"\nperiod = "year"\n[supply.where]\nyear = [2022]\n',
        encoding="utf-8",
    )
    assert (
        main(["build", str(tmp_path), "--audience", "internal", "--out", str(tmp_path / "b"), "--quiet"]) == 0
    )
    shelf = open_shelf(tmp_path / "b" / "internal")
    page = text(show_suppliers(shelf, View(seed="country=CN"), "light"))
    assert f"{100 * 276 / 710:.1f}% of the entries in the list of Apple are suppliers in China" in page
    assert "the list tells no amounts" in page and "buys" not in text(
        supply_claim(supplied_for(shelf, View()), "en")
    )
