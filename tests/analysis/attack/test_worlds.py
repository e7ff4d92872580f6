"""Ten seeded worlds of 40 to 400 firms: nothing is recovered, and every count lies between its ends."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import attack_releases
from tests.benchmarks.attack import false_ends, make_world


@pytest.mark.parametrize("seed", range(101, 111))
def test_a_world_withstands(seed: int, tmp_path: Path) -> None:
    internal, members, public = make_world(tmp_path, seed)
    names = pd.read_csv(tmp_path / "study" / "w.csv")["id"].tolist()
    attack = attack_releases([members, public], names=names, ask=seed == 101)
    assert attack.broken.empty, attack.broken.to_string()
    odd = pd.concat([false_ends(attack.table, internal, is_supposed=one) for one in (False, True)])
    assert odd.empty, odd.to_string()
