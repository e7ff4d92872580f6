"""What went out is remembered: editions are subtracted, late firms wait, a chain shows any change."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis import (
    attack_releases,
    compare_with_record,
    read_record,
    read_release,
    rebuild_recorded,
    record_table,
    record_withdrawal,
    release_on_record,
    write_release,
)
from analysis.disclosure.audiences import floor_for
from analysis.release.late import late_firms
from analysis.release.recorded import recorded_releases
from survey import Fault, load_study
from tests.analysis.attack.small_world import draw_answers, write_world

DAY = date(2026, 2, 1)


def world(folder: Path, firms: int, more: str = "", *, of: int = 81) -> list[Path]:
    """Releases of the first so many of the firms of one world, the last of them late."""
    answers = draw_answers(of, 4).iloc[:firms]
    answers = answers.assign(acts=[1, 2] * (firms // 2) + [1] * (firms % 2), how="")
    study = write_world(folder / "study", firms, answers=answers, more=more, population=100)
    return write_release(study, folder / "out")


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of 79 firms, released to both audiences."""
    folder = tmp_path_factory.mktemp("earlier")
    world(folder, 79)
    for audience in ("members", "public"):
        release_on_record(folder / "releases", folder / "out" / audience, who="A. Editor", on=DAY)
    return folder


def test_an_edition_of_81_firms_after_one_of_79_is_caught(earlier: Path, tmp_path: Path) -> None:
    world(tmp_path, 81)
    attack = attack_releases([earlier / "out" / "public", tmp_path / "out" / "public"], ask=False)
    told = attack.broken[attack.broken["way"] == "editions"]
    assert len(told) > 5
    assert set(told["firms_high"]) == {2.0}
    # what it says of the two firms is what they answered
    two = draw_answers(81, 4).iloc[79:].assign(acts=[2, 1])
    sector = told[told["question"] == "sector"].set_index("option")["low"]
    assert sector.to_dict() == {o: float((two["sector"] == int(o)).sum()) for o in sector.index}


def test_it_is_caught_before_release_and_the_change_is_proposed(earlier: Path, tmp_path: Path) -> None:
    world(tmp_path, 81)
    with pytest.raises(Fault) as caught:
        release_on_record(earlier / "releases", tmp_path / "out" / "public", who="A. Editor", on=DAY)
    assert "of 2" in caught.value.found
    assert "keep to the firms of the edition before until 8 have come or gone (2 now)" in caught.value.do
    assert len(read_record(earlier / "releases")) == 2


def test_a_firm_that_was_taken_out_is_not_told_by_what_is_left(earlier: Path, tmp_path: Path) -> None:
    """One firm less than went out, withdrawn or not: refused, in words that fit a firm that left."""
    books = shutil.copytree(earlier / "releases", tmp_path / "releases")
    for number in (1, 2):
        record_withdrawal(books, number, who="A. Editor", on=DAY, why="a firm wants its answers out")
    with pytest.raises(Fault, match="recovers or bounds") as caught:
        world(tmp_path, 78, f'ledger = "{books}"')
    assert "differ by fewer firms than may be known of" in caught.value.found
    assert "have come or gone (1 now)" in caught.value.do and "answered since" not in caught.value.do
    assert not (tmp_path / "out").exists()


def test_late_firms_wait_until_there_are_enough(earlier: Path, tmp_path: Path) -> None:
    more = f'ledger = "{earlier / "releases"}"'
    world(tmp_path, 81, more)
    inside, public = (read_release(tmp_path / "out" / a) for a in ("internal", "public"))
    assert len(inside.manifest["held_back"]) == 2
    assert inside.manifest["firms"] == 81
    assert public.manifest["firms"] == 79
    assert public.manifest["attacked"]["earlier"] == 1
    assert "held_back" not in public.manifest
    assert public.table("estimates")["n"].max() == 79


@pytest.mark.parametrize(("audience", "held"), [("public", 0), ("members", 6)])
def test_a_batch_waits_for_the_floor_of_whoever_it_is_released_to(
    earlier: Path, audience: str, held: int
) -> None:
    """Six late firms are enough for the public (floor 5), and too few for members (floor 8)."""
    before = recorded_releases(earlier / "releases", "world")
    ids = [*before[0].firms, *[f"late{k}" for k in range(6)]]
    study = load_study(earlier / "study")
    floor = floor_for(audience, 5)
    assert len(late_firms(study, ids, before, floor)) == held


def test_a_build_that_gives_late_firms_away_is_refused_and_leaves_the_old_one(
    earlier: Path, tmp_path: Path
) -> None:
    """Without ids in the ledger nobody can be held back: the attack is what stops the build."""
    books = tmp_path / "releases"
    alone = tmp_path / "alone" / "public"
    alone.parent.mkdir()
    shutil.copytree(earlier / "out" / "public", alone)
    release_on_record(books, alone, who="A. Editor", on=DAY)
    folder = tmp_path / "world"
    world(folder, 79)
    before = (folder / "out" / "public" / "manifest.json").read_bytes()
    with pytest.raises(Fault, match="recovers or bounds"):
        world(folder, 81, f'ledger = "{books}"')
    assert (folder / "out" / "public" / "manifest.json").read_bytes() == before
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["internal", "members", "public"]


def test_a_batch_that_does_not_speak_with_one_voice_goes_out(tmp_path: Path) -> None:
    answers = draw_answers(60, 4).assign(acts=[1, 2] * 30, how="", sector=[1, 2, 3, 4] * 15)
    answers = answers.assign(chose=[0, 1] * 30)
    answers = answers.assign(sales=[1, 2, 3, 4, 5] * 12, f_a=[0, 1] * 30, f_b=[1, 0] * 30, f_c=[0, 0, 1] * 20)
    answers["f_d"] = answers["f_c"]
    for many, name in ((50, "first"), (60, "second")):
        study = write_world(tmp_path / name, many, answers=answers.iloc[:many], population=100)
        write_release(study, tmp_path / name / "out")
    both = [tmp_path / name / "out" / "public" for name in ("first", "second")]
    assert attack_releases(both, ask=False).broken.empty


def test_corrections_and_withdrawals_are_entries_and_stay_attacked(earlier: Path, tmp_path: Path) -> None:
    import shutil

    books = tmp_path / "releases"
    shutil.copytree(earlier / "releases", books)
    record_withdrawal(books, 2, who="B. Editor", on=DAY, why="wrong title")
    table = record_table(books)
    assert table["act"].tolist() == ["released", "released", "withdrawn"]
    assert table["standing"].tolist() == ["stands", "withdrawn", ""]
    assert table["firms"].tolist() == [79, 79, 0]
    with pytest.raises(Fault, match=r"no\. 2"):
        record_withdrawal(books, 2, who="B. Editor", on=DAY, why="again")
    world(tmp_path, 81)
    with pytest.raises(Fault, match="recovers"):
        release_on_record(books, tmp_path / "out" / "public", who="A. Editor", on=DAY)


@pytest.mark.parametrize(
    "what", ["changed", "last changed", "taken away", "put in", "copy", "end cut", "all cut"]
)
def test_a_broken_chain_is_named(earlier: Path, tmp_path: Path, what: str) -> None:
    import shutil

    books = tmp_path / "releases"
    shutil.copytree(earlier / "releases", books)
    record_withdrawal(books, 2, who="B. Editor", on=DAY, why="wrong title")
    path = books / "ledger.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    if what == "changed":
        lines[0] = lines[0].replace("A. Editor", "Somebody")
    elif what == "last changed":
        lines[-1] = lines[-1].replace("wrong title", "another reason")
    elif what == "taken away":
        lines = lines[1:]
    elif what in ("end cut", "all cut"):
        lines = lines[: 1 if what == "end cut" else 0]
    elif what == "put in":
        lines.insert(1, json.dumps(json.loads(lines[1]) | {"who": "C"}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if what == "copy":
        copy = next(p for p in books.iterdir() if p.is_dir())
        estimates = copy / "estimates.parquet"
        estimates.write_bytes(estimates.read_bytes() + b" ")
    with pytest.raises(Fault):
        read_record(books)


def test_the_same_entries_make_the_same_bytes(earlier: Path, tmp_path: Path) -> None:
    for audience in ("members", "public"):
        release_on_record(tmp_path / "again", earlier / "out" / audience, who="A. Editor", on=DAY)
    old, new = (folder / "ledger.jsonl" for folder in (earlier / "releases", tmp_path / "again"))
    assert old.read_bytes() == new.read_bytes()
    assert pd.read_json(new, lines=True)["number"].tolist() == [1, 2]


def test_a_release_is_made_again_from_the_ledger(earlier: Path, tmp_path: Path) -> None:
    """Held beside a folder, or built again from the study: the same to the last byte."""
    table = compare_with_record(earlier / "releases", 1, earlier / "out" / "members")
    assert table["is_same"].all()
    study = load_study(earlier / "study")
    again = rebuild_recorded(earlier / "releases", 1, study)
    assert again["is_same"].all(), again[~again["is_same"]].to_string()
    assert {"release", "version", "settings", "source", "stated", "file"} == set(again["part"])


def test_what_differs_from_the_record_is_named(earlier: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(earlier / "study", tmp_path / "study")
    wave = tmp_path / "study" / "w.csv"
    lines = wave.read_text(encoding="utf-8").splitlines()
    wave.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    table = rebuild_recorded(earlier / "releases", 2, load_study(tmp_path / "study"))
    apart = table[~table["is_same"]].set_index("what")
    assert not table["is_same"].iloc[0]
    assert apart.loc["w.csv", "part"] == "source"
    assert apart.loc["firms", ["recorded", "now"]].tolist() == ["79", "78"]
    assert "estimates.parquet" in apart.index
    assert "study.toml" not in apart.index
    assert "product_version" not in apart.index


def test_only_what_was_released_can_be_made_again(earlier: Path, tmp_path: Path) -> None:
    books = earlier / "releases"
    with pytest.raises(Fault, match=r"no\. 7"):
        compare_with_record(books, 7, earlier / "out" / "members")
    with pytest.raises(Fault, match="audience 'public'"):
        compare_with_record(books, 1, earlier / "out" / "public")
    with pytest.raises(Fault, match=r"no\. 1"):
        compare_with_record(tmp_path / "nothing", 1, earlier / "out" / "public")
