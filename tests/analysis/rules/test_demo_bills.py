"""The demonstration's bill of materials says what its items say, and the guide's words are what comes out."""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import check_flows, contents_of, load_links, read_bills
from analysis.release.folder import source_files
from analysis.rules.itemised import CONTENT_ENDS
from dashboard.command import main
from survey import data_folder, load_study

DEMO = data_folder() / "demo"
GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "rules.md"


def test_bills_say_what_the_items_say_for_china() -> None:
    study = load_study(DEMO)
    assert study.as_of
    links, bills = load_links(study), read_bills(DEMO / "bom.csv")
    items = links.items.reset_index(drop=True)
    wanted = items[["party", "product"]].assign(destination="CN")
    told = contents_of(bills, study.as_of, wanted)
    has = told["named"].notna()
    assert int(has.sum()) >= 20
    for name in CONTENT_ENDS[:2]:
        np.testing.assert_allclose(told.loc[has, name], items.loc[has, name], atol=1e-9)
    abroad = contents_of(bills, study.as_of, wanted.assign(destination="VN"))
    assert (abroad.loc[has, "us_content_low"] < told.loc[has, "us_content_low"]).sum() >= 15
    np.testing.assert_allclose(abroad.loc[has, "cn_content_low"], items.loc[has, "cn_content_low"], atol=1e-9)


def test_a_release_names_the_file_among_its_sources() -> None:
    assert "bom.csv" in [source["file"] for source in source_files(load_study(DEMO))]


def test_check_says_what_the_bills_leave_open() -> None:
    found = [str(finding) for finding in check_flows(load_study(DEMO))]
    assert len(found) == 1
    assert "10 of 22 bills name less than the price: S007 motors (67.9%)" in found[0]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contact of the demonstration by the command of the guide, before and after the row it adds."""
    section = GUIDE.read_text(encoding="utf-8").split("### A bill followed by hand")[1].split("\n## ")[0]
    rows, command, more = re.findall(r"```\n(.*?)```", section, re.DOTALL)
    assert rows in (DEMO / "bom.csv").read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("demo")
    study = folder / "demo"
    shutil.copytree(DEMO, study)
    acts = GUIDE.read_text(encoding="utf-8").split("\n## Activities")[1]
    (study / "activities.csv").write_text(acts.split("```\n")[1], encoding="utf-8")
    settings = (study / "study.toml").read_text(encoding="utf-8")
    settings = settings.replace("[rules]", '[rules]\nactivities = "activities.csv"')
    (study / "study.toml").write_text(settings, encoding="utf-8")
    tables = []
    for extra in ("", more):
        with (study / "bom.csv").open("a", encoding="utf-8") as file:
            file.write(extra)
        words = command.replace("data/demo", str(study)).replace("contact.csv", str(folder / "c.csv")).split()
        assert main([*words[1:], "--quiet"]) == 0
        kept = pd.read_csv(folder / "c.csv", comment="#", dtype=str, keep_default_na=False)
        tables.append(kept.set_index(["flow", "instrument"]))
    return tables[0], tables[1]


def test_the_guide_prints_what_comes_out(followed) -> None:
    before, after = followed
    server = before.loc[("L00184", "US-EL")]
    assert server["outcome"] == "licence"
    assert server["path"].startswith("S008 (JP) > C0046 (CN): servers; content: bom.csv rows 45 to 49")
    camera = before.loc[("L00285", "US-EL")]
    assert (camera["outcome"], camera["gate"], camera["worst"]) == (
        "between",
        "subject",
        "licence",
    )
    assert "60.9% of the price named" in camera["path"]
    assert ("L00285", "US-EL") not in after.index


def test_activities_of_the_guide(followed) -> None:
    before, _ = followed
    words = GUIDE.read_text(encoding="utf-8").split("With this file in the demonstration")[1].split("\n\n")[0]
    told = {"A000001": ["US-EAR", "US-EL", "JP-FEFA-EXP"], "A000002": ["CN-PIPL", "CN-DATAEXP"]}
    for flow, rules in told.items():
        for rule in rules:
            assert before.loc[(flow, rule), "outcome"] == "licence"
            assert f"`{rule}`" in words
    assert before.loc[("A000003", "US-OUTBOUND"), "outcome"] == "notify"
    assert before.loc[("A000001", "US-EL"), "path"] == "S002 (JP) > C0046 (CN), cooperation"


def test_the_numbers_of_the_guide() -> None:
    bills = read_bills(DEMO / "bom.csv")
    wanted = pd.DataFrame(
        [("S008", "servers", "CN"), ("S008", "servers", "MY"), ("S029", "cameras", "CN")],
        columns=["party", "product", "destination"],
    )
    day = load_study(DEMO).as_of
    assert day
    told = contents_of(bills, day, wanted)
    assert told["us_content_low"].tolist() == pytest.approx([0.269, 0.1618, 0.091])
    assert told["us_content_high"].tolist() == pytest.approx([0.269, 0.1618, 0.482])
