"""What leaves holds no firm and no count under the floor, however it is added and subtracted."""

import re
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import paired_difference, read_release, write_release
from analysis.disclosure.audiences import floor_for
from analysis.disclosure.oneway import protect_table
from analysis.release.rules import RULE_TABLES
from survey import data_folder, load_study, read_wave
from tests.release_map import ELSEWHERE, PAGE, columns_of, listed


def compositions(n: int, parts: int) -> np.ndarray:
    """All ways to put n firms into cells, shape (ways, parts)."""
    return np.array([c for c in product(range(n + 1), repeat=parts) if sum(c) == n])


COMPOSITIONS = {(n, k): compositions(n, k) for n in (10, 11, 14) for k in (2, 3, 4)}


def possible(counts: np.ndarray, n: int, hide: np.ndarray, nets: list[np.ndarray]) -> np.ndarray:
    """Every table that agrees with all that is shown: what an attacker cannot tell apart."""
    ways = COMPOSITIONS[n, len(counts)]
    fits = (ways[:, ~hide] == counts[~hide]).all(axis=1)
    for parts in nets:
        fits &= ways[:, parts].sum(axis=1) == counts[parts].sum()
    return ways[fits]


@st.composite
def single_choice_tables(draw: st.DrawFn) -> tuple[np.ndarray, int, int, dict[str, np.ndarray]]:
    n, options = draw(st.sampled_from(list(COMPOSITIONS)))
    cuts = sorted(draw(st.lists(st.integers(0, n), min_size=options - 1, max_size=options - 1)))
    counts = np.diff([0, *cuts, n])
    masks = draw(st.lists(st.lists(st.booleans(), min_size=options, max_size=options), max_size=3))
    nets = {f"net{i}": np.array(mask) for i, mask in enumerate(masks) if 0 < sum(mask) < options}
    return counts, n, draw(st.sampled_from([3, 4, 5])), nets


@settings(max_examples=150, deadline=None)
@given(single_choice_tables())
def test_no_small_count_of_a_single_choice_table_can_be_worked_out(
    table: tuple[np.ndarray, int, int, dict[str, np.ndarray]],
) -> None:
    counts, n, floor, masks = table
    nets = {name: (mask, int(counts[mask].sum())) for name, mask in masks.items()}
    hidden = protect_table(counts, n, floor, adds_up=True, nets=nets)
    shown = ~hidden.options
    assert ((counts[shown] >= floor) & (n - counts[shown] >= floor)).all()
    worlds = possible(counts, n, hidden.options, [masks[m] for m in masks if not hidden.nets[m]])
    cells = np.flatnonzero(hidden.options)
    for size in range(1, len(cells) + 1):
        for some in combinations(cells, size):
            sums = worlds[:, some].sum(axis=1)
            # a sum of cells that is pinned down is never a small count, nor one of a single cell
            if sums.min() == sums.max():
                assert size > 1
                assert sums[0] >= floor
            # and no group of firms can be bounded to fewer than the floor
            assert sums.max() >= floor
    for cell in cells:
        assert np.ptp(worlds[:, cell]) >= floor


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.integers(10, 40),
    st.sampled_from([5, 8]),
)
def test_overlapping_options_are_shown_only_with_both_sides_over_the_floor(
    raw: list[int], n: int, floor: int
) -> None:
    counts = np.minimum(raw, n)
    hidden = protect_table(counts, n, floor, adds_up=False)
    shown = counts[~hidden.options]
    assert ((shown >= floor) & (n - shown >= floor)).all()
    left = n - shown.sum()
    if hidden.options.any() and not hidden.options.all() and left > 0:
        # everybody may be known to tick something: the rest must not be one cell, nor a few firms
        assert hidden.options.sum() >= 2
        assert left >= floor


def test_a_net_that_tells_a_hidden_cell_apart_is_hidden() -> None:
    counts = np.array([40, 30, 20, 6, 4])
    inside = np.array([True, True, True, True, False])
    hidden = protect_table(
        counts, 100, 5, adds_up=True, nets={"most": (inside, 96), "two": (counts > 25, 70)}
    )
    assert hidden.options.tolist() == [False, False, False, True, True]
    assert hidden.nets == {"most": True, "two": False}


def test_a_net_of_overlapping_options_that_adds_few_firms_is_hidden() -> None:
    counts = np.array([50, 30])
    both = np.array([True, True])
    assert protect_table(counts, 100, 5, adds_up=False, nets={"a": (both, 53)}).nets == {"a": True}
    assert protect_table(counts, 100, 5, adds_up=False, nets={"a": (both, 60)}).nets == {"a": False}


def test_nothing_of_a_small_table_is_shown() -> None:
    hidden = protect_table(np.array([4, 5]), 9, 3, adds_up=True)
    assert hidden.whole
    assert hidden.options.all()


def test_nobody_and_everybody_are_hidden() -> None:
    assert protect_table(np.array([0, 50, 50]), 100, 5, adds_up=True).options.tolist() == [True, True, False]
    assert protect_table(np.array([100]), 100, 5, adds_up=False).options.all()


def test_a_member_knows_three_answers_more_than_the_public() -> None:
    assert floor_for("public", 5) == 5
    assert floor_for("members", 5) == 8


@pytest.mark.parametrize(
    ("first_only", "second_only", "n", "low", "high"),
    [
        # Fagerland, Lydersen, Laake (Statistics in Medicine 33:2850, 2014): airway reactivity before and
        # after stem cell transplantation, 1, 1, 7, 12 of 21 children; Tango's score interval
        (1, 7, 21, -0.517, -0.026),
    ],
)
def test_paired_score_interval_is_the_published_one(
    first_only: int, second_only: int, n: int, low: float, high: float
) -> None:
    found = paired_difference(first_only, second_only, n)
    assert found[0] == pytest.approx((first_only - second_only) / n)
    assert found[1:] == pytest.approx((low, high), abs=5e-4)


def closed_form(b: int, c: int, n: int) -> np.ndarray:
    """Roots of the score equation once the square root is squared away.

    (b - c - nd)^2 = z^2 n (2q + d(1 - d)) with q = (sqrt(B^2 + 8nc d(1-d)) - B) / 4n and
    B = -b - c + (2n - b + c) d is a quartic in d; its outer real roots are the limits.
    """
    z2 = 1.959963984540054**2
    d = np.polynomial.Polynomial([0, 1])
    slope = -b - c + (2 * n - b + c) * d
    # 2 n^2... left side: 2q n = (b-c-nd)^2/z2 - n d(1-d)
    half = ((b - c - n * d) ** 2 / z2 - n * d * (1 - d)) * 2 + slope
    roots = (half**2 - slope**2 - 8 * n * c * d * (1 - d)).roots()
    real = roots[np.abs(roots.imag) < 1e-7].real
    return np.array([real.min(), real.max()])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_paired_score_interval_solves_its_quartic(b: int, c: int, rest: int) -> None:
    n = b + c + rest
    if n == 0:
        return
    estimate, low, high = paired_difference(b, c, n)
    assert -1 <= low <= estimate <= high <= 1
    assert low < high
    # exchanging the two answers mirrors the interval
    assert paired_difference(c, b, n) == pytest.approx((-estimate, -high, -low), abs=1e-9)
    roots = closed_form(b, c, n)
    if b > 0 and c > 0:
        assert (low, high) == pytest.approx(tuple(roots), abs=1e-6)


# The whole road: a Release of a study, attacked from outside.


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All three Releases of the demonstration."""
    if not (data_folder() / "demo" / "study.toml").is_file():
        pytest.skip("data/demo is not made yet")
    out = tmp_path_factory.mktemp("demo")
    write_release(load_study(data_folder() / "demo"), out)
    return out


def every_text(folder: Path) -> str:
    """All that can be read in a folder: raw bytes, and every cell of every table once decompressed."""
    parts = []
    for path in sorted(folder.iterdir()):
        parts.append(path.name)
        parts.append(path.read_bytes().decode("latin-1"))
        parts.append(path.read_bytes().decode("utf-8", errors="ignore"))
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            parts += [
                str(table.schema),
                *(str(value) for column in table.columns for value in column.to_pylist()),
            ]
    return "\n".join(parts)


@pytest.mark.parametrize("audience", ["members", "public"])
def test_no_firm_leaves(demo: Path, audience: str) -> None:
    parties = pd.read_csv(data_folder() / "demo" / "parties.csv", dtype=str, keep_default_na=False)
    text = every_text(demo / audience)
    words = {word for column in ("party", "name", "name_ja") for word in parties[column] if word}
    assert len(words) > 1000
    found = [word for word in words if word in text]
    found = [word for word in found if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    assert found == []
    # the same search does find them where they are meant to be
    inside = every_text(demo / "internal")
    assert sum(word in inside for word in words) > 100
    assert {path.name for path in (demo / audience).iterdir()} == {
        "form.parquet", "readiness_form.parquet",
        "manifest.json", "estimates.parquet", "claims.parquet", "wording.parquet", "questions.parquet",
        "cleaning.parquet", "hidden.parquet", "exposure.parquet", "published.parquet",
        "published_changes.parquet",
        "published_contrasts.parquet", "published_breaks.parquet", "published_wording.parquet",
        *(f"{name}.parquet" for name in RULE_TABLES if name != "rule_history"),
        "scenarios.parquet", "scenario_changes.parquet", "scenario_rules.parquet",
    }  # fmt: skip


TEXTS = ("wording", "firms", "parties", "findings", "questions", "breaks", "published_wording",
         "published_breaks", "published_sources", "published_findings", "collision_flows", "kept",
         "scenarios", "scenario_changes", "scenario_rules", "form", "readiness_form",
         *RULE_TABLES)  # fmt: skip
"""Tables of a Release that hold words and no number of their own."""


def published_counts(release: Path) -> tuple[pd.DataFrame, int]:
    """Firms in each cell as a reader works them out, hidden ones nan; and the floor."""
    opened = read_release(release)
    table = opened.table("estimates")
    count = (table["estimate"] * table["n"]).round(9)
    assert (count.dropna() == count.dropna().round()).all()
    return table.assign(count=count), int(opened.manifest["disclosure"]["floor"])


@pytest.mark.parametrize("audience", ["members", "public"])
def test_what_is_shown_of_the_demonstration_keeps_the_floor(demo: Path, audience: str) -> None:
    table, floor = published_counts(demo / audience)
    assert floor == {"members": 8, "public": 5}[audience]
    shown = table[table["count"].notna()]
    assert len(shown) > 30
    assert (shown["count"] >= floor).all()
    assert (shown["n"] - shown["count"] >= floor).all()
    assert (shown["n"] >= 10).all()
    assert set(table["by"]) == {""}
    assert set(table["base_rule"]) == {"answered"}
    hidden = table[table["count"].isna()]
    assert set(hidden["flag"]) == {"suppressed"}
    beside = ["n", "base", "estimate", "se", "low", "high", "df", "deff", "n_eff", "p"]
    assert hidden[beside].isna().all().all()
    assert set(hidden["method"]) | set(hidden["letters"]) <= {""}


@pytest.mark.parametrize("audience", ["members", "public"])
def test_nothing_follows_from_the_rest_of_a_table(demo: Path, audience: str) -> None:
    """What is left of n, or of a net, is never one cell and never fewer firms than the floor."""
    table, floor = published_counts(demo / audience)
    codebook = read_wave(load_study(data_folder() / "demo").waves[-1]).codebook
    singles = 0
    for name, rows in table.groupby("question", sort=False):
        counts = dict(zip(rows["option"], rows["count"], strict=True))
        n = rows["n"].max()
        if name.startswith("pressure."):
            nets, kind = {}, "single"
        else:
            nets, kind = codebook.question(name).nets, codebook.question(name).kind
        cells = {option: count for option, count in counts.items() if option not in nets}
        groups = [(set(cells), n)] if kind == "single" and not np.isnan(n) else []
        for net, parts in nets.items():
            if not np.isnan(counts.get(net, np.nan)) and kind == "single":
                groups += [(set(parts), counts[net]), (set(cells) - set(parts), n - counts[net])]
            elif not np.isnan(counts.get(net, np.nan)):
                gaps = [counts[net] - counts[part] for part in parts]
                assert all(gap == 0 or gap >= floor for gap in gaps)
        for group, total in groups:
            unknown = [option for option in group if np.isnan(cells[option])]
            left = total - sum(cells[option] for option in group if option not in unknown)
            assert left == 0 if not unknown else (len(unknown) >= 2 and left >= floor)
            singles += 1
    assert singles >= 10


@pytest.mark.parametrize("audience", ["members", "public"])
def test_a_contrast_shown_gives_no_small_cell_away(demo: Path, audience: str) -> None:
    """The interval of a paired difference tells how many firms ticked both: solve for it."""
    release = read_release(demo / audience)
    floor = int(release.manifest["disclosure"]["floor"])
    claims = release.table("claims")
    contrasts = claims[claims["stat"] == "difference"]
    assert len(contrasts) == 1
    shares = claims[claims["stat"] == "share"].set_index(["question", "option"])["count"]
    for row in contrasts.to_dict(orient="records"):
        if row["flag"] == "suppressed":
            assert np.isnan(row["estimate"])
            assert np.isnan(row["n"])
            continue
        one, two = (int(shares[row["question"], row[side]]) for side in ("option", "against"))
        n = int(row["n"])
        fits = []
        for both in range(max(0, one + two - n), min(one, two) + 1):
            found = paired_difference(one - both, two - both, n)
            if found[1:] == pytest.approx((row["low"], row["high"]), abs=1e-9):
                fits.append(min(both, one - both, two - both, n - one - two + both))
        assert fits
        assert min(fits) >= floor


def test_the_same_study_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write_release(load_study(data_folder() / "demo"), tmp_path)
    for path in sorted(demo.rglob("*.*")):
        assert path.read_bytes() == (tmp_path / path.relative_to(demo)).read_bytes(), path.name


def test_the_page_on_releases_has_every_table_and_column_and_each_key_of_the_manifest(demo: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert listed(demo) in page, f"{PAGE}: build data/demo, python -m tests.release_map FOLDER --write"
    assert not columns_of(demo).keys() & ELSEWHERE.keys(), "the demonstration has it now"
    above = page.split("## Columns of each table")[0]
    tables = columns_of(demo).keys() | ELSEWHERE.keys()
    assert [name for name in sorted(tables) if f"`{name}.parquet`" not in above] == []
    manifest = read_release(demo / "internal").manifest
    assert [key for key in sorted(manifest) if f"`{key}`" not in above] == []


def test_internal_release_reproduces_the_counts_and_the_pressure(demo: Path) -> None:
    release = read_release(demo / "internal")
    table = release.table("estimates")
    cell = table[
        (table["question"] == "impact_type") & (table["option"] == "us_regulation_cost") & (table["by"] == "")
    ].set_index("base_rule")
    assert cell["n"].to_dict() == {"answered": 74, "routed": 97, "returned": 100}
    assert (cell["estimate"] * cell["n"]).round(9).to_dict() == {"answered": 44, "routed": 44, "returned": 44}
    assert set(table["by"]) == {"", "sector"}
    pressure = release.table("pressure")
    assert {"us", "cn", "squeeze", "p_choose", "rank", "tier"} <= set(pressure["stat"])
    assert pressure["firm"].nunique() == 100
    bands = table[(table["question"] == "pressure.squeeze") & (table["by"] == "")]
    squeeze = pressure[pressure["stat"] == "squeeze"]["estimate"].to_numpy()
    ends = [(-1, 0), (0, 0.05), (0.05, 0.1), (0.1, 0.25), (0.25, 1)]
    counts = [int(((squeeze > low) & (squeeze <= high)).sum()) for low, high in ends]
    assert (bands["estimate"] * bands["n"]).round(9).tolist() == counts
    for name in release.tables():
        columns = set(release.table(name).columns)
        assert {"stat", "n", "estimate"} <= columns or name in TEXTS, name


def test_an_audience_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(small_study(tmp_path / "study"))
    out = tmp_path / "out"
    assert write_release(study, out, ["public"]) == [out / "public"]
    before = {path.name: path.read_bytes() for path in (out / "public").iterdir()}
    (out / "public" / "stray.txt").write_text("left over")
    write_release(study, out, ["public"])
    assert {path.name: path.read_bytes() for path in (out / "public").iterdir()} == before

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("analysis.release.folder.write_manifest", broken)
    with pytest.raises(OSError, match="disk full"):
        write_release(study, out, ["public"])
    assert [path.name for path in out.iterdir()] == ["public"]
    assert {path.name: path.read_bytes() for path in (out / "public").iterdir()} == before


def test_a_follow_up_is_hidden_with_its_gate(tmp_path: Path) -> None:
    """3 of 60 say no: 57 answer the follow-up, so its base would give the hidden 3 away."""
    for gate in ("number", "single"):
        folder = small_study(tmp_path / gate, no=3, gate=gate)
        write_release(load_study(folder), tmp_path / "out", ["public"])
        table = read_release(tmp_path / "out" / "public").table("estimates")
        assert "after" in set(table["question"])
        assert table["n"].isna().all()
    folder = small_study(tmp_path / "other", no=20)
    write_release(load_study(folder), tmp_path / "out", ["public"])
    table = read_release(tmp_path / "out" / "public").table("estimates")
    assert set(table[table["question"] == "after"]["n"]) == {40}


def test_a_rare_answer_that_was_typed_in_is_not_spelt_out(tmp_path: Path) -> None:
    places = ["Tokyo"] * 30 + ["Osaka"] * 28 + ["Kobe Steel", "Nagoya Works"]
    pd.DataFrame({"place": places}).to_csv(tmp_path / "s.csv", index=False)
    (tmp_path / "study.toml").write_text('schema = 1\nid = "typed"\n[[waves]]\nname = "1"\nfile = "s.csv"\n')
    write_release(load_study(tmp_path), tmp_path / "out", ["internal", "public"])
    text = every_text(tmp_path / "out" / "public")
    assert "Tokyo" in text
    assert "Kobe" not in text
    assert "Nagoya" not in text
    assert "Kobe Steel" in every_text(tmp_path / "out" / "internal")


def small_study(folder: Path, no: int = 20, gate: str = "single") -> Path:
    """60 firms; a gate that `no` of them fail; a follow-up of the rest."""
    folder.mkdir()
    said = [2] * no + [1] * (60 - no)
    after = [None] * no + [1 + i % 2 for i in range(60 - no)]
    pd.DataFrame({"gate": said, "after": pd.array(after, dtype="Int64")}).to_csv(
        folder / "s.csv", index=False
    )
    (folder / "codebook.toml").write_text(
        f'schema = 1\n[questions.gate]\nkind = "{gate}"\n'
        '[questions.after]\nkind = "single"\nasked_if = "gate == 1"\n'
        '[[questions.after.choices]]\ncode = "1"\nlabel = { en = "more" }\n'
        '[[questions.after.choices]]\ncode = "2"\nlabel = { en = "less" }\n',
        encoding="utf-8",
    )
    (folder / "study.toml").write_text(
        'schema = 1\nid = "small"\n[[waves]]\nname = "1"\nfile = "s.csv"\ncodebook = "codebook.toml"\n',
        encoding="utf-8",
    )
    return folder


def test_a_contrast_follows_the_design(tmp_path: Path) -> None:
    """Each of 60 firms entered twice as a cluster of two: the interval is that of 60, not of 120."""
    rng = np.random.default_rng(7)
    once = pd.DataFrame({"us_x": rng.integers(0, 2, 60), "cn_x": rng.integers(0, 2, 60), "firm": range(60)})
    twice = pd.concat([once, once], ignore_index=True).assign(w=2.0)
    found = {}
    for name, frame, design in (
        ("once", once, ""),
        ("weighted", once.assign(w=2.0), '[design]\nweight = "w"\n'),
        ("clustered", twice, '[design]\nclusters = ["firm"]\n'),
    ):
        folder = tmp_path / name
        folder.mkdir()
        frame.to_csv(folder / "s.csv", index=False)
        (folder / "codebook.toml").write_text(
            'schema = 1\n[questions.kinds]\nkind = "multiple"\ncolumns = ["us_x", "cn_x"]\ncounted = "1"\n'
        )
        (folder / "study.toml").write_text(
            f'schema = 1\nid = "{name}"\n[[waves]]\nname = "1"\nfile = "s.csv"\ncodebook = "codebook.toml"\n'
            f'{design}[release]\nheadline = ["kinds"]\naudiences = ["internal"]\n'
        )
        write_release(load_study(folder), tmp_path / "out")
        table = read_release(tmp_path / "out" / "internal").table("claims")
        found[name] = table[table["stat"] == "difference"].iloc[0]
    b = int(((once["us_x"] == 1) & (once["cn_x"] == 0)).sum())
    c = int(((once["us_x"] == 0) & (once["cn_x"] == 1)).sum())
    expected = paired_difference(b, c, 60)
    for name, row in found.items():
        assert row["estimate"] == pytest.approx((b - c) / 60)
        # the linearised variance divides by n - 1 where the score divides by n
        tolerance = 1e-12 if name == "once" else 0.01
        assert (row["low"], row["high"]) == pytest.approx(expected[1:], abs=tolerance)
    assert paired_difference(2 * b, 2 * c, 120)[1] > expected[1] + 0.02
