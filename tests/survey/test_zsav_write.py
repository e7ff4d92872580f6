"""A .zsav written here is the .sav, deflated: the library, PSPP and we read the same from both."""

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey import FileFault, export_study, load_study, read_wave
from survey.formats import zsav_write
from survey.formats.zsav_write import deflate_cases
from survey.paths import data_folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zsav")
    study = load_study(data_folder() / "demo")
    for name in ("demo.sav", "demo.zsav"):
        assert not [f for f in export_study(study, folder / name, "sav") if "read back" in f.found]
    return folder / "demo.sav", folder / "demo.zsav"


def test_both_read_the_same_and_one_is_smaller(pair):
    plain, deflated = (read_wave(path) for path in pair)
    assert deflated.frame.equals(plain.frame) and deflated.codebook == plain.codebook
    assert deflated.findings == () and deflated.origin.format == "sav"
    assert pair[1].read_bytes()[:4] == b"$FL3" and pair[1].stat().st_size < pair[0].stat().st_size
    theirs, meta = pyreadstat.read_sav(str(pair[1]), user_missing=True, disable_datetime_conversion=True)
    plainly, _ = pyreadstat.read_sav(str(pair[0]), user_missing=True, disable_datetime_conversion=True)
    pd.testing.assert_frame_equal(theirs, plainly)
    assert meta.mr_sets


@pytest.mark.skipif(shutil.which("pspp-convert") is None, reason="PSPP is not installed")
def test_another_program_reads_it(pair, tmp_path):
    texts = []
    for path in pair:
        out = tmp_path / f"{path.suffix}.csv"
        subprocess.run(["pspp-convert", str(path), str(out)], check=True, capture_output=True)
        texts.append(out.read_bytes())
    assert texts[0] == texts[1] and texts[0].count(b"\n") == 101


def test_several_blocks_and_the_same_bytes_again(tmp_path, monkeypatch):
    frame = pd.DataFrame({"x": np.random.default_rng(1).normal(size=500), "t": ["日本", "x"] * 250})
    monkeypatch.setattr(zsav_write, "_BLOCK", 1000)
    whole: list[bytes] = []
    for name in ("a.zsav", "b.zsav"):
        pyreadstat.write_sav(frame, str(tmp_path / name), row_compress=True)
        data = bytearray((tmp_path / name).read_bytes())
        data[92:109] = datetime(2020, 1, 1).strftime("%d %b %y%H:%M:%S").encode()
        (tmp_path / name).write_bytes(data)
        deflate_cases(tmp_path / name)
        whole.append((tmp_path / name).read_bytes())
    assert whole[0] == whole[1]
    assert read_wave(tmp_path / "a.zsav").frame["x"].tolist() == frame["x"].tolist()
    assert pyreadstat.read_sav(str(tmp_path / "a.zsav"))[0]["t"].tolist() == frame["t"].tolist()
    (tmp_path / "cut.zsav").write_bytes(whole[0][:-30])
    with pytest.raises(FileFault, match="zsav"):
        read_wave(Path(tmp_path / "cut.zsav"))
