"""Files in memory: read like any other, gone afterwards, refused where a disk would bear them."""

import os

import pandas as pd
import pytest

from survey import FileFault, data_folder, held_file, read_wave


def test_a_held_file_is_read_like_the_one_on_the_disk() -> None:
    place = data_folder() / "demo" / "demo_2021.sav"
    with held_file(place.read_bytes(), place.name) as path:
        held = read_wave(path).frame
        assert path.is_file()
    assert not path.exists()
    pd.testing.assert_frame_equal(held, read_wave(place).frame)


def test_an_empty_file_and_a_system_without_such_files_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileFault, match=r"mine\.csv"), held_file(b"", "mine.csv"):
        pass
    monkeypatch.delattr(os, "memfd_create")
    with pytest.raises(FileFault) as caught, held_file(b"x", "mine.csv"):
        pass
    assert "no disk" in caught.value.expected
