"""Files written here open in R and PSPP with labels, reasons and sets, and come back from there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from survey import export_study, latest_wave, load_study, read_wave

DEMO = Path(__file__).parents[2] / "data" / "demo"
HAVEN = """suppressMessages(library(haven))
s <- read_sav("demo.sav", user_na = TRUE); d <- read_dta("demo.dta")
q <- s$had_to_choose; t <- d$had_to_choose
cat(nrow(s), sum(q == 1, na.rm = TRUE), paste(attr(q, "na_values"), collapse = ","), "\\n")
tagged <- function(letter) sum(na_tag(t) == letter, na.rm = TRUE)
cat(nrow(d), sum(t == 1, na.rm = TRUE), tagged("d"), tagged("n"), "\\n")
cat(names(attr(t, "labels"))[na_tag(attr(t, "labels")) %in% "d"], "\\n")
cat(attr(s$impact_type_sales_drop, "label"), "\\n")
cat(attr(d$sector, "label"), "|", attr(d, "label"), "\\n")
"""
FOREIGN = """suppressMessages(library(foreign))
s <- suppressWarnings(read.spss("demo.sav", to.data.frame = TRUE, reencode = "UTF-8"))
cat(nrow(s), sum(grepl("Yes", s$had_to_choose)), "\\n")
"""
PSPP = """GET FILE="demo.sav".
VARIABLE LABELS sector "Branch".
MRSETS /DISPLAY NAME=[$impact_type].
FREQUENCIES had_to_choose.
SAVE OUTFILE="saved.sav".
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("elsewhere")
    study = load_study(DEMO)
    for kind in ("sav", "dta"):
        export_study(study, made / f"demo.{kind}", kind)
    return made


def r(folder: Path, library: str, script: str) -> list[str]:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    asked = f'quit(status = if (requireNamespace("{library}", quietly = TRUE)) 0 else 3)'
    if subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode:
        pytest.skip(f"the R package {library} is not installed")
    done = subprocess.run(
        ["Rscript", "-e", script], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_haven_sees_labels_and_reasons(folder: Path) -> None:
    said = [line.strip() for line in r(folder, "haven", HAVEN)]
    assert said[0] == "100 12 98,99"
    assert said[1] == "100 12 2 2"
    assert said[2] == "Do not know"
    assert "|" in said[3]
    assert "SYNTHETIC" in said[4] and not said[4].startswith("|")


def test_foreign_sees_the_answers(folder: Path) -> None:
    assert r(folder, "foreign", FOREIGN)[0].split() == ["100", "12"]


def test_pspp_opens_it_and_what_it_saves_comes_back(folder: Path) -> None:
    if shutil.which("pspp") is None:
        pytest.skip("PSPP is not installed")
    (folder / "job.sps").write_text(PSPP, encoding="utf-8")
    done = subprocess.run(
        ["pspp", "-o", "said.txt", "job.sps"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = (folder / "said.txt").read_text(encoding="utf-8")
    assert "impact_type_sales_drop" in said and "warning" not in said.lower()
    wave = latest_wave(load_study(DEMO))
    again = read_wave(folder / "saved.sav")
    assert len(again.findings) == 1 and "sector" in again.findings[0].found
    assert again.codebook.question("sector").label == {"": "Branch"}
    rest = [q for q in wave.codebook.questions if q.id != "sector"]
    assert [again.codebook.question(q.id) for q in rest] == rest
    assert (again.frame == wave.frame).all().all()
