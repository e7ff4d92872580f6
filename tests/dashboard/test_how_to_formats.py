"""docs/how-to/from-excel.md and from-limesurvey.md, run as written."""

import csv
import datetime as dt
import io
import re
import shlex
from pathlib import Path

import pandas as pd

from dashboard.command import main
from tests.survey.limesurvey_files import CSV, lsa_file, lss_text
from tests.survey.test_excel import workbook

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(page: str, kind: str) -> list[str]:
    text = (HOW_TO / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(lines: str, capsys) -> tuple[list[int], str]:
    """Exit codes of the commands of a block, and what they said."""
    codes = [main(shlex.split(line)[1:]) for line in lines.splitlines()]
    said = capsys.readouterr()
    return codes, " ".join((said.out + said.err).split())


def cell(text: str) -> object:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return dt.date.fromisoformat(text)
    return int(text) if text.isdigit() else text or None


def counted(file: Path) -> list[list[object]]:
    table = pd.read_csv(file, dtype={"option": str})
    table = table[table["by"].isna() & (table["stat"] == "share")]
    return table[["option", "n", "estimate"]].values.tolist()


def stated(block: str) -> list[list[object]]:
    return pd.read_csv(io.StringIO(block), dtype={"option": str}).values.tolist()


def test_from_excel(tmp_path, monkeypatch, capsys):
    page = "from-excel.md"
    monkeypatch.chdir(tmp_path)
    (sheet,) = blocks(page, "csv")
    rows = [[cell(text) for text in row] for row in csv.reader(io.StringIO(sheet))]
    workbook(tmp_path / "members.xlsx", notes=[["Sent out on 1 November"], ["Second page"]], answers=rows)
    make, count = blocks(page, "sh")
    findings, table = blocks(page, "text")
    codes, said = run(make, capsys)
    assert codes == [1]
    for line in findings.splitlines():
        assert line in said
    codebook = tmp_path / "members" / "codebook.toml"
    (said_better,) = blocks(page, "toml")
    before = codebook.read_text(encoding="utf-8")
    after = re.sub(r"\[questions\.affected\]\n.*?(?=\n\[|\Z)", lambda _: said_better, before, flags=re.DOTALL)
    assert after != before
    codebook.write_text(after, encoding="utf-8")
    codes, _ = run(count, capsys)
    assert set(codes) <= {0, 1}
    assert counted(tmp_path / "affected.csv") == stated(table)


def test_from_limesurvey(tmp_path, monkeypatch, capsys):
    page = "from-limesurvey.md"
    monkeypatch.chdir(tmp_path)
    lsa_file(tmp_path / "survey.lsa")
    (tmp_path / "survey.lss").write_text(lss_text(), encoding="utf-8")
    (tmp_path / "answers.csv").write_text(CSV, encoding="utf-8")
    archive, csv_way, count = blocks(page, "sh")
    (table,) = blocks(page, "text")
    assert run(archive, capsys)[0] == [1] and run(csv_way, capsys)[0] == [1]
    assert set(run(count, capsys)[0]) <= {0, 1}
    assert counted(tmp_path / "by_archive.csv") == counted(tmp_path / "by_csv.csv") == stated(table)
