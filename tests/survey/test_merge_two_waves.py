"""docs/how-to/merge-two-waves.md, run as written on two small waves."""

import contextlib
import io
import re
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from survey import State, answers_to, comparable_items

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "merge-two-waves.md"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def write_waves(folder: Path) -> None:
    first = pd.DataFrame(
        {"firm": ["F1", "F2", "F3", "F4"], "effect": [1.0, 9.0, 2.0, 1.0], "staff": [10.0, 20.0, 30.0, 40.0]}
    )
    pyreadstat.write_sav(
        first,
        str(folder / "members_2021.sav"),
        column_labels={"effect": "Effect on business", "staff": "Staff"},
        variable_value_labels={"effect": {1.0: "Some effect", 2.0: "No effect", 9.0: "Refused"}},
        missing_ranges={"effect": [9.0]},
    )
    (folder / "members_2022.csv").write_text(
        "firm,q4_effect,staff\nF9,3,25\nF1,9,45\nF6,1,5\n", encoding="utf-8"
    )
    study, codebook = blocks("toml")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    (folder / "codebook_2022.toml").write_text(codebook, encoding="utf-8")
    (folder / "firms.csv").write_text(blocks("csv")[0], encoding="utf-8")


def without_ends(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def test_the_page_does_what_it_says(tmp_path, monkeypatch):
    write_waves(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    said = blocks("text")
    code = blocks("python")
    assert len(code) == len(said) == 4
    for block, expected in zip(code, said, strict=True):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(block, str(PAGE), "exec"), names)
        assert without_ends(out.getvalue()) == without_ends(expected)

    wide, long, firms = names["wide"], names["long"], names["firms"]
    assert firms.firms.set_index("firm")["ids"].to_dict()["F9"] == "F2 F9"
    assert wide.codebook.question("effect_2021").label == {"": "Effect on business"}
    assert wide.codebook.question("q4_effect_2022").label["ja"] == "事業への影響"
    assert answers_to(long, "q4_effect").state.tolist() == [0, State.REFUSED, 0, 0, 0, State.REFUSED, 0]
    with pytest.raises(Exception, match="Counted for the group"):
        comparable_items(names["items"], "staff")
