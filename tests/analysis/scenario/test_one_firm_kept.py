"""One firm's what-if with every source of doubt at work, from what a Release keeps of its world."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.pressure.bothsides import both_high
from analysis.pressure.channels import STATS
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.frozen import FrozenModel, thaw
from analysis.pressure.one_firm import FirmRows, flows_to_turn, stand_firm, turn_firm
from analysis.pressure.openday import OpenDay
from analysis.pressure.pressing import lay_out
from analysis.pressure.turning import Turn, turned_day
from analysis.pressure.unseen import LINKS_ALONE
from analysis.release.firms import pressure_tables
from analysis.scenario.comparing import Baseline, baseline_of
from analysis.scenario.kept import kept_day, kept_table
from tests.analysis.scenario.test_paired import baseline
from tests.analysis.test_lacking import LOST, study_lacking

ENDS = ("low50", "high50", "low", "high")


@cache
def day() -> OpenDay:
    table = kept_table(baseline())
    assert table is not None
    return kept_day(table, "release")


@cache
def tables() -> dict[str, pd.DataFrame]:
    return tables_of(baseline())


def tables_of(base: Baseline) -> dict[str, pd.DataFrame]:
    assert base.study is not None
    return pressure_tables(lay_out(base.study, base.calibrated, base.met.day, base.read, base.day))


@cache
def model() -> FrozenModel:
    return thaw(tables()["frozen"])


def turned(firm: str, turn: Turn) -> tuple[FirmRows, pd.DataFrame]:
    parts = (tables()[name] for name in ("flows", "collisions", "pressure"))
    rows = FirmRows(firm, *(table[table["firm"] == firm] for table in parts))
    stands = stand_firm(model(), firm, day().of((firm,)))
    return rows, turn_firm(model(), rows, turn, stands).set_index("stat")


def busy() -> list[str]:
    """Firms of which many sources are at work: those with a row of most sources, and some more."""
    rows = baseline().read.doubts
    count = rows[(rows["firm"] != "") & (rows["estimate"] > 0)].groupby("firm")["source"].nunique()
    return [str(firm) for firm in count.sort_values(ascending=False, kind="stable").index[:6]]


def test_a_firm_drawn_alone_has_the_draws_of_the_whole_reading_to_the_last_bit() -> None:
    base = baseline()
    for firm in (*busy(), *base.firms[40:44]):
        reach, unsure = day().of((firm,)).laid_out((firm,), model().across)
        alone = draw_indicators(reach, model().seed, model().many, unsure)[:, :, 0]
        np.testing.assert_array_equal(alone, base.read.draws[:, :, base.firms.index(firm)])


def test_nothing_turned_is_the_published_interval_to_the_last_bit() -> None:
    over = set()
    for firm in busy():
        rows, found = turned(firm, Turn())
        published = rows.pressure.set_index("stat").loc[found.index]
        if LINKS_ALONE in published.loc["p_choose", "flag"]:  # another model: said, and no number
            assert found.loc["p_choose", "flag"] == LINKS_ALONE and np.isnan(found.loc["p_choose", "after"])
            published, found = (table.drop(index="p_choose") for table in (published, found))
        for end, told in (("before", "estimate"), ("after", "estimate"), *((f"after_{e}", e) for e in ENDS)):
            np.testing.assert_array_equal(found[end].to_numpy(), published[told].to_numpy(dtype=float))
        assert (found[["estimate", "low", "high"]].fillna(0.0) == 0).all(axis=None)
        over |= {
            word for method in found["method"] for word in method.partition("drawn over ")[2].split(", ")
        }
    assert over >= {"matches", "bands", "rules", "thresholds"}, over


def test_quantiles_of_a_turn_are_those_of_its_draws() -> None:
    """Of us, cn and squeeze the limits after a turn are quantiles over every source, held round the point."""
    firm = busy()[0]
    _, found = turned(firm, Turn(dormant=1.0))
    own = day().of((firm,))
    reach, unsure = turned_day(own, Turn(dormant=1.0)).laid_out((firm,), model().across)
    draws = draw_indicators(reach, model().seed, model().many, unsure)[:, :, 0]
    for s, stat in enumerate(STATS):
        ends = np.quantile(draws[s], [(1 - model().level) / 2, (1 + model().level) / 2])
        point = found.loc[stat, "after"]
        assert found.loc[stat, "after_low"] == pytest.approx(min(ends[0], point), abs=1e-12)
        assert found.loc[stat, "after_high"] == pytest.approx(max(ends[1], point), abs=1e-12)


def test_what_is_turned_is_known_and_drawn_no_more() -> None:
    firm = next(one for one in busy() if set(day().of((one,)).day.bands["flow"]))
    own = day().of((firm,))
    assert own.day.bands is not None and "dormant" in own.priors
    put = turned_day(own, Turn(substitutability=0.5, dormant=0.25))
    assert put.day.bands is not None and "dormant" not in put.priors and "licence" in put.priors
    assert put.day.bands["substitutability_low"].isna().all()
    assert (put.day.flows["substitutability"] == 0.5).all()
    assert turned_day(own, Turn()) is own
    rows, _ = turned(firm, Turn())
    flow = str(flows_to_turn(rows)["flow"].iloc[0])
    one = turned_day(own, Turn(flow, substitutability=0.5)).day.bands
    assert one is not None
    told = one.set_index("flow")["substitutability_low"]
    assert told.drop(flow, errors="ignore").notna().all()


def test_all_of_it_substitutable_leaves_no_squeeze_in_any_draw() -> None:
    for firm in busy()[:3]:
        _, found = turned(firm, Turn(substitutability=1.0))
        row = found.loc["squeeze"]
        assert row["after"] == row["after_low"] == 0.0 and row["after_high"] == pytest.approx(0.0, abs=1e-12)


def test_both_high_is_counted_over_the_draws_of_the_reading() -> None:
    base, firms = baseline(), tuple(busy())
    high = (0.2, 0.05)
    found, over = both_high(model(), day().of(firms), firms, high)
    at = [base.firms.index(firm) for firm in firms]
    us, cn = base.read.draws[:2, :, at]
    np.testing.assert_array_equal(found, ((us >= high[0] - 1e-12) & (cn >= high[1] - 1e-12)).mean(axis=0))
    assert "thresholds" in over and "rules" in over


def test_a_model_over_imputed_answers_is_published_and_turned_alike(tmp_path: Path) -> None:
    """The source `answers` lies in the draws of the coefficients, which are kept over all imputed sets."""
    base = baseline_of(study_lacking(str(tmp_path), "known"))
    held, table = tables_of(base), kept_table(base)
    assert table is not None
    frozen, known = thaw(held["frozen"]), kept_day(table, "release")
    for firm in ("S035", "S050", LOST[0]):
        own = (held[name][held[name]["firm"] == firm] for name in ("flows", "collisions", "pressure"))
        rows = FirmRows(firm, *own)
        stands = stand_firm(frozen, firm, known.of((firm,)))
        found = turn_firm(frozen, rows, Turn(), stands).set_index("stat")
        if firm in LOST:
            assert found.empty
            continue
        published = rows.pressure.set_index("stat").loc[found.index]
        assert "answers" in published.loc["p_choose", "method"]
        for end in ENDS:
            told = found[f"after_{end}"].to_numpy(), published[end].to_numpy(dtype=float)
            np.testing.assert_array_equal(*told)
        eta = frozen.draws[:, 0] + frozen.draws[:, 1] * base.read.draws[2, :, base.firms.index(firm)]
        np.testing.assert_allclose(eta, base.read.risk.draws[:, base.firms.index(firm)], atol=1e-12)
