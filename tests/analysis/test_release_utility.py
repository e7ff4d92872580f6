"""The report on what protection costs: every cell is counted once, and the shares are those of the tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.release.protection import protection_of
from analysis.release.settings import release_settings
from analysis.release.tables import internal_tables
from analysis.release.utility import _information, utility_table
from survey import load_study, weigh_source
from tests.analysis.test_release_breaks import shown_of, study_of


def test_every_cell_is_told_once(tmp_path: Path) -> None:
    folder = study_of(
        tmp_path / "study", 1, 120, 'open_by = ["sector"]\n[release.public]\nfloor = 5\nreason = "printed"'
    )
    study = load_study(folder)
    wave, _ = weigh_source(study)
    settings = release_settings(study, wave)
    estimates = internal_tables(wave, study.design, settings.by)
    both = [protection_of(study, settings, one) for one in ("members", "public")]
    table = utility_table(wave, both, lambda one: one.estimates(estimates, wave))
    for protection in both:
        own = table[table["audience"] == protection.audience]
        cells = own[own["stat"] == "cells"]
        over_all = cells[cells["question"] == ""]
        assert over_all["estimate"].sum() == pytest.approx(1)
        parts = cells[cells["question"] != ""]
        assert parts["n"].sum() == over_all["n"].sum()
        shown = shown_of(folder, protection.floor)
        printed = int((shown["flag"] != "suppressed").sum())
        assert over_all.set_index("why")["n"]["shown"] == printed
        for stat in ("moved", "distance"):
            lost = own[own["stat"] == stat].set_index("method")["estimate"]
            assert list(lost.index)[:2] == ["suppression", "whole tables"]
            assert len(lost) == 4
            assert 0 < lost["suppression"] < lost["whole tables"] <= 1
            assert (lost > 0).all()
            assert (lost < 1).all()
    # members, who know more, see less than a public that is not taken to be of them
    seen = table[(table["question"] == "") & (table["why"] == "shown")].set_index("audience")["n"]
    assert seen["members"] < seen["public"]


def test_what_a_way_loses_is_worked_out_from_the_cells(tmp_path: Path) -> None:
    """One table of 6, 14 and 80 firms, of which 6 and 14 are hidden: 20 of 100 are lost."""
    cells = pd.DataFrame(
        {
            "question": "q", "by": "", "group": "", "option": ["a", "b", "c"], "count": [6, 14, 80], "n": 100,
            "why": ["few firms", "worked out", "shown"], "is_net": False,
        }
    )  # fmt: skip
    lost = _information(cells, 8).set_index(["stat", "method"])["estimate"]
    assert lost["moved", "suppression"] == pytest.approx(0.2)
    assert lost["moved", "whole tables"] == pytest.approx(1.0)
    # a reader guesses 10 and 10 of the hidden 20
    inner = np.sqrt(0.06 * 0.1) + np.sqrt(0.14 * 0.1) + 0.8
    assert lost["distance", "suppression"] == pytest.approx(np.sqrt(1 - inner))
    # to the base 9 a count of remainder r moves by 2 r (9 - r) / 9 on average
    expected = sum(2 * (c % 9) * (9 - c % 9) / 9 for c in (6, 14, 80)) / 100
    assert lost["moved", "rounding to 9"] == pytest.approx(expected, abs=0.04)
