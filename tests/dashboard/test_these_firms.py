"""docs/how-to/these-firms-or-firms-like-these.md, run as written."""

import io
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.command import main

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "these-firms-or-firms-like-these.md"
CODEBOOK = """schema = 1
[questions.choose]
kind = "binary"
counted = "1"
choices = [{ code = "0" }, { code = "1" }]
[questions.cost]
kind = "binary"
counted = "1"
choices = [{ code = "0" }, { code = "1" }]
"""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_does_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mystudy"
    folder.mkdir()
    choose, cost = np.full(100, np.nan), np.full(100, np.nan)
    choose[:96], cost[:74] = 0, 0
    choose[:12], cost[:44] = 1, 1
    firms = [f"F{i:03d}" for i in range(100)]
    pd.DataFrame({"firm": firms, "choose": choose, "cost": cost}).to_csv(folder / "members.csv", index=False)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    (study,) = blocks("toml")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    commands, tables, said = blocks("sh"), blocks("csv"), blocks("text")
    assert len(commands) == len(tables) == 3 and len(said) == 2
    heard = []
    for command, table in zip(commands, tables, strict=True):
        assert main(shlex.split(command)[1:]) == 0
        heard.append(capsys.readouterr().err)
        expected = pd.read_csv(io.StringIO(table))
        found = pd.read_csv(shlex.split(command)[-1])[list(expected.columns)]
        if expected["method"].tolist() == ["korn-graubard"]:
            found[["low", "high"]] = found[["low", "high"]].round(4)
        pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)
    assert said[0] in heard[0] and said[1] in heard[2]
    wide, narrow = (pd.read_csv(f"{name}.csv").iloc[0] for name in ("like", "these"))
    assert 7 < (wide["high"] - wide["low"]) / (narrow["high"] - narrow["low"]) < 7.5
