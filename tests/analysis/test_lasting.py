"""One writer at a time on a folder, and what is kept is whole: judgements, a ledger, two writers at once."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from analysis import (
    add_judgements,
    lasting,
    read_judgements,
    read_record,
    release_on_record,
    write_release,
)
from analysis.lasting import keep_file, keep_folder, only_writer
from analysis.release import proving
from analysis.release.recorded import Recorded
from survey import FileFault
from tests.analysis.attack.small_world import draw_answers, write_world

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no locks on folders on this system")


def test_two_who_judge_at_once_lose_nothing(tmp_path: Path) -> None:
    def judges(who: str) -> None:
        for number in range(5):
            review = tmp_path / f"review-{who}.csv"
            line = f"{who}{number},L,E,same,kato,seen\n"
            review.write_text(f"name,list,entry,verdict,who,why\n{line}", encoding="utf-8")
            add_judgements(review, tmp_path / "judgements.csv", date(2026, 1, 15))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(judges, "ab"))
    names = read_judgements(tmp_path / "judgements.csv")["name"]
    assert sorted(names) == sorted(f"{who}{number}" for who in "ab" for number in range(5))


def test_two_who_add_to_a_ledger_at_once_are_attacked_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_release(write_world(tmp_path / "study", 30, answers=draw_answers(30, 4)), tmp_path / "out")
    seen = []
    real = proving.recorded_releases

    def slow(folder: Path, study: str) -> list[Recorded]:
        found = real(folder, study)
        seen.append(len(found))
        time.sleep(0.2)  # an attack takes its time: whoever comes meanwhile must wait for its entry
        return found

    monkeypatch.setattr(proving, "recorded_releases", slow)
    with ThreadPoolExecutor(2) as pool:
        wait = [
            pool.submit(
                release_on_record, tmp_path / "books", tmp_path / "out" / one, who="A", on=date(2026, 2, 1)
            )
            for one in ("members", "public")
        ]
        assert sorted(str(one.result()["number"]) for one in wait) == ["1", "2"]
    assert seen == [0, 1]
    assert sorted(str(entry["audience"]) for entry in read_record(tmp_path / "books")) == [
        "members",
        "public",
    ]


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "_PATIENCE", 0.1)
    review = tmp_path / "review.csv"
    review.write_text("name,list,entry,verdict,who,why\nA,L,E,same,kato,seen\n", encoding="utf-8")
    with only_writer(tmp_path), pytest.raises(FileFault, match="another who writes there"):
        add_judgements(review, tmp_path / "judgements.csv", date(2026, 1, 15))
    assert add_judgements(review, tmp_path / "judgements.csv", date(2026, 1, 15)) == 1
    with pytest.raises(FileFault, match="no such folder"), only_writer(tmp_path / "none"):
        pass
    with pytest.raises(FileFault, match="a file"), only_writer(review, is_new=True):
        pass


def test_a_folder_that_stays_empty_is_gone_and_whoever_waited_for_it_holds_another(tmp_path: Path) -> None:
    place, order = tmp_path / "books", []

    def second() -> None:
        with only_writer(place, is_new=True):
            (place / "entry").write_text("kept")
            order.append(place.is_dir())

    with only_writer(place, is_new=True):
        waits = threading.Thread(target=second)
        waits.start()
        time.sleep(0.1)
        assert order == []
    waits.join()
    assert order == [True]
    assert (place / "entry").read_text() == "kept"
    with pytest.raises(ZeroDivisionError), only_writer(tmp_path / "other", is_new=True):
        _ = 1 / 0
    assert not (tmp_path / "other").exists()


def test_files_and_folders_are_on_the_disk_before_they_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(number: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{number}")).name)
        real(number)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc on this system")
    monkeypatch.setattr(os, "fsync", watched)
    keep_file(tmp_path / "judgements.csv", b"whole")
    assert synced[0].startswith(".judgements.csv.new-") and synced[1:] == [tmp_path.name]
    synced.clear()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a").write_text("a")
    keep_folder(tmp_path)
    assert sorted(synced) == sorted(["a", "inner", "judgements.csv", tmp_path.name])
    assert synced[-1] == tmp_path.name
