"""The report on what protection costs: every cell is counted once, and the shares are those of the tables."""

from pathlib import Path

import pytest

from analysis.release.utility import utility_table
from survey import load_study, weigh_source
from tests.analysis.test_release_breaks import shown_of, study_of


def test_every_cell_is_told_once(tmp_path: Path) -> None:
    folder = study_of(tmp_path / "study", 1, 120, 'open_by = ["sector"]')
    wave, _ = weigh_source(load_study(folder))
    table = utility_table(wave, ("internal", "members", "public"), 5, ("sector",))
    for audience, floor in (("members", 8), ("public", 5)):
        own = table[table["audience"] == audience]
        cells = own[own["stat"] == "cells"]
        over_all = cells[cells["question"] == ""]
        assert over_all["estimate"].sum() == pytest.approx(1)
        parts = cells[cells["question"] != ""]
        assert parts["n"].sum() == over_all["n"].sum()
        shown = shown_of(folder, floor)
        printed = int((shown["flag"] != "suppressed").sum())
        assert over_all.set_index("why")["n"]["shown"] == printed
        lost = own[own["stat"] == "information"].set_index("method")["estimate"]
        assert 0 < lost["suppression"] < lost["whole tables"] <= 1
        assert len(lost) == 4
        assert (lost.filter(like="noise") > 0).all()
    # members, who know more, see less
    seen = table[(table["question"] == "") & (table["why"] == "shown")].set_index("audience")["n"]
    assert seen["members"] < seen["public"]
