"""What lies beside a Release is opened: hidden numbers and names are found wherever they stand."""

import json
import zipfile
from pathlib import Path

import pytest

from analysis import attack_releases, read_release, release_mark
from analysis.attack.opening import open_file, open_text
from tests.analysis.attack.planting_files import FILES, hidden_answer
from tests.analysis.attack.test_planted import released  # noqa: F401


@pytest.mark.parametrize("where", list(FILES))
def test_a_hidden_number_in_a_file_is_found(released: Path, tmp_path: Path, where: str) -> None:  # noqa: F811
    members = released / "out" / "members"
    told = hidden_answer(members, released / "out" / "internal")
    FILES[where](tmp_path, *told)
    attack = attack_releases([members], ask=False, files=sorted(tmp_path.iterdir()))
    found = attack.broken
    assert set(found["way"]) == {"files"}, found.to_string()
    row = found[(found["question"] == told[0]) & (found["option"] == told[1])].iloc[0]
    assert row["low"] <= told[3] <= row["high"]
    assert row["verdict"] == ("recovered" if row["low"] == row["high"] else "bounded")


def test_a_file_is_held_against_the_release_it_names(released: Path, tmp_path: Path) -> None:  # noqa: F811
    """The same hidden number, in a file of the one audience, of the other, and of neither."""
    both = [released / "out" / audience for audience in ("members", "public")]
    question, _, text, count, _ = hidden_answer(both[0], released / "out" / "internal")
    page = tmp_path / "page.html"
    for named, expected in ((0, {"members"}), (1, {"public"}), (None, {"members", "public"})):
        mark = "" if named is None else release_mark(read_release(both[named]).manifest)
        line = f"<tr><th>{text}</th><td>{count}</td></tr>"
        page.write_text(f"<h2>{question}</h2><table>{line}</table><p>release {mark}</p>", encoding="utf-8")
        broken = attack_releases(both, ask=False, files=[page]).broken
        assert set(broken.loc[broken["way"] == "files", "release"]) == expected, named


def test_files_that_show_what_is_shown_are_no_find(released: Path, tmp_path: Path) -> None:  # noqa: F811
    """A page with the released shares, the neutral text in place of the hidden ones."""
    import pandas as pd

    members = released / "out" / "members"
    table = pd.read_parquet(members / "estimates.parquet")
    wording = pd.read_parquet(members / "wording.parquet").drop_duplicates(["question", "option"])
    rows = table[table["by"] == ""].merge(wording[["question", "option", "text"]], on=["question", "option"])
    lines = []
    for question, part in rows.groupby("question", sort=False):
        lines.append(f"<h2>{question}</h2><table>")
        for _, row in part.iterrows():
            shown = "not shown: confidentiality" if pd.isna(row["estimate"]) else f"{row['estimate']:.1%}"
            lines.append(f"<tr><th>{row['text']}</th><td>{shown}</td></tr>")
        lines.append("</table>")
    (tmp_path / "page.html").write_text("\n".join(lines), encoding="utf-8")
    attack = attack_releases([members], ask=False, files=[tmp_path / "page.html"])
    assert attack.broken.empty, attack.broken.to_string()


def test_a_property_that_the_server_sends_and_no_page_shows_is_found(released: Path) -> None:  # noqa: F811
    members = released / "out" / "members"
    question, _, text, count, _ = hidden_answer(members, released / "out" / "internal")
    row = {
        "type": "Tr",
        "props": {
            "data-count": count,
            "children": [
                {"type": "Td", "props": {"children": text}},
                {"type": "Td", "props": {"children": "not shown: confidentiality"}},
            ],
        },
    }
    page = {"response": {"x": {"children": [{"type": "H2", "props": {"children": question}}, row]}}}
    pages = {str(members): [("/survey", json.dumps(page))]}
    found = attack_releases([members], ask=False, pages=pages)
    assert "pages" in found.ways
    assert found.broken["table"].tolist() == ["/survey"]
    row["props"]["data-count"] = None
    pages = {str(members): [("/survey", json.dumps(page))]}
    assert attack_releases([members], ask=False, pages=pages).broken.empty


def test_a_name_is_found_in_a_workbook_within_a_deck(released: Path, tmp_path: Path) -> None:  # noqa: F811
    from tests.analysis.attack.planting_files import _workbook

    with zipfile.ZipFile(tmp_path / "deck.pptx", "w") as deck:
        deck.writestr("ppt/embeddings/book.xlsx", _workbook([["W1F0007", 1]]))
    members = released / "out" / "members"
    attack = attack_releases([members], names=["W1F0007"], ask=False, files=[tmp_path / "deck.pptx"])
    assert set(attack.broken["option"]) == {"W1F0007"}
    assert all("book.xlsx" in place for place in attack.broken["table"])


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    for name, content in (
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("b.pdf", b"%PDF-1.7 broken stream\n\xff\nendstream"),
        ("c.json", b'{"a": [1, 2'),
        ("d.bin", bytes(range(256))),
        ("e.html", b"<table><tr><td>never closed"),
    ):
        (tmp_path / name).write_bytes(content)
        assert isinstance(open_file(tmp_path / name), list)
    packed = {"x": {"dtype": "f8", "bdata": "AAAAAAAA8D8="}, "y": ["Yes"]}
    assert ("1", "Yes") in open_text(json.dumps({"data": [packed]}), "figure").lines
