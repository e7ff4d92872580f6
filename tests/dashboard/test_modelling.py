"""`estimate --stat regression` and `--imputed` from the command line."""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.command import main
from survey import data_folder

MODEL = ("estimate", "--stat", "regression")


def run(*words: object) -> int:
    return main([str(word) for word in words])


def table(capsys: pytest.CaptureFixture[str]) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False, dtype=str)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Sixty firms; sales of a third are imputed three times."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"firm": [f"F{i:02}" for i in range(60)], "sector": rng.integers(1, 4, 60)})
    frame["hit"] = rng.integers(0, 2, 60)
    sales = np.round(rng.normal(80, 9, 60))
    for i in range(3):
        frame[f"sales_imp{i}"] = np.where(frame.index < 20, np.round(rng.normal(80, 9, 60)), sales)
    frame["sales"] = pd.Series(sales).where(frame.index >= 20)
    frame.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "small"\ntitle = { en = "Small" }\nlanguages = ["en"]\n'
        '[[waves]]\nname = "one"\nfile = "small.csv"\n[design]\nid = "firm"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_logit_of_the_demo_with_margins(capsys: pytest.CaptureFixture[str]) -> None:
    demo = data_folder() / "demo"
    words = ("--of", "had_to_choose", "--event", "1", "--on", "sector", "--family", "logit", "--margins")
    assert run(*MODEL[:1], demo, *MODEL[1:], *words) == 0
    found = table(capsys)
    assert set(found["stat"]) == {"regression", "wald", "predicted", "margin"}
    assert set(found["option"][found["stat"] != "wald"]) == {"1"}
    assert (
        found["flag"][(found["stat"] == "regression") & (found["group"] == "1")]
        .str.contains("reference")
        .all()
    )
    predicted = found[found["stat"] == "predicted"]["estimate"].astype(float)
    assert predicted.between(0, 1).all()


def test_the_reference_is_chosen_by_name(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--of", "sales", "--on", "sector,hit", "--family", "gaussian", "--reference", "sector=3")
    choices = ", ".join(f'{{ code = "{code}" }}' for code in (1, 2, 3))
    codebook = f'schema = 1\n[questions.sector]\nkind = "single"\nchoices = [{choices}]\n'
    (small / "codebook.toml").write_text(codebook, encoding="utf-8")
    toml = (small / "study.toml").read_text(encoding="utf-8")
    (small / "study.toml").write_text(
        toml.replace('file = "small.csv"', 'file = "small.csv"\ncodebook = "codebook.toml"'), encoding="utf-8"
    )
    assert run("estimate", small, "--stat", "regression", *words) == 0
    found = table(capsys)
    assert found["group"][found["flag"].str.contains("reference")].tolist() == ["3"]
    assert found["n"].unique().tolist() == ["40"]


def test_imputed_answers_are_combined(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", small, "--stat", "mean", "--of", "sales", "--imputed", "sales=sales_imp*") == 0
    found = table(capsys)
    assert (found["n"][0], found["method"][0]) == ("60", "rubin t")
    words = ("--of", "hit", "--on", "sales", "--family", "logit", "--imputed", "sales=sales_imp*")
    assert run("estimate", small, "--stat", "regression", *words) == 0
    found = table(capsys)
    assert set(found["stat"]) == {"regression", "wald"}
    assert found["method"][found["stat"] == "wald"].tolist() == ["rubin F on 1"]


@pytest.mark.parametrize(
    "words", [("--on", "sector"), ("--margins",), ("--refits", "one-step"), ("--event", "1")]
)
def test_options_of_a_regression_stand_beside_no_other_statistic(
    small: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run("estimate", small, "--stat", "mean", "--of", "sales", *words) == 2
    assert f"where:    {words[0]}\nfound:    --stat mean" in capsys.readouterr().err


def test_crosstabs_of_imputed_answers_are_refused(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--of", "hit", "--by", "sector", "--imputed", "sales=sales_imp*")
    assert run("estimate", small, "--stat", "crosstab", *words) == 2
    assert "imputations of a crosstab" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--on", "hit", "--family", "gaussian"), "--of"),
        (("--of", "sales,hit", "--on", "sector", "--family", "gaussian"), "2 questions"),
        (("--of", "sales", "--family", "gaussian"), "no --on"),
        (("--of", "sales", "--on", "hit"), "one of gaussian, logit, poisson, proportional_odds, multinomial"),
        (("--of", "sales", "--on", "hit", "--family", "gausian"), "did you mean gaussian?"),
        (("--of", "sales", "--on", "hit", "--family", "gaussian", "--by", "sector"), "--where"),
        (("--of", "sales", "--on", "hit", "--family", "gaussian", "--reference", "hit"), "name=value"),
        (
            ("--of", "sales", "--on", "hit", "--family", "gaussian", "--imputed", "sales=s_*"),
            "no column fits",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    small: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    out = small / "out.csv"
    assert run("estimate", small, "--stat", "regression", *words, "--out", out) == 2
    told = capsys.readouterr().err
    assert said in told
    assert re.match(r"where: .*\nfound: .*\nexpected: .*\ndo this: ", told)
    assert not out.exists()
