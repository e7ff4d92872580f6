"""Each command does its job or says where, found, expected, do this, and leaves nothing behind."""

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from dashboard.command import main
from dashboard.command.outputs import neutral
from survey import data_folder

CONTRACT = [
    *["question", "option", "by", "group", "stat", "base_rule", "n", "base", "estimate", "se", "low", "high"],
    *["df", "method", "flag", "wave", "level", "deff", "n_eff", "p", "letters"],
]
COMMANDS = (
    "demo",
    "init",
    "check",
    "build",
    "estimate",
    "tables",
    "lookthrough",
    "contact",
    "pressure",
    "serve",
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A study of 24 firms: two sectors, a weight, a yes/no question, an amount."""
    rows = [
        {
            "firm": f"F{i:02}",
            "sector": 1 + i % 2,
            "w": 1 + i % 3,
            "hit": int(i % 4 == 0),
            "a,b": 10 * i,
            "=x": "yes",
        }
        for i in range(24)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "small"\ntitle = { en = "Small" }\nlanguages = ["en"]\n'
        '[[waves]]\nname = "one"\nfile = "small.csv"\n[design]\nid = "firm"\nweight = "w"\n',
        encoding="utf-8",
    )
    return tmp_path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def assert_fault(capsys: pytest.CaptureFixture[str], code: int, *said: str) -> None:
    """Exit 2, the four parts, in order, none empty, no traceback, nothing on stdout."""
    out, err = capsys.readouterr()
    assert code == 2, err
    parts = re.fullmatch(
        r"where:    (.+?)\nfound:    (.+?)\nexpected: (.+?)\ndo this:  (.+?)\n", err, flags=re.DOTALL
    )
    assert parts, err
    assert "Traceback" not in err
    assert out == ""
    for text in said:
        assert text in err


class TestHelp:
    def test_takes_under_half_a_second(self) -> None:
        """Median of five cold starts; pandas alone takes longer than the limit allows for all."""
        times = []
        for _ in range(5):
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "dashboard.command", "--help"], capture_output=True, check=True
            )
            times.append(time.perf_counter() - start)
        assert sorted(times)[2] < 0.5
        assert all(name in done.stdout.decode() for name in COMMANDS)

    def test_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; from dashboard.command import main; main(['--help']); "
            "heavy = {'pandas', 'numpy', 'dash', 'pyarrow', 'rich', 'survey', 'analysis'}; "
            "print(sorted(heavy & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        assert done.stdout.strip().endswith("[]")

    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_shows_an_example(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(name, "--help") == 0
        said = capsys.readouterr().out
        assert f"example: crosspressure {name}" in said
        assert "--debug" in said
        assert "--quiet" in said


class TestWords:
    def test_a_command_that_does_not_exist_gets_the_nearest(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("tabels", "x"), "did you mean tables")

    def test_an_option_that_does_not_exist_gets_the_nearest(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("tables", "x", "--row", "a"), "--rows")

    def test_no_command_is_a_fault(self) -> None:
        assert run() == 2

    @pytest.mark.parametrize("words", [["--port", "0"], ["--port", "x"], ["--port", "70000"]])
    def test_a_port_is_a_number(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("serve", "r", *words), "port")


class TestBadInput:
    """Everything the contract names under bad input."""

    def test_no_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "t.csv"
        assert_fault(capsys, run("tables", tmp_path / "nowhere", "--out", out), "nowhere")
        assert not out.exists()

    def test_wrong_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("check", tmp_path), "study.toml")

    def test_no_file_to_init(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("init", tmp_path / "no.sav", tmp_path / "new"), "no.sav")
        assert files(tmp_path) == set()

    def test_empty_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "empty.csv").touch()
        assert_fault(capsys, run("init", tmp_path / "empty.csv", tmp_path / "new"), "empty.csv")
        assert files(tmp_path) == {"empty.csv"}

    def test_unknown_column_to_init(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("init", small / "small.csv", small / "new", "--weight", "W8"), "W8")
        assert not (small / "new").exists()

    def test_unknown_column_in_the_design(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        edit(small, 'weight = "w"', 'weight = "wt"')
        assert_fault(capsys, run("tables", small), "wt")

    @pytest.mark.parametrize("bad", ["", "-1"])
    def test_weights_missing_or_negative(
        self, small: Path, bad: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        frame = pd.read_csv(small / "small.csv", dtype=str)
        frame.loc[3, "w"] = bad
        frame.to_csv(small / "small.csv", index=False)
        assert_fault(capsys, run("tables", small, "--out", small / "t.csv"), "weight", "row")
        assert not (small / "t.csv").exists()

    def test_a_stratum_with_one_firm(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        frame = pd.read_csv(small / "small.csv")
        frame["s"] = [9] + [1] * 23
        frame.to_csv(small / "small.csv", index=False)
        edit(small, 'weight = "w"', 'weight = "w"\nstrata = ["s"]')
        assert_fault(capsys, run("tables", small), "strat")

    def test_a_question_that_does_not_exist(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(
            capsys, run("estimate", small, "--stat", "share", "--of", "hits"), "hits", "did you mean hit?"
        )

    def test_an_expression_that_is_broken(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        words = ["--of", "hit", "--where", "sector =="]
        assert_fault(capsys, run("estimate", small, "--stat", "share", *words), "sector ==")

    def test_a_study_toml_that_is_broken(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        edit(small, 'id = "small"', 'id = "small')
        assert_fault(capsys, run("check", small), "study.toml", "line 2")

    def test_a_key_that_does_not_exist(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        edit(small, "[design]", "[design]\nweigth = 3")
        assert_fault(capsys, run("check", small), "weigth", "line", "weight")

    @pytest.mark.parametrize("command", ["pressure", "contact", "lookthrough"])
    def test_a_study_without_links(
        self, command: str, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert_fault(capsys, run(command, small, "--out", small / "o.csv"), "supply")
        assert not (small / "o.csv").exists()

    def test_an_outcome_nobody_chose(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        frame = pd.read_csv(small / "small.csv").assign(chose=2)
        frame.to_csv(small / "small.csv", index=False)
        (small / "links.csv").write_text("buyer,supplier,country\nF00,F01,Japan\nF02,X,China\n")
        (small / "codebook.toml").write_text(
            'schema = 1\n[questions.chose]\nkind = "single"\n'
            '[[questions.chose.choices]]\ncode = "1"\n[[questions.chose.choices]]\ncode = "2"\n'
        )
        edit(small, 'file = "small.csv"', 'file = "small.csv"\ncodebook = "codebook.toml"')
        with (small / "study.toml").open("a") as stream:
            stream.write('[supply]\nlinks = "links.csv"\n[pressure]\noutcome = "chose"\nevent = ["1"]\n')
        words = ["--as-of", "2026-01-15", "--out", small / "p.csv"]
        assert run("pressure", small, *words) == 0
        said, table = capsys.readouterr().err, pd.read_csv(small / "p.csv")
        assert "key pressure.event: nobody of the 24 firms" in said and "squeeze is given alone" in said
        assert table["p_choose"].isna().all() and table["squeeze"].notna().any()
        (small / "p.csv").unlink()
        edit(small, 'event = ["1"]', 'event = ["3"]')
        assert_fault(capsys, run("pressure", small, *words), "pressure.event", "'3'")
        assert not (small / "p.csv").exists()

    def test_links_that_are_not_there(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with (small / "study.toml").open("a") as stream:
            stream.write('[supply]\nlinks = "nowhere.csv"\n')
        assert_fault(capsys, run("contact", small, "--as-of", "2026-01-15"), "nowhere.csv")

    def test_a_date_that_is_none(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("build", small, "--as-of", "yesterday"), "--as-of", "yesterday")

    def test_an_audience_that_does_not_exist(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code = run("build", small, "--audience", "publik", "--out", small / "built")
        assert_fault(capsys, code, "publik", "public")
        assert not (small / "built").exists()

    def test_a_minimum_frequency_that_protects_nobody(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with (small / "study.toml").open("a") as stream:
            stream.write("[release]\nminimum_frequency = 1\n")
        assert_fault(capsys, run("build", small, "--out", small / "built"), "minimum_frequency", "line")
        assert not (small / "built").exists()

    @pytest.mark.parametrize("name", ["t.txt", "none/t.csv", "."])
    def test_an_output_that_cannot_be(
        self, small: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = files(small)
        assert_fault(capsys, run("tables", small, "--out", small / name), "--out")
        assert files(small) == before

    def test_a_seed_that_matches_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        links = tmp_path / "links.csv"
        links.write_text("buyer,supplier,country\nA,B,Japan\n")
        words = ["--seeds", "country=CN", "--out", tmp_path / "o.csv"]
        assert_fault(capsys, run("lookthrough", links, *words), "country=CN")
        assert not (tmp_path / "o.csv").exists()

    @pytest.mark.parametrize("tiers", ["0", "-1", "some"])
    def test_tiers_that_cannot_be(
        self, tiers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert_fault(capsys, run("lookthrough", tmp_path / "links.csv", f"--tiers={tiers}"), "--tiers")

    def test_a_ratio_without_what_is_below(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("estimate", small, "--stat", "ratio", "--of", "w"), "--over")


class TestServe:
    @pytest.fixture
    def taken(self) -> Iterator[int]:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            yield listener.getsockname()[1]

    @pytest.mark.parametrize("words", [["demo", "--no-browser"], ["serve", "no-release"]])
    def test_port_in_use_before_any_work(
        self, words: list[str], taken: int, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        monkeypatch.chdir(tmp_path)
        assert_fault(capsys, run(*words, "--port", taken), str(taken))
        assert files(tmp_path) == set()

    def test_what_is_no_release(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert_fault(capsys, run("serve", small, "--port", free_port()), "manifest.json")

    def test_internal_release_stays_on_this_machine(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("build", small, "--out", small / "built", "--quiet") == 0
        words = ["--host", "0.0.0.0", "--port", free_port()]
        assert_fault(capsys, run("serve", small / "built" / "internal", *words), "internal", "127.0.0.1")

    def test_a_release_that_was_edited(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("build", small, "--out", small / "built", "--quiet") == 0
        table = small / "built" / "public" / "estimates.parquet"
        table.write_bytes(table.read_bytes() + b" ")
        assert_fault(
            capsys, run("serve", table.parent, "--port", free_port()), "estimates.parquet", "checksum"
        )


class TestOutputs:
    def test_tables_have_the_columns_of_the_contract(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("tables", small, "--by", "sector") == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert list(rows[0]) == CONTRACT
        hit = next(
            r for r in rows if r["question"] == "hit" and r["by"] == "" and r["option"] in ("1", "1.0")
        )
        weights = [1 + i % 3 for i in range(24)]
        share = sum(w for i, w in enumerate(weights) if i % 4 == 0) / sum(weights)
        assert float(hit["estimate"]) == pytest.approx(share, rel=1e-12)
        assert hit["n"] == "24"

    def test_a_name_with_a_comma_stands_in_quotes(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("estimate", small, "--stat", "mean", "--of", '"a,b",hit') == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["question"] for row in rows] == ["a,b", "hit"]

    def test_total_without_a_question_counts_firms(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("estimate", small, "--stat", "total") == 0
        (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
        assert float(row["estimate"]) == sum(1 + i % 3 for i in range(24))

    def test_json_holds_the_same_rows(self, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("tables", small, "--out", small / "t.json") == 0
        assert run("tables", small) == 0
        told = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        rows = json.loads((small / "t.json").read_text())
        assert len(rows) == len(told)
        assert [r["estimate"] for r in rows] == [
            float(r["estimate"]) if r["estimate"] else None for r in told
        ]

    def test_a_synthetic_study_says_so_on_each_row_and_sheet(
        self, small: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import openpyxl

        edit(small, 'id = "small"', 'id = "small"\nsynthetic = true')
        assert run("tables", small) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert list(rows[0]) == [*CONTRACT, "synthetic"]
        assert {row["synthetic"] for row in rows} == {"synthetic respondents"}
        for name in ("t.xlsx", "t.html"):
            assert run("tables", small, "--out", small / name) == 0
        book = openpyxl.load_workbook(small / "t.xlsx")
        assert {sheet["A1"].value for sheet in book} == {"synthetic respondents"}
        assert "synthetic respondents" in (small / "t.html").read_text()

    def test_workbook_has_contents_a_sheet_a_question_and_notes(self, small: Path) -> None:
        import openpyxl

        assert run("tables", small, "--out", small / "t.xlsx") == 0
        book = openpyxl.load_workbook(small / "t.xlsx")
        assert book.sheetnames[0] == "Contents"
        assert book.sheetnames[-1] == "Notes"
        sheet = book["hit"]
        assert sheet.freeze_panes
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        values = [cell.value for row in sheet for cell in row]
        assert any(isinstance(value, int | float) for value in values)
        assert run("tables", small, "--out", small / "again.xlsx") == 0
        assert (small / "t.xlsx").read_bytes() == (small / "again.xlsx").read_bytes()

    def test_printed_tables_keep_the_print_rules(self, small: Path) -> None:
        """Nothing under 10 firms, counts for shares under 30, interval always; the CSV holds all."""
        import openpyxl

        edit(small, '\nweight = "w"', "")
        words = ["--rows", "hit", "--by", "a-b"]
        frame = pd.read_csv(small / "small.csv").assign(**{"a-b": [1] * 9 + [2] * 15})
        frame.to_csv(small / "small.csv", index=False)
        for name in ("t.xlsx", "t.csv"):
            assert run("tables", small, *words, "--out", small / name) == 0
        full = pd.read_csv(small / "t.csv", dtype={"group": str}).set_index("group", drop=False)
        assert full["estimate"].notna().all()
        rows = list(openpyxl.load_workbook(small / "t.xlsx")["hit"].iter_rows(values_only=True))
        at = next(place for place, row in enumerate(rows) if row[0] == "Firms (n)")
        assert rows[at][1::2] == (24, 9, 15)
        assert rows[at + 1][1::2] == ("under 30: counts", "under 10: not shown", "under 30: counts")
        numbers, limits = rows[at + 2][1::2], rows[at + 3][1::2]
        assert numbers == (6, None, sum(i % 4 == 0 for i in range(9, 24)))
        assert limits[1] in (None, "")
        low, high = (15 * full.loc["2", end] for end in ("low", "high"))
        assert limits[2] == f"{low:.0f}–{high:.0f} firms", "a count has its interval in firms, not in percent"

    def test_nothing_temporary_is_left(self, small: Path) -> None:
        before = files(small)
        for name in ("t.csv", "t.xlsx", "t.html", "t.json"):
            assert run("tables", small, "--out", small / name) == 0
        assert files(small) - before == {"t.csv", "t.xlsx", "t.html", "t.json"}

    @pytest.mark.parametrize(
        ("cell", "written"),
        [
            ("=1+1", "'=1+1"),
            ("+x", "'+x"),
            ("-x", "'-x"),
            ("@x", "'@x"),
            ("-9", "-9"),
            ("a=b", "a=b"),
            ("", ""),
        ],
    )
    def test_no_cell_runs_in_a_spreadsheet(self, cell: str, written: str) -> None:
        frame = pd.DataFrame({"option": [cell], "estimate": [-0.5]})
        clean = neutral(frame)
        assert clean["option"].tolist() == [written]
        assert clean["estimate"].tolist() == [-0.5]

    def test_a_broken_pipe_is_no_bug(self, small: Path) -> None:
        command = f"{sys.executable} -m dashboard.command tables {small} | head -1"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == ",".join(CONTRACT)
        assert "Traceback" not in done.stderr


class TestBugs:
    def test_a_bug_is_called_ours(
        self, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import survey

        def broken(_: object) -> None:
            raise KeyError("oops")

        monkeypatch.setattr(survey, "load_study", broken)
        assert run("check", small) == 70
        err = capsys.readouterr().err
        assert "our bug" in err
        assert "--debug" in err
        assert "Traceback" not in err
        for words in (["check", small, "--debug"], ["--debug", "check", small]):
            assert run(*words) == 70
            assert "Traceback" in capsys.readouterr().err


PUBLISHED = {
    ("main_challenge", "us_china_uncertainty"): (75, 100),
    ("main_challenge", "getting_information"): (65, 100),
    ("main_challenge", "risk_assessment"): (62, 100),
    ("main_challenge", "intl_intelligence"): (57, 100),
    ("us_china_impact", "1"): (59, 97),
    ("impact_type", "us_regulation_cost"): (44, 74),
    ("impact_type", "supplier_change"): (27, 74),
    ("impact_type", "cn_regulation_cost"): (25, 74),
    ("impact_type", "sales_drop"): (22, 74),
    ("had_to_choose", "1"): (12, 96),
    ("cn_concerns", "policy_change_survival"): (67, 88),
    ("cn_concerns", "leak"): (58, 88),
    ("cn_concerns", "geopolitical"): (56, 88),
    ("cn_concerns", "local_rivals"): (55, 88),
    ("cn_concerns", "fdi_rules"): (46, 88),
    ("cn_concerns", "cyber"): (46, 88),
    ("us_concerns", "supply_chain_disruption"): (42, 88),
    ("us_concerns", "exclusion_of_cn_firms"): (41, 88),
    ("us_concerns", "cn_policy_outlook"): (40, 88),
    ("us_concerns", "geopolitical"): (34, 88),
    ("us_concerns", "relocation_cost"): (25, 88),
    ("measures_taken", "information_control"): (56, 87),
    ("measures_taken", "supplier_change"): (44, 87),
    ("gov_request", "1"): (46, 97),
    ("gov_request", "2"): (18, 97),
    ("sales_share_us", "us_ge10"): (64, 100),
    ("sales_share_cn", "cn_ge10"): (49, 100),
    ("tech_transfer_demand", "1"): (8, 73),
    ("tech_transfer_complied", "1"): (3, 8),
}
"""Question and option to count and base, as printed of the 2021 wave."""


@pytest.mark.skipif(not (data_folder() / "demo" / "study.toml").is_file(), reason="data/demo is not made yet")
class TestDemo:
    def test_tables_reproduce_every_published_count(self, tmp_path: Path) -> None:
        out = tmp_path / "t.csv"
        assert run("tables", data_folder() / "demo", "--rows", "all", "--out", out) == 0
        table = pd.read_csv(out, dtype={"option": str}).set_index(["question", "option"])
        for key, (count, n) in PUBLISHED.items():
            row = table.loc[key]
            assert (round(row["estimate"] * row["n"], 9), row["n"]) == (count, n), key
            assert row["low"] <= row["estimate"] <= row["high"]
        assert not {"firm_id", "firm_name"} & set(table.index.get_level_values(0))

    def test_pressure_has_every_firm_with_intervals(self, tmp_path: Path) -> None:
        for name, words in (("now", []), ("then", ["--as-of", "2021-12-15"])):
            assert run("pressure", data_folder() / "demo", *words, "--out", tmp_path / name) == 2
            out = tmp_path / f"{name}.csv"
            assert run("pressure", data_folder() / "demo", *words, "--out", out, "--quiet") == 0
        now, then = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("now", "then"))
        assert now["firm"].nunique() == len(now) == 100
        for stat in ("us", "cn", "squeeze", "p_choose"):
            assert now[stat].notna().all()
            assert ((now[f"{stat}_low"] <= now[stat]) & (now[stat] <= now[f"{stat}_high"])).all()
        assert (now["rank_low"] <= now["rank_high"]).all()
        assert (now["rank_low"] < now["rank_high"]).any()
        assert now["flag"].str.contains("transported").all()
        assert not then["flag"].fillna("").str.contains("transported").any()
        answered = ~then["flag"].fillna("").str.contains("not answered")
        assert answered.sum() == 96
        assert then.loc[answered, "p_choose"].mean() == pytest.approx(12 / 96, abs=1e-6)

    def test_is_built_in_the_users_cache_where_the_folder_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dashboard.command.demonstrating import cache_folder

        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        assert cache_folder() == Path("data/built")
        monkeypatch.setattr(os, "access", lambda *_: False)
        assert cache_folder() == tmp_path / "cache" / "crosspressure" / "built"

    def test_contact_writes_collisions_beside(self, tmp_path: Path) -> None:
        out = tmp_path / "c.csv"
        assert run("contact", data_folder() / "demo", "--out", out, "--quiet") == 0
        contacts, met = pd.read_csv(out), pd.read_csv(tmp_path / "c.collisions.csv")
        columns = [
            *["flow", "firm", "side", "instrument", "outcome", "risk", "gate"],
            *["clause", "value", "share", "path", "as_of", "warning"],
        ]
        assert list(contacts.columns)[: len(columns)] == columns
        assert "none" not in set(contacts["outcome"])
        assert contacts["instrument"].nunique() > 15
        assert len(met) > 0
        assert set(met["firm"]) <= set(contacts["firm"])
        stakes = pd.read_csv(tmp_path / "c.stakes.csv")
        assert stakes["at_stake"].sum() == pytest.approx(met.loc[met["counted"], "at_stake"].sum())
        follow = met[met["counted"] & (met["status"] == "duty")].iloc[0]  # to both clauses
        assert "744.11" in follow["duty_article"] and follow["article"] == "Art. 12"
        assert follow["act"] and follow["trigger"] and follow["addressee"] and follow["path"]

    def test_is_built_once_and_served(self, tmp_path: Path) -> None:
        import urllib.request

        port = free_port()
        place = Path(__file__).parents[2]
        command = [sys.executable, "-m", "dashboard.command", "demo", "--no-browser", "--port", str(port)]
        took = []
        for _ in range(2):
            start = time.perf_counter()
            with subprocess.Popen(
                command, cwd=tmp_path, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(place)}
            ) as server:
                try:
                    page = b""
                    while not page and time.perf_counter() - start < 90 and server.poll() is None:
                        time.sleep(0.1)
                        try:
                            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                        except OSError:
                            continue
                    assert b"<html" in page
                finally:
                    server.terminate()
                    said = server.stdout.read().decode() if server.stdout else ""
                assert f"http://127.0.0.1:{port}/" in said
            took.append(time.perf_counter() - start)
        assert (tmp_path / "data" / "built" / "demo" / "internal" / "manifest.json").is_file()
        assert took[1] < 15


def edit(study: Path, old: str, new: str) -> None:
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
