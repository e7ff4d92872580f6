"""Changes between waves: who is compared with whom, how sure it is, what is refused."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import CHANGE_COLUMNS, changes, changes_frame, mean, study_changes, trend
from analysis.estimate.differences import independent_limits, paired_limits
from analysis.waves.meeting import meet
from survey import (
    Choice,
    Design,
    Ledger,
    MissingCode,
    QuestionFault,
    StudyFault,
    Wave,
    Weighted,
    follow_firms,
    load_study,
)
from survey.raking import rake
from tests.analysis.waves_by_hand import question, wave_of

LIST = Design(id="id", population=(100,), selection="list")


def wave(name: str, ids: list[str] | np.ndarray, more: dict[str, object], *questions: object) -> Wave:
    made = wave_of({"id": ids} | more, question("id", "text", role="id"), *questions)  # type: ignore[arg-type]
    return replace(made, name=name)


def yes(name: str, ids: np.ndarray, ticks: np.ndarray, **more: object) -> Wave:
    return wave(name, ids, {"y": ticks, **more}, question("y", "binary", ("0", "1")))


def firms(*numbers: int) -> np.ndarray:
    return np.array([f"F{i:03d}" for i in range(*numbers)])


def plain(limits: tuple) -> tuple[float, float]:
    return float(limits[0]), float(limits[1])


def both_waves(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = (rng.random(200) < 0.4).astype(float)
    return first, np.where(rng.random(200) < 0.25, 1 - first, first)


def test_the_same_firms_are_compared_in_pairs():
    was, now = both_waves()
    found, findings = changes(yes("2021", firms(200), was), yes("2022", firms(200), now), Design(id="id"))
    panel, everybody = found
    assert not findings
    assert (panel.compared, panel.method, panel.overlap, panel.n_earlier) == (
        "panel",
        "paired score",
        200,
        200,
    )
    gained, lost = ((now > was).sum(), (was > now).sum())
    assert panel.estimate == pytest.approx((gained - lost) / 200)
    shrunk = (1.9599639845 / 1.9719565442) ** 2 * 199
    assert (panel.low, panel.high) == pytest.approx(
        plain(paired_limits(gained / 200 * shrunk, lost / 200 * shrunk, shrunk)), abs=1e-9
    )
    assert everybody.se == pytest.approx(panel.se, rel=1e-12), "same firms: one variance by two roads"
    assert (everybody.method, everybody.before, everybody.after) == (
        "hybrid score",
        panel.before,
        panel.after,
    )
    assert panel.detectable == pytest.approx(2.801585 * math.sqrt((gained + lost) / 200 / shrunk), rel=1e-6)


def test_other_firms_are_compared_as_independent_draws():
    was, now = both_waves()
    found, _ = changes(yes("2021", firms(200), was), yes("2022", firms(200, 400), now), Design(id="id"))
    panel, everybody = found
    assert (panel.n_earlier, panel.method, panel.flag) == (0, "", "empty")
    assert (everybody.method, everybody.overlap) == ("independent score", 0)
    n = 199 * (1.9599639845 / 1.9719565442) ** 2
    expected = independent_limits(was.mean() * n, n, now.mean() * n, n)
    assert (everybody.low, everybody.high) == pytest.approx(plain(expected), abs=1e-9)
    assert everybody.se == pytest.approx(math.sqrt(was.var(ddof=1) / 200 + now.var(ddof=1) / 200))


@pytest.mark.parametrize(
    "design",
    [
        Design(id="id", weight="w"),
        Design(id="id", strata=("s",), weight="w"),
        Design(id="id", strata=("s",), population=("N",)),
        Design(id="id", clusters=("c",), weight="w"),
        Design(id="id", clusters=("c",), population=(60,)),
    ],
)
def test_with_the_same_firms_both_roads_give_the_error_of_the_mean_difference(design):
    """The error of a mean of differences is golden elsewhere (test_estimate_golden)."""
    was, now = both_waves(2)
    columns = {
        "w": np.tile([1.0, 2.0, 3.0, 2.0], 50),
        "s": np.tile(["a", "b"], 100),
        "N": np.tile([400, 300], 100),
        "c": np.repeat(np.arange(20), 10),
    }
    one, two = yes("2021", firms(200), was, **columns), yes("2022", firms(200), now, **columns)
    panel, everybody = changes(one, two, design)[0]
    wide = wave("d", firms(200), {"d": now - was, **columns}, question("d", "number"))
    expected = next(iter(mean(wide, design, "d")))
    assert panel.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert panel.se == pytest.approx(expected.se, rel=1e-12)
    assert everybody.se == pytest.approx(expected.se, rel=1e-9)


def test_covariance_of_overlapping_draws_is_that_of_many_draws():
    """Two simple draws from one population that share firms: V1 + V2 - 2C is the variance seen."""
    rng = np.random.default_rng(9)
    big, n, kept, runs = 300, 90, 50, 3000
    first = (rng.random(big) < 0.5).astype(float)
    second = np.where(rng.random(big) < 0.2, 1 - first, first)
    names = firms(big)
    seen, said = [], []
    for run in range(runs):
        order = rng.permutation(big)
        a, b = order[:n], np.r_[order[n - kept : n], order[n : 2 * n - kept]]
        seen.append(second[b].mean() - first[a].mean())
        if run < 10:
            one, two = yes("a", names[a], first[a]), yes("b", names[b], second[b])
            everybody = changes(one, two, Design(id="id", population=(big,)))[0][1]
            said.append(everybody.se**2)
    assert np.mean(said) == pytest.approx(np.var(seen), rel=0.1)


def test_unknown_firms_get_limits_that_hold_for_any_overlap():
    was, now = both_waves()
    one, two = (wave_of({"y": y}, question("y", "binary", ("0", "1"))) for y in (was, now))
    found, findings = changes(replace(one, name="a"), replace(two, name="b"), Design())
    (only,) = found
    assert (only.method, only.compared) == ("any overlap", "all")
    assert math.isnan(only.overlap) and math.isnan(only.p)
    assert "any overlap" in findings[0].meaning
    panel = changes(yes("a", firms(200), was), yes("b", firms(200), now), Design(id="id"))[0][0]
    apart = changes(yes("a", firms(200), was), yes("b", firms(200, 400), now), Design(id="id"))[0][1]
    for known in (panel, apart):
        assert only.low < known.low and only.high > known.high
    assert only.low < only.narrow_low <= only.estimate <= only.narrow_high < only.high


def test_a_whole_list_has_changed_as_it_has():
    was, now = both_waves()
    one, two = yes("2021", firms(100), was[:100]), yes("2022", firms(100), now[:100])
    for change in changes(one, two, LIST)[0]:
        assert (change.method, change.flag) == ("census", "census")
        assert change.low == change.high == change.estimate and change.se == 0
        assert math.isnan(change.p) and math.isnan(change.detectable)
    mechanism = changes(one, two, replace(LIST, target="mechanism"))[0][0]
    assert (mechanism.method, mechanism.target) == ("paired score", "mechanism")
    assert mechanism.low < mechanism.estimate < mechanism.high


def test_silence_on_a_list_gives_bounds_and_near_a_census_says_what_it_assumes():
    was, now = both_waves()
    first, second = was[:100].copy(), now[:100].copy()
    first[:20] = np.nan
    second[90:] = np.nan
    panel, everybody = changes(yes("a", firms(100), first), yes("b", firms(100), second), LIST)[0]
    x1, x2 = np.nansum(first), np.nansum(second)
    assert everybody.method == panel.method == "bounds"
    assert (everybody.low, everybody.high) == pytest.approx(((x2 - x1 - 20) / 100, (x2 + 10 - x1) / 100))
    assert (everybody.bound_low, everybody.bound_high) == pytest.approx((everybody.low, everybody.high))
    first, second = was[:100].copy(), now[:100].copy()
    first[:2] = np.nan
    second[98:] = np.nan
    panel, everybody = changes(yes("a", firms(100), first), yes("b", firms(100), second), LIST)[0]
    assert (panel.method, panel.flag) == ("paired score", "if silence were random")
    assert everybody.flag == "if silence were random"
    loose = changes(yes("a", firms(100), first), yes("b", firms(100), second), Design(id="id"))[0][0]
    assert panel.high - panel.low < 0.35 * (loose.high - loose.low)
    assert panel.bound_low <= panel.low <= panel.estimate <= panel.high <= panel.bound_high


def test_means_change_by_t():
    rng = np.random.default_rng(4)
    x, z = rng.normal(10, 3, 60), rng.normal(11, 3, 60)
    one = wave("a", firms(60), {"x": x}, question("x", "number"))
    same = wave("b", firms(60), {"x": z}, question("x", "number"))
    panel, everybody = changes(one, same, Design(id="id"))[0]
    d = z - x
    assert (panel.stat, panel.method, panel.df) == ("mean", "t", 59)
    assert panel.se == pytest.approx(d.std(ddof=1) / math.sqrt(60))
    from scipy.stats import ttest_ind, ttest_rel

    assert panel.p == pytest.approx(ttest_rel(z, x).pvalue, rel=1e-9)
    assert everybody.se == pytest.approx(panel.se)
    other = wave("b", firms(60, 120), {"x": z}, question("x", "number"))
    apart = changes(one, other, Design(id="id"))[0][1]
    welch = ttest_ind(z, x, equal_var=False)
    assert (apart.p, apart.df) == pytest.approx((welch.pvalue, welch.df), rel=1e-9)


def item(name: str, codes: tuple[str, ...], **more: object):
    return question(name, "single", codes, **more)


def test_breaks_are_refused_unless_asked_for_and_marked():
    one = wave("a", firms(40), {"q": [1, 2] * 20}, item("q", ("1", "2")))
    two = wave(
        "b",
        firms(40),
        {"p": [1, 2] * 20},
        item("p", ("1", "2"), concept="q", break_reason={"en": "new wording"}),
    )
    found, findings = changes(one, two, Design(id="id"))
    assert found == () and "new wording" in findings[0].found
    with pytest.raises(QuestionFault, match="new wording") as fault:
        changes(one, two, Design(id="id"), ["q"])
    assert "--across-breaks" in fault.value.do
    found, _ = changes(one, two, Design(id="id"), ["p"], across_breaks=True)
    assert {c.concept for c in found} == {"q"} and {c.question for c in found} == {"p"}
    assert all("break" in c.flag.split(";") and c.why == "b: new wording" for c in found)
    with pytest.raises(QuestionFault, match="new wording"):
        trend([one, two], Design(id="id"), "q")
    rows = trend([one, two], Design(id="id"), "q", across_breaks=True)
    assert [(e.wave, e.option, e.flag.startswith("break")) for e in rows] == [
        ("a", "1", False), ("a", "2", False), ("b", "1", True), ("b", "2", True),
    ]  # fmt: skip


def test_codes_that_changed_their_meaning_are_a_break_nobody_declared():
    first = replace(item("q", ()), choices=(Choice("1", {"en": "Up"}), Choice("2", {"en": "Down"})))
    second = replace(first, choices=(Choice("1", {"en": "Down"}), Choice("2", {"en": "Up"})))
    one = wave("a", firms(40), {"q": [1, 2] * 20}, first)
    two = wave("b", firms(40), {"q": [1, 2] * 20}, second)
    with pytest.raises(QuestionFault, match="'Up' and is 'Down'"):
        changes(one, two, Design(id="id"), ["q"])


def test_only_options_of_both_waves_are_compared_and_that_is_said():
    one = wave("a", firms(40), {"q": [1, 2] * 20}, item("q", ("1", "2"), nets={"any": ("1", "2")}))
    two = wave("b", firms(40), {"q": [1, 2, 3, 1] * 10}, item("q", ("1", "2", "3"), nets={"any": ("1", "2")}))
    found, findings = changes(one, two, Design(id="id"))
    assert list(dict.fromkeys(c.option for c in found)) == ["1", "2", "any"]
    assert all("options differ" in c.flag for c in found)
    assert "b only: 3" in findings[0].found
    marks = {(e.wave, e.option): e.flag.split(";")[0] for e in trend([one, two], Design(id="id"), ["q"])}
    assert marks["b", "3"] == "new option" and marks["b", "1"] != "new option"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("z", "no such question"),
        ("only", "not asked in wave 'b'"),
        ("t", "a text"),
        ("k", "number that became"),
    ],
)
def test_what_cannot_be_compared_is_named(asked, words):
    one = wave(
        "a", firms(4), {"q": [1, 2] * 2, "only": 1, "t": "x", "k": 1.0},
        item("q", ("1", "2")), item("only", ("1",)), question("t", "text"), question("k", "number"),
    )  # fmt: skip
    two = wave(
        "b", firms(4), {"q": [1, 2] * 2, "t": "x", "k": 1},
        item("q", ("1", "2")), question("t", "text"), item("k", ("1",)),
    )  # fmt: skip
    with pytest.raises(QuestionFault, match=words):
        changes(one, two, Design(id="id"), [asked])


def test_reasons_for_no_answer_are_no_answers_in_either_wave():
    refused = {"missing": (MissingCode(9.0, 9.0, "refused"),)}
    one = wave("a", firms(30), {"q": [1, 2, 9] * 10}, item("q", ("1", "2"), **refused))
    two = wave("b", firms(30), {"q": [1, 9, 2] * 10}, item("q", ("1", "2"), **refused))
    panel = changes(one, two, Design(id="id"))[0][0]
    assert (panel.n_earlier, panel.overlap, panel.estimate, panel.flag) == (10, 10, 0.0, "counts only")


def test_the_table_has_its_columns_and_whole_counts():
    was, now = both_waves()
    table = changes_frame(changes(yes("a", firms(200), was), yes("b", firms(200), now), Design(id="id"))[0])
    assert tuple(table.columns) == CHANGE_COLUMNS
    assert str(table["overlap"].dtype) == "Int64" and table["overlap"].tolist() == [200, 200]


def two_files(folder, decisions: str = "") -> None:
    pd.DataFrame({"firm": ["F1", "F2", "F3", "F4"] * 1, "y": [1, 0, 1, 0]}).to_csv(
        folder / "a.csv", index=False
    )
    pd.DataFrame({"firm": ["F9", "F1", "F3", "F5"], "y": [1, 1, 0, 0]}).to_csv(folder / "b.csv", index=False)
    choices = 'choices = [{ code = "0" }, { code = "1" }]'
    book = f'schema = 1\n[questions.y]\nkind = "binary"\ncounted = "1"\n{choices}\n'
    (folder / "book.toml").write_text(book)
    panel = '[panel]\ndecisions = "firms.csv"\n' if decisions else ""
    (folder / "firms.csv").write_text(decisions)
    waves = "".join(f'[[waves]]\nname = "{n}"\nfile = "{n}.csv"\ncodebook = "book.toml"\n' for n in "ab")
    (folder / "study.toml").write_text(f'schema = 1\nid = "two"\n{waves}[design]\nid = "firm"\n{panel}')


def test_a_study_follows_renamed_firms(tmp_path):
    two_files(tmp_path, "from,to,kind,date,who,why\nF2,F9,rename,2022-04-01,K. Ito,same number\n")
    found, _ = study_changes(load_study(tmp_path), "a", "b")
    assert [c.overlap for c in found] == [3, 3], "F2 is F9"
    (tmp_path / "other").mkdir()
    two_files(tmp_path / "other")
    assert study_changes(load_study(tmp_path / "other"), "a", "b")[0][0].overlap == 2
    with pytest.raises(StudyFault, match="no such wave"):
        study_changes(load_study(tmp_path), "a", "c")
    with pytest.raises(QuestionFault, match="the earlier first"):
        study_changes(load_study(tmp_path), "b", "a")


def test_units_of_groups_are_known_by_name_not_by_place():
    was, now = both_waves()
    order = np.random.default_rng(3).permutation(200)
    groups = np.repeat(np.arange(20), 10)
    design = Design(id="id", clusters=("c",))
    one = yes("a", firms(200), was, c=groups)
    two = yes("b", firms(200)[order], now[order], c=groups[order])
    straight = changes(one, yes("b", firms(200), now, c=groups), design)[0][1]
    assert changes(one, two, design)[0][1].se == pytest.approx(straight.se, rel=1e-12)
    rows = follow_firms([one, two], id="id").pairs("a", "b")
    meeting = meet(one, two, design, rows, 0.95)
    assert (meeting.units[0][rows[0]] == meeting.units[1][rows[1]]).all()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(2, 40),
    stay=st.floats(0, 1),
    silent=st.floats(0, 1),
    p=st.floats(0, 1),
    design=st.sampled_from(
        [
            Design(id="id"),
            Design(id="id", weight="w"),
            Design(id="id", clusters=("c",)),
            Design(id="id", population=(60,), selection="list"),
            Design(id="id", population=(60,), selection="list", target="mechanism"),
            Design(id="id", population=(60,)),
        ]
    ),
)
def test_an_interval_holds_its_estimate_and_nothing_is_missing_without_a_word(
    seed, n, stay, silent, p, design
):
    rng = np.random.default_rng(seed)
    names = rng.permutation(firms(60))
    kept = int(stay * n)
    waves = []
    for name, ids in (("a", names[:n]), ("b", np.r_[names[:kept], names[n : n + min(n, 60 - n) - kept]])):
        y = (rng.random(len(ids)) < p).astype(float)
        y[rng.random(len(ids)) < silent] = np.nan
        columns = {
            "w": rng.uniform(0.5, 4, len(ids)),
            "c": rng.permutation(len(ids)) // 2,
            "x": rng.normal(size=len(ids)),
        }
        if len(ids) < 4:
            return
        waves.append(
            wave(name, ids, {"y": y, **columns}, question("y", "binary", ("0", "1")), question("x", "number"))
        )
    for change in changes(*waves, design)[0]:
        if "empty" in change.flag.split(";"):
            continue
        assert np.isfinite(change.estimate), change
        if np.isnan(change.low):
            assert "no df" in change.flag, change
            continue
        assert change.low <= change.estimate + 1e-9 and change.estimate - 1e-9 <= change.high, change
        if change.stat == "share":
            assert change.low >= -1 and change.high <= 1, change
            assert change.method == "census" or not np.isnan(change.bound_low) or change.compared == "panel"


def test_weights_on_margins_leave_the_same_variance_by_both_roads():
    """Residuals of both waves on the margins: V1 + V2 - 2C is the variance of the mean difference."""
    was, now = both_waves(6)
    a = np.tile([0, 0, 0, 1], 50)
    weight = rake(np.ones(200), [a], [np.array([120.0, 80.0])]).weight
    columns = np.eye(2)[a]
    weighted = Weighted(
        weight, np.ones(200), columns, np.zeros((200, 0)), "raking", (), 1, (), Ledger(()), ()
    )
    one, two = (replace(yes(n, firms(200), y, a=a), weighted=weighted) for n, y in (("a", was), ("b", now)))
    panel, everybody = changes(one, two, Design(id="id"))[0]
    loose = changes(
        yes("a", firms(200), was, w=weight), yes("b", firms(200), now, w=weight), Design(id="id", weight="w")
    )
    assert everybody.se == pytest.approx(panel.se, rel=1e-9)
    assert panel.estimate == pytest.approx(loose[0][0].estimate, rel=1e-12)
    assert panel.se != pytest.approx(loose[0][0].se, rel=1e-3), "margins are known to the error"
