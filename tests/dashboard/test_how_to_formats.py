"""The how-tos from Excel, LimeSurvey, Qualtrics, REDCap and KoboToolbox, run as written."""

import csv
import datetime as dt
import io
import re
import shlex
from pathlib import Path

import pandas as pd

from dashboard.command import main
from tests.survey.kobo_files import answers_book, form_book
from tests.survey.limesurvey_files import CSV, lsa_file, lss_text
from tests.survey.qualtrics_files import csv_text, qsf_text
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


def test_from_qualtrics(tmp_path, monkeypatch, capsys):
    page = "from-qualtrics.md"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "survey.qsf").write_text(qsf_text(), encoding="utf-8")
    (tmp_path / "answers.csv").write_text(csv_text(), encoding="utf-8")
    make, count = blocks(page, "sh")
    finding, table = blocks(page, "text")
    codes, said = run(make, capsys)
    assert codes == [1] and finding.strip() in said
    (routing,) = blocks(page, "toml")
    codebook = (tmp_path / "members" / "codebook.toml").read_text(encoding="utf-8")
    assert "asked_if" in routing and all(
        line in codebook.splitlines() for line in routing.splitlines() if line
    )
    assert 'en = "Lost sales", ja = "販売減"' in codebook
    assert set(run(count, capsys)[0]) <= {0, 1}
    assert counted(tmp_path / "kinds.csv") == stated(table)


def test_from_redcap(tmp_path, monkeypatch, capsys):
    page = "from-redcap.md"
    monkeypatch.chdir(tmp_path)
    for name, text in zip(("dictionary.csv", "answers.csv"), blocks(page, "csv"), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    make, count = blocks(page, "sh")
    findings, table = blocks(page, "text")
    codes, said = run(make, capsys)
    assert codes == [1]
    for line in findings.splitlines():
        assert line in said
    (rule,) = blocks(page, "toml")
    with (tmp_path / "members" / "study.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + rule)
    assert set(run(count, capsys)[0]) <= {0, 1}
    assert counted(tmp_path / "kinds.csv") == stated(table)


def test_from_kobo(tmp_path, monkeypatch, capsys):
    page = "from-kobo.md"
    monkeypatch.chdir(tmp_path)
    answers_book(tmp_path / "answers.xlsx")
    form_book(tmp_path / "form.xlsx")
    firms, plants = blocks(page, "sh")
    (table,) = blocks(page, "text")
    codes, said = run(firms, capsys)
    assert codes == [1] and "asked repeatedly (place, staff, plant_needs)" in said
    codebook = (tmp_path / "members" / "codebook.toml").read_text(encoding="utf-8")
    assert 'columns = ["needs[1]", "needs[2]", "needs[3]"]' in codebook and 'ja = "横浜"' in codebook
    assert (tmp_path / "members" / "ports.csv").is_file(), "the study keeps what its form needs"
    codes, _ = run(plants, capsys)
    assert set(codes) <= {0, 1}
    mean = pd.read_csv(tmp_path / "staff.csv")
    assert mean[["n", "estimate"]].values.tolist() == [[row[1], row[2]] for row in stated(table)]


def test_an_exported_csv_finds_its_codebook_again(tmp_path, monkeypatch, capsys):
    demo = str(HOW_TO.parents[1] / "data" / "demo")
    monkeypatch.chdir(tmp_path)
    assert main(["export", demo, "--format", "csv", "--out", "d.csv"]) == 0
    assert main(["init", "d.csv", "beside"]) == 1
    assert "d.codebook.toml stands beside it" in " ".join(capsys.readouterr().err.split())
    Path("away").mkdir()
    Path("d.codebook.toml").rename("away/d.codebook.toml")
    assert main(["init", "d.csv", "given", "--instrument", "away/d.codebook.toml"]) == 1
    for name in ("beside", "given"):
        assert main(["estimate", name, "--stat", "share", "--of", "impact_type", "--out", f"{name}.csv"]) == 0
        assert ["us_regulation_cost", 74, 44 / 74] in counted(tmp_path / f"{name}.csv")


def test_an_instrument_has_nothing_to_count(tmp_path, capsys):
    (tmp_path / "s.lss").write_text(lss_text(), encoding="utf-8")
    main(["init", str(tmp_path / "s.lss"), str(tmp_path / "s")])
    for words in (["tables", str(tmp_path / "s")], ["estimate", str(tmp_path / "s"), "--stat", "total"]):
        assert main(words) == 2
        assert "an instrument" in capsys.readouterr().err
