"""The dependence of made-up answers: what the file may say, and what it may not."""

from pathlib import Path

import numpy as np
import pytest

from survey import data_folder, read_dependence
from survey.faults import StudyFault

TEXT = (data_folder() / "reference" / "published" / "dependence.toml").read_text(encoding="utf-8")


def _read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.toml"
    path.write_text(text, encoding="utf-8")
    read_dependence(path)


def test_traits_have_variance_one_between_and_within_sectors_and_sizes() -> None:
    found = read_dependence()
    within = found.within()
    assert np.linalg.eigvalsh(within).min() > 0
    between = np.zeros((3, 3))
    for parts in (found.sectors, found.sizes):
        shares = np.array([p.share for p in parts])
        between += np.cov(np.array([p.means for p in parts]).T, aweights=shares, bias=True)
    np.testing.assert_allclose(within + between, found.traits, atol=1e-12)
    np.testing.assert_allclose(np.diag(found.traits), 1)
    assert all(len(line.encode()) <= 80 for line in found.notes())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[traits]", "[trait]", "no such key"),
        ("us_cn = 0.35", "us_cn = 1.35", "1.35"),
        ("us_cn = 0.35", "us_cn = -0.99", "no three traits can have"),
        ("[side.none]", "[side.nobody]", "no .side.none."),
        ("us = 0.6\ncn = 0.0", "us = 1.0\ncn = 0.5", "explain more than all"),
        ("us = 0.6\ncn = 0.0\n", "us = 0.6\n", "us"),
        ("share = 0.12", "share = 0.22", "add to 1.1"),
        ("us = -0.8\ncn = -1.0", "us = -3.0\ncn = -3.0", "vary more than"),
        ("[[sizes]]", "[[nothing]]", "nothing"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(StudyFault, match=said) as fault:
        _read(tmp_path, TEXT.replace(old, new))
    assert "d.toml, line" in fault.value.where
