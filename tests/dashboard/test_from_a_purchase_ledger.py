"""docs/how-to/from-a-purchase-ledger.md, run as written on the small ledger it carries."""

import os
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from dashboard.app import make_app
from dashboard.command import main

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "how-to" / "from-a-purchase-ledger.md"


def test_the_page_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"^`([\w.]+)`: .*?\n\n?```\w+\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in named] == ["ledger.csv", "rates.csv", "study.toml"]
    for name, text in named:
        Path(name).write_text(text, encoding="utf-8")
    said = []
    lines = re.findall(r"^crosspressure .*", page, re.MULTILINE)
    assert lines[-1] == "crosspressure serve built/internal"  # serves until it is stopped
    for line in lines[:-1]:
        assert main(shlex.split(line)[1:]) in (0, 1), line
        said.append(capsys.readouterr().err)
    for words in ("1 lines without a supplier, 300,000 in all", "credit notes", "had started by 2025-12-31"):
        assert words in said[0]
    assert "TW as TW, HK as HK, MO as MO" in said[1]
    assert make_app(Path("built/internal")).server.test_client().get("/suppliers").status_code == 200
    table = pd.read_csv("depth.csv").set_index("seed")
    assert f"{table.loc['country=CN', 'direct']:.3f} of all inputs" in page
    assert table.loc["country=CN", "direct"] == pytest.approx(1_640_000 / 8_942_000)
    assert table.loc["country=US", "direct"] == pytest.approx(2_250_000 / 8_942_000)
    territories = re.findall(r"^```toml\n(\[supply.territories\]\n.*?)^```", page, re.MULTILINE | re.DOTALL)
    with Path("study.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + territories[0])
    assert main(["lookthrough", ".", "--seeds", "country=CN", "--out", "depth.csv"]) == 0
    direct = pd.read_csv("depth.csv")["direct"].iloc[0]
    assert f"Then `direct` for China is {direct:.3f}." in page
    assert "HK as CN" in capsys.readouterr().err


def test_a_real_supplier_list_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Apple's supplier sites of 2022: 276 of 710 rows are in China (counted with cut, sort, uniq)."""
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    if not real:
        pytest.skip("CROSSPRESSURE_REALDATA is not set")
    path = Path(real).resolve() / "supplier_lists" / "apple_suppliers_2012_2022.csv"
    (tmp_path / "study.toml").write_text(
        f'schema = 1\nid = "apple"\ntitle = {{ en = "Apple", ja = "アップル" }}\nlanguages = ["en", "ja"]\n'
        f'[supply]\nlinks = "{path}"\n[supply.columns]\nbuyer = {{ const = "Apple" }}\n'
        f'supplier = "supplier_name"\nperiod = "year"\n[supply.where]\nyear = [2021, 2022]\n',
        encoding="utf-8",
    )
    out = tmp_path / "apple.csv"
    assert (
        main(["lookthrough", str(tmp_path), "--seeds", "country=CN", "country=US,PR", "--out", str(out)]) == 0
    )
    assert "links of other periods" in capsys.readouterr().err
    table = pd.read_csv(out).set_index("seed")
    assert table.loc["country=CN", "direct"] == pytest.approx(276 / 710, abs=1e-15)
    assert table.loc["country=US,PR", "direct"] == pytest.approx(63 / 710, abs=1e-15)
    assert (table["share_method"] == "equal shares").all() and (table["firm"] == "Apple").all()
    assert main(["check", str(tmp_path)]) == 1
    assert "1 of 1 buyers whose inputs as a whole are not known (Apple)" in capsys.readouterr().err
