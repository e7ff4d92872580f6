"""A world read again from another is the world read whole, to the last bit, whatever a scenario changes."""

import tempfile
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analysis.pressure.alike import alike_firms
from analysis.pressure.channels import STATS, Reach
from analysis.pressure.choices import Choices
from analysis.pressure.crossing import Crossing
from analysis.pressure.priors import Prior
from analysis.pressure.reading import Calibrated, Reading, read_firms
from analysis.pressure.rereading import as_read, read_again
from analysis.pressure.unsure import Unsure
from analysis.scenario.applying import apply_changes
from analysis.scenario.comparing import Baseline, baseline_of
from analysis.scenario.effects import paired_stats
from analysis.scenario.meeting import Met, meet_again
from analysis.scenario.record import Change
from tests.analysis.scenario.studies_at_random import random_study
from tests.analysis.test_press import having

CHANGES: dict[str, tuple[str, dict[str, object]]] = {
    "nothing": ("set", {"instrument": "CN-835", "from": date(2030, 1, 1)}),
    "rule": ("set", {"instrument": "CN-61-2025-L1"}),
    "threshold": ("threshold", {"instrument": "US-DEMIN-25", "field": "us_content", "value": 0.05}),
    "list": ("list", {"list": "US-EL", "parties": ["P03"]}),
    "links": ("remove", {"country": "CN", "of": "sales"}),
    "set": ("threshold", {"instrument": "US-EL", "field": "us_content", "value": 0.1}),
    "meu": ("suspend", {"instrument": "US-MEU"}),
    "shift": ("shift", {"from_country": "CN", "to_country": "VN", "share": 0.4}),
}
OPEN = {"dormant": Prior(0.0, 0.25, 0.5), "licence": Prior(0.4, 0.5, 0.6)}


@cache
def world(seed: int, kind: str) -> Baseline:
    """A study drawn at random; `open` has parameters in doubt, `mean` takes the mean of channels."""
    slopes = ("squeeze", "us") if seed % 2 else ("squeeze",)
    with tempfile.TemporaryDirectory() as name:
        base = baseline_of(random_study(Path(name), seed, slopes=slopes))
    more = {"open": {"open": OPEN}, "mean": {"across": "mean"}, "plain": {}}[kind]
    settings = replace(base.calibrated.settings, **more)
    calibrated = replace(base.calibrated, settings=settings)
    if kind == "open":  # some firms did not answer
        chose = np.where(np.arange(len(calibrated.chose)) % 3 == 0, np.nan, calibrated.chose)
        calibrated = replace(calibrated, chose=chose)
    return replace(base, calibrated=calibrated, read=read_firms(calibrated, base.met.day, base.firms))


def changed(base: Baseline, name: str) -> Met:
    do, keys = CHANGES[name]
    change = Change(1, do, keys, "test", Path("test.toml"), "change.0", {})
    return meet_again(base.met, apply_changes(base.met.scene, [change])[0])


def whole(calibrated: Calibrated, base: Baseline, met: Met) -> Reading:
    return read_firms(calibrated, met.day, base.firms, has_halves=False)


@pytest.mark.parametrize("name", ["nothing", "rule", "threshold", "list", "links", "shift"])
@pytest.mark.parametrize(("seed", "kind"), [(1, "plain"), (2, "open"), (3, "mean"), (4, "plain")])
def test_read_again_is_read_whole_to_the_last_bit(seed: int, kind: str, name: str) -> None:
    base = world(seed, kind)
    met = changed(base, name)
    read = whole(base.calibrated, base, met)
    again = read_again(base.calibrated, base.read, met.day)
    np.testing.assert_array_equal(again.point, read.measured.point)
    np.testing.assert_array_equal(again.p, read.risk.p)
    np.testing.assert_array_equal(again.tier, read.ranked.full.tier)
    np.testing.assert_array_equal(again.draws, read.draws[:, :, again.at])
    np.testing.assert_array_equal(again.logits, read.risk.draws[:, again.at])
    others = np.setdiff1d(np.arange(len(base.firms)), again.at)
    np.testing.assert_array_equal(base.read.draws[:, :, others], read.draws[:, :, others])
    np.testing.assert_array_equal(base.read.risk.draws[:, others], read.risk.draws[:, others])
    if name == "nothing":
        assert not again.at.size
    if name in ("list", "threshold"):
        assert again.at.size < len(base.firms)


def test_differences_are_those_of_two_worlds_read_whole() -> None:
    base = world(2, "open")
    met = changed(base, "rule")
    read = whole(base.calibrated, base, met)
    again = read_again(base.calibrated, base.read, met.day)
    for place, one in enumerate(paired_stats(base.read, again, base.calibrated)[: len(STATS)]):
        full = read.draws[place] - base.read.draws[place]
        moved = np.flatnonzero((full != 0).any(axis=0) & np.isfinite(one.before + one.after))
        np.testing.assert_array_equal(one.at, moved)
        np.testing.assert_array_equal(one.draws, full[:, moved])


def test_a_world_as_it_was_read_differs_in_nothing() -> None:
    base = world(1, "plain")
    for one in paired_stats(base.read, as_read(base.read), base.calibrated):
        assert not one.at.size and np.array_equal(one.before, one.after, equal_nan=True)


def test_every_column_of_a_flow_tells_worlds_apart() -> None:
    """A new field of `Reach` or `Unsure` must be told apart too, or be named here with a reason."""
    base = world(2, "open")
    reach, unsure = base.read.reach, base.read.unsure
    assert unsure is not None
    assert alike_firms((reach, unsure), (reach, unsure)).all()
    beside = {"flow", "worst"}  # its name in tables; outer bounds, which have no draws
    whole_ones = {
        "firms",
        "channels",
        "across",
        "patterns",
        "crossing",
        "priors",
        "dormant",
        "matched",
        "choices",
    }
    for record, one in ((reach, "reach"), (unsure, "unsure")):
        for field in fields(record):
            if field.name in beside | whole_ones or (one, field.name) == ("reach", "firm"):
                continue
            column = np.array(getattr(record, field.name))
            if not column.size:
                continue
            column[..., 0] = column[..., 0] + 1 if column.dtype.kind in "iu" else 0.123
            other = replace(record, **{field.name: column})
            pair = (other, unsure) if one == "reach" else (reach, other)
            assert (~alike_firms((reach, unsure), pair)).any(axis=0).sum() == 1, field.name
    known = {field.name for field in (*fields(Reach), *fields(Unsure), *fields(Crossing), *fields(Choices))}
    assert known == {
        "firms", "channels", "firm", "channel", "flow", "share", "weight", "worst", "confidence", "name",
        "across", "exists", "matched", "party", "is_match", "share_low", "share_high", "kept_low",
        "kept_high", "stake", "kept", "answer", "crossing", "patterns", "priors", "dormant", "stat",
        "atom", "cut", "is_above", "choices", "thresholds", "at", "moves",
    }  # fmt: skip


@cache
def opened() -> Baseline:
    """The demonstration with two open thresholds and an open parameter."""
    every = {
        "US-EL": {"threshold": [0.1, 0.25, 0.5], "weights": [1, 2, 1]},
        "US-MEU": {"threshold": [0.25, 0.5]},
        "dormant": [0.0, 0.25, 0.5],
    }
    return baseline_of(having("pressure", open=every, draws=200))


@pytest.mark.parametrize("name", ["rule", "set", "meu"])
def test_the_demonstration_with_open_thresholds_read_again_is_read_whole(name: str) -> None:
    """The second scenario sets a threshold that was open, the third suspends a rule that has one."""
    base = opened()
    assert base.read.unsure is not None and base.read.unsure.choices is not None
    met = changed(base, name)
    read, again = whole(base.calibrated, base, met), read_again(base.calibrated, base.read, met.day)
    assert 0 < again.at.size < len(base.firms)
    others = np.setdiff1d(np.arange(len(base.firms)), again.at)
    np.testing.assert_array_equal(base.read.risk.draws[:, others], read.risk.draws[:, others])
    np.testing.assert_array_equal(again.draws, read.draws[:, :, again.at])
    np.testing.assert_array_equal(again.logits, read.risk.draws[:, again.at])
    np.testing.assert_array_equal(again.tier, read.ranked.full.tier)
