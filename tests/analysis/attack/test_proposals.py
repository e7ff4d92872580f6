"""A refused build says what to change, cheapest first by what it hides, and with it the build passes."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import read_release, release_on_record, write_release
from analysis.release.protection import protection_of
from analysis.release.settings import release_settings
from analysis.release.tables import internal_tables
from survey import Fault, load_study, study_wave
from tests.analysis.attack.small_world import CODEBOOK, draw_answers, write_world

DAY = date(2026, 2, 1)
OPEN = 'by = ["sector"]\nopen_by = ["sector"]\n'


def answers(*, corrected: bool = False) -> pd.DataFrame:
    """A hundred firms, 12, 14, 20, 30, 24 of whom said sales 1 to 5; one corrects 3 to 4."""
    table = draw_answers(100, 3)
    half = np.arange(100) // 4 % 2
    table["sector"] = np.arange(100) % 4 + 1
    table["acts"], table["how"] = half + 1, ""
    table["chose"] = table["f_a"] = half
    for letter, parts in (("b", 3), ("c", 4), ("d", 5)):
        table[f"f_{letter}"] = (np.arange(100) % parts == 0).astype(int)
    sales = np.repeat([1, 2, 3, 4, 5], [12, 14, 20, 30, 24])
    if corrected:
        sales[12 + 14] = 4
    table["sales"] = sales
    return table


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Fault]:
    """The second edition of a world whose first one went out: one firm changed one answer."""
    folder = tmp_path_factory.mktemp("corrected")
    write_release(write_world(folder / "study", 100, answers=answers()), folder / "out", ["public"])
    release_on_record(folder / "releases", folder / "out" / "public", who="A. Editor", on=DAY)
    study = write_world(folder / "study", 100, answers=answers(corrected=True), more=ledger(folder))
    with pytest.raises(Fault) as caught:
        write_release(study, folder / "out", ["public"])
    return folder, caught.value


def ledger(folder: Path) -> str:
    return f'ledger = "{folder / "releases"}"'


def changes_of(fault: Fault) -> list[str]:
    return re.split(r" \(\d\) ", fault.do)[1:]


def test_it_names_the_cells_and_proposes_the_cheapest(refused: tuple[Path, Fault]) -> None:
    """By hand: hiding 3 and 4 loses 19 + 31 firms, showing them as one all but the larger: 19."""
    folder, fault = refused
    assert "sales 3 (recovered: 1" in fault.found
    assert "sales 4 (recovered: 1" in fault.found
    first, second, *_ = changes_of(fault)
    assert "merge answers 3, 4 of sales" in first
    assert "(no longer shown: sales 3, 19; sales 4, 31): loses 19 of" in first
    assert "tried: the attack finds nothing then" in first
    assert "loses 50 of" in second
    assert "not tried" in second
    shown = read_release(folder / "out" / "public").table("estimates")
    total = float((shown["estimate"] * shown["n"].astype(float)).sum())
    assert f"loses 19 of {total:g} counts ({100 * 19 / total:.1f}% of the information)" in first


def test_with_the_proposal_the_build_passes(refused: tuple[Path, Fault], tmp_path: Path) -> None:
    folder, fault = refused
    first = changes_of(fault)[0]
    hide = re.search(r"hide = \[.*?\}\]", first)
    nets = re.search(r'add ("3\+4" = \[.*?\])', first)
    assert hide
    assert nets
    more = f"{ledger(folder)}\n{hide[0]}"
    write_world(tmp_path / "study", 100, answers=answers(corrected=True), more=more)
    book = CODEBOOK.replace('some = ["2"', f'{nets[1]}, some = ["2"')
    assert book != CODEBOOK
    (tmp_path / "study" / "codebook.toml").write_text(book, encoding="utf-8")
    write_release(load_study(tmp_path / "study"), tmp_path / "out", ["public"])
    table = read_release(tmp_path / "out" / "public").table("estimates").set_index(["question", "option"])
    assert table.loc[("sales", ["3", "4"]), "flag"].tolist() == ["suppressed"] * 2
    assert table.loc[("sales", "3+4"), "estimate"] == pytest.approx(0.5)


def test_where_one_hidden_cell_follows_from_the_rest_another_is_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secondary cells switched off: 1 of sector holds 4 firms. Shown as one with 2 these 4 are lost, with 2
    hidden beside it 20, with another more."""
    from analysis.release import cells

    table = answers().assign(sector=[1] * 4 + [2] * 20 + [3] * 41 + [4] * 35)
    real = cells.protect_table

    def without_secondary(counts, n, floor, *, adds_up, nets=None, forced=None):  # type: ignore[no-untyped-def]
        found = real(counts, n, floor, adds_up=adds_up, nets=nets, forced=forced)
        if len(counts) == 4 and adds_up:
            own = (counts < floor) | forced[: len(counts)]
            return type(found)(own, found.nets, found.whole)
        return found

    monkeypatch.setattr(cells, "protect_table", without_secondary)
    study = write_world(tmp_path / "study", 100, answers=table)
    with pytest.raises(Fault) as caught:
        write_release(study, tmp_path / "out", ["public"])
    assert "sector 1 (bounded: 0 to 4 of 100" in caught.value.found
    first, second, *_ = changes_of(caught.value)
    assert "merge answers 1, 2 of sector" in first
    assert "loses 4 of" in first
    assert "tried: the attack finds nothing then" in first
    assert "(no longer shown: sector 2, 20): loses 20 of" in second
    hide = re.search(r"hide = \[.*?\}\]", second)
    assert hide
    write_release(
        write_world(tmp_path / "study", 100, answers=table, more=hide[0]), tmp_path / "out", ["public"]
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('hide = "sales"', "a list of cells"),
        ('hide = [{ option = "1" }]', "without `question`"),
        ('hide = [{ question = "sale" }]', "sales"),
        ('hide = [{ question = "sales", option = "7" }]', "an answer of sales"),
        ('hide = [{ question = "sales", by = "sector" }]', "one of `open_by`"),
        ('hide = [{ question = "sales", group = "1" }]', "without `by`"),
        ('hide = [{ question = "sales", optoin = "1" }]', "option"),
        (f'{OPEN}hide = [{{ question = "sales", option = "1", by = "sector" }}]', "group"),
        ('hide = [{ question = "sales" }]\n[release.members]\nprotect = "round"\n[release.public]\n'
         'protect = "round"', "protect"),
    ],
)  # fmt: skip
def test_bad_cells_are_named(tmp_path: Path, line: str, says: str) -> None:
    study = write_world(tmp_path / "study", 100, answers=answers(), more=line)
    with pytest.raises(Fault, match=re.escape(says)):
        write_release(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_named_cells_are_hidden_with_what_gives_them_away(tmp_path: Path) -> None:
    """A whole question takes its follow-up along; a table by a break goes alone; a cell of a group too."""
    hide = [
        '{ question = "acts" }',
        '{ question = "sales", by = "sector" }',
        '{ question = "chose", option = "1", by = "sector", group = "2" }',
    ]
    more = f"{OPEN}hide = [{', '.join(hide)}]"
    study = write_world(tmp_path / "study", 200, answers=pd.concat([answers()] * 2), more=more)
    settings = release_settings(study, study_wave(study))
    protection = protection_of(study, settings, "public")
    wave = study_wave(study)
    table = protection.estimates(internal_tables(wave, study.design, ["sector"]), wave)
    shown = table[table["flag"] != "suppressed"]
    assert not {"acts", "how"} & set(shown["question"])
    assert set(shown.loc[shown["question"] == "sales", "by"]) == {""}
    chose = shown[(shown["question"] == "chose") & (shown["by"] == "sector")]
    assert "2" not in set(chose["group"])
    assert 0 < len(chose) < 3  # another group goes with it


def test_where_a_break_tells_everything_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups not protected, five of whose 25 firms say so in every table: all of it would be hidden."""
    from analysis.release import cells

    place = np.arange(100) // 4
    few = (place < 5).astype(int)
    table = answers().assign(acts=2 - few, chose=few, **{f"f_{letter}": few for letter in "abcd"})
    opened = f'{OPEN}hide = [{{ question = "sales" }}]'
    real = cells.protect_breaks
    monkeypatch.setattr(cells, "protect_breaks", lambda *given, **more: real(*given[:4], 1, **more))
    with pytest.raises(Fault) as caught:
        write_release(
            write_world(tmp_path / "study", 100, answers=table, more=opened), tmp_path / "out", ["public"]
        )
    first = changes_of(caught.value)[0]
    assert first.startswith("leave the break sector out: open_by = []")
    assert "tried: the attack finds nothing then" in first
    more = opened.replace('open_by = ["sector"]', "open_by = []")
    write_release(
        write_world(tmp_path / "study", 100, answers=table, more=more), tmp_path / "out", ["public"]
    )
    shown = read_release(tmp_path / "out" / "public").table("estimates")
    assert set(shown["by"]) == {""}


def test_where_every_count_of_seven_is_shown_the_floor_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables protected with a floor one too low: what 9 hides, hiding the two cells one by one hides too."""
    from analysis.release import cells

    seven = (np.arange(100) < 7).astype(int)
    table = answers().assign(chose=seven, f_a=seven)
    real = cells.protect_table
    monkeypatch.setattr(
        cells, "protect_table", lambda counts, n, floor, **more: real(counts, n, floor - 1, **more)
    )
    with pytest.raises(Fault) as caught:
        write_release(write_world(tmp_path / "study", 100, answers=table), tmp_path / "out", ["public"])
    assert "fears a (recovered: 7 of 100" in caught.value.found
    first = changes_of(caught.value)[0]
    assert first.startswith("raise the floor: [release.members] floor = 9, [release.public] floor = 9")
    assert "fears a, 7;" in first
    assert "chose 1, 7)" in first
    assert "tried: the attack finds nothing then" in first
    more = "[release.members]\nfloor = 9\n[release.public]\nfloor = 9"
    write_release(
        write_world(tmp_path / "study", 100, answers=table, more=more), tmp_path / "out", ["public"]
    )
    shown = read_release(tmp_path / "out" / "public").table("estimates").set_index(["question", "option"])
    assert shown.loc[[("fears", "a"), ("chose", "1")], "flag"].tolist() == ["suppressed"] * 2
