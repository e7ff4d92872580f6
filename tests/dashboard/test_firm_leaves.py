"""docs/faq.md, "A firm wants its answers out. How?": walked with the commands it names, on a small study."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.command import main
from tests.analysis.attack.small_world import draw_answers, write_world

TOP = Path(__file__).parents[2]
GONE, NAME = "W4F0007", "Kitano Seimitsu"
FLOOR = 8
"""The largest floor of the audiences: so many must have come or gone together."""

Parts = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
"""Answers, links and parties of a study."""

_MORE = """ledger = "releases"
private = "private.toml"
[supply]
links = "links.csv"
parties = "parties.csv"
[[clean]]
rule = "correct"
reason = "a slip of the pen"
who = "A. Editor"
firm = "{firm}"
question = "sales"
before = {before}
value = 2
"""
WAIVER = 'p = 12\nwaived = ["{firm}"]\nsecret = "sixteen letters, or more"\n'


def _answers() -> pd.DataFrame:
    drawn = draw_answers(81, 4).iloc[:79]
    return drawn.assign(acts=[1, 2] * 39 + [1], how="")


def _write(folder: Path, parts: Parts, more: str) -> None:
    answers, links, parties = parts
    write_world(folder, len(answers), answers=answers, population=100)
    described = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(described + more, encoding="utf-8")
    links.to_csv(folder / "links.csv", index=False)
    parties.to_csv(folder / "parties.csv", index=False)


def _without(table: pd.DataFrame, *ids: str) -> pd.DataFrame:
    """Lines that name none of the firms."""
    return table[~table.astype(str).isin(ids).any(axis=1)]


def _all_without(parts: Parts, *ids: str) -> Parts:
    answers, links, parties = (_without(table, *ids) for table in parts)
    return answers, links, parties


def _holding(folder: Path, *words: str) -> set[str]:
    """Files of a folder that hold one of the words, in a cell, in a name of theirs or in their bytes."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            said = path.read_bytes().decode("utf-8", "replace") + path.name
            if path.suffix == ".parquet":
                said += str(pq.read_table(path).to_pydict())
            found |= {path.name for word in words if word in said}
    return found


@pytest.fixture(scope="module")
def parts() -> Parts:
    answers = _answers()
    ids: list[str] = answers["id"].tolist()
    links = pd.DataFrame(
        {
            "buyer": [*ids[:30], GONE, GONE, ids[2]],
            "supplier": [*(f"S{at % 9}" for at in range(30)), "S1", "S2", GONE],
            "country": ["CN", "JP", "US"] * 10 + ["CN", "CN", "JP"],
            "product": "parts",
            "share": 0.2,
        }
    ).drop_duplicates(["buyer", "supplier"])
    parties = pd.DataFrame(
        {
            "party": [*ids, *(f"S{at}" for at in range(9))],
            "name": [
                *(NAME if one == GONE else f"Firm {one}" for one in ids),
                *(f"M{at}" for at in range(9)),
            ],
            "country": "JP",
        }
    )
    return answers, links, parties


def test_a_firm_leaves_as_the_page_says(
    parts: Parts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    page = " ".join((TOP / "docs" / "faq.md").read_text(encoding="utf-8").split())
    for words in ("`build` says where", "`ledger --withdraw`", "`--audience internal` builds meanwhile"):
        assert words in page
    study, out, books = Path("study"), Path("out"), Path("study/releases")

    def run(*words: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        ended = main([*map(str, words)])
        told = capsys.readouterr()
        return ended, told.out + told.err

    def build(*more: str) -> tuple[int, str]:
        return run("build", study, "--out", out, *more)

    answers, links, parties = parts
    described = _MORE.format(firm=GONE, before=answers.set_index("id").loc[GONE, "sales"])
    _write(study, parts, described)
    (study / "private.toml").write_text(WAIVER.format(firm=GONE), encoding="utf-8")
    ended, told = build()
    assert ended in (0, 1), told
    assert _holding(out / "internal", GONE) and _holding(out / "internal", NAME)
    who = ("--who", "A. Editor", "--on", "2026-02-01")
    for audience in ("members", "public"):
        assert run("ledger", books, "--add", out / audience, *who)[0] == 0, audience

    # the row alone: build says where else the study names the firm, and what others buy from it stays
    fewer = _without(answers, GONE)
    _write(study, (fewer, links, parties), described)
    ended, told = build("--audience", "internal")
    assert ended == 2 and GONE in told and "study.toml" in told, told
    described = described.partition("[[clean]]")[0]
    _write(study, (fewer, links, parties), described)
    ended, told = build()
    assert ended == 2 and "private.toml" in told and "waived" in told, told
    (study / "private.toml").write_text(WAIVER.replace('"{firm}"', ""), encoding="utf-8")
    ended, told = build("--audience", "internal")
    assert ended in (0, 1), told
    assert _holding(out / "internal", GONE) and _holding(out / "internal", NAME)

    # all of it: the internal Release is built and knows nothing of the firm; others wait, withdrawn or not
    _write(study, _all_without(parts, GONE), described)
    for number in ("1", "2"):
        words = ("--withdraw", number, *who, "--why", "a firm wants its answers out")
        ended, told = run("ledger", books, *words)
        assert ended == 0, told
    assert run("ledger", books)[1].count(",withdrawn\n") == 2
    ended, told = build()
    assert ended == 2 and "have come or gone (1 now)" in told, told
    ended, told = build("--audience", "internal")
    assert ended in (0, 1), told
    assert not _holding(out / "internal", GONE, NAME)

    # with as many as the floor gone together, who did not speak with one voice, every Release is built
    others = [one for one in answers["id"] if one != GONE][:: 79 // (2 * FLOOR)]
    assert len(others) >= FLOOR
    _write(study, _all_without(parts, GONE, *others), described)
    ended, told = build()
    assert ended in (0, 1), told
    assert not _holding(out, GONE, NAME)
    assert _holding(books, GONE)  # "the copies in the ledger" are not reached
