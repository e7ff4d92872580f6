"""Small files that ask for gigabytes are refused in little memory, by the server and on one's own machine."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from survey import FileFault, check_parquet, held_file, read_wave
from survey.room import MOST_BROUGHT_ROOM, check_room, narrow_room
from tests.survey.bombs import BOMBS, zsav

ALONE = ("shared.xlsx", "apart.xlsx", "text.parquet", "wide.csv", "commas.csv", "text.dta", "links.csv.gz")
"""Those that are refused without a server too; the others fit the memory of a machine."""

READ = """
import sys
from survey import Fault, held_file, read_wave
from pathlib import Path
for file in map(Path, sys.argv[1:]):
    try:
        with held_file(file.read_bytes(), file.name) as held:
            read_wave(held)
    except Fault:
        continue
    sys.exit(f"{file} was read")
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in BOMBS.items():
        (folder / name).write_bytes(make())
    return folder


def test_what_is_brought_is_refused_in_little_memory(bombs: Path) -> None:
    files = [str(bombs / name) for name in BOMBS]
    done = subprocess.run(
        [sys.executable, "-c", READ, *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) < 600


@pytest.mark.parametrize("name", ALONE)
def test_a_file_of_ones_own_is_refused_too(bombs: Path, name: str) -> None:
    with pytest.raises(FileFault) as caught:
        read_wave(bombs / name)
    assert str(bombs / name) in caught.value.where and caught.value.do


def test_links_and_lists_are_held_to_the_same(bombs: Path) -> None:
    from analysis.supply.sources import read_source
    from analysis.supply.tables import read_rows

    for name in ("text.parquet", "wide.csv", "commas.csv", "links.csv.gz"):
        with pytest.raises(FileFault):
            read_rows(bombs / name)
    for name in ("text.parquet", "shared.xlsx"):
        with pytest.raises(FileFault):
            read_source(bombs / name)


def test_parquet_beside_a_release_is_held_to_the_same_also_in_an_archive(bombs: Path, tmp_path: Path) -> None:
    from analysis.attack.opening import open_file

    with pytest.raises(FileFault):
        open_file(bombs / "text.parquet")
    with zipfile.ZipFile(tmp_path / "beside.zip", "w") as archive:
        archive.write(bombs / "text.parquet", "tables/text.parquet")
    with pytest.raises(FileFault, match=r"text\.parquet"):
        open_file(tmp_path / "beside.zip")


def test_archives_within_archives_share_one_bound(bombs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.attack import opening

    monkeypatch.setattr(opening, "_MOST", 20_000_000)
    with pytest.raises(FileFault, match="unpacks to more"):
        opening.open_file(bombs / "zips.zip")


@pytest.mark.parametrize("stated", [None, -1])
def test_deflated_cases_are_counted_whether_stated_or_not(tmp_path: Path, stated: int | None) -> None:
    (tmp_path / "a.zsav").write_bytes(zsav(500, stated))
    assert len(read_wave(tmp_path / "a.zsav")) == 500
    with narrow_room(1 << 21), pytest.raises(FileFault, match="unpack to"):
        read_wave(tmp_path / "a.zsav")


def test_texts_within_lists_are_counted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [["x" * 1000] * 5] * 100, "b": [{"c": "y" * 1000}] * 100})
    frame.to_parquet(tmp_path / "a.parquet")
    with narrow_room(700_000):
        check_parquet(tmp_path / "a.parquet")
    with narrow_room(500_000), pytest.raises(FileFault, match="too large"):
        check_parquet(tmp_path / "a.parquet")


def test_a_common_file_is_read_at_the_door(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [f"F{k}" for k in range(5_000)], "q": range(5_000), "t": "a word or two"})
    for name, write in (("a.parquet", frame.to_parquet), ("a.csv", frame.to_csv), ("a.dta", frame.to_stata)):
        write(tmp_path / name)
        with held_file((tmp_path / name).read_bytes(), name) as held:
            assert len(read_wave(held)) == 5_000


def test_room_is_by_the_file_and_narrow_while_a_file_is_held() -> None:
    check_room("a", 200 * 10**9, 10**9)
    with pytest.raises(FileFault, match="unpack to"):
        check_room("a", 201 * 10**9, 10**9)
    with narrow_room(MOST_BROUGHT_ROOM), pytest.raises(FileFault):
        check_room("a", MOST_BROUGHT_ROOM + 1, 10**9)
    check_room("a", MOST_BROUGHT_ROOM + 1, 10)
