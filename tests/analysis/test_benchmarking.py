"""One firm beside a Release: its place holds the truth, and its pressure is that of the study."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import OwnFiles, answers_given, benchmark_firm, read_given, read_release, write_release
from analysis.benchmarking.placing import cells_of, place_between, place_in_values
from analysis.disclosure.oneway import protect_table
from analysis.release.read import Release
from survey import FileFault, QuestionFault, data_folder, held_file, load_study

DEMO = data_folder() / "demo"
FIRM = "S007"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Release]:
    out = tmp_path_factory.mktemp("release")
    study = load_study(DEMO)
    study = replace(study, sections={key: v for key, v in study.sections.items() if key != "scenarios"})
    write_release(study, out, ("internal", "members"))
    return {name: read_release(out / name) for name in ("internal", "members")}


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> OwnFiles:
    links = pd.read_csv(DEMO / "links.csv", dtype=str)
    own = links[(links["buyer"] == FIRM) | (links["supplier"] == FIRM)]
    path = tmp_path_factory.mktemp("own") / "links.csv"
    own.to_csv(path, index=False)
    return OwnFiles(path, *(DEMO / f"{name}.csv" for name in ("parties", "items", "listings")))


def _rows(counts: np.ndarray, hide: np.ndarray) -> pd.DataFrame:
    n = int(counts.sum())
    share = np.where(hide, np.nan, counts / n)
    known = np.where(hide, np.nan, n)
    return pd.DataFrame(
        {
            "option": [str(k) for k in range(len(counts))],
            "n": known,
            "base": known,
            "estimate": share,
            "low": share,
            "high": share,
            "level": 0.95,
            "method": "census",
            "flag": np.where(hide, "suppressed", "census"),
        }
    )


def test_place_among_hidden_cells_always_holds_the_true_one() -> None:
    rng = np.random.default_rng(7)
    widths = []
    for _ in range(120):
        counts = rng.multinomial(100, rng.dirichlet(np.full(rng.integers(2, 8), 0.6)))
        hidden = protect_table(counts, 100, 8, adds_up=True)
        cells = cells_of(_rows(counts, hidden.options), tuple(str(k) for k in range(len(counts))))
        if hidden.whole or hidden.options.all() or cells is None:
            continue
        below = np.concatenate([[0], np.cumsum(counts)]) / 100
        for at in range(len(counts)):
            place = place_between(cells, at, at, at)
            assert place.low <= below[at] + 1e-9
            assert place.high >= below[at + 1] - 1e-9
            assert place.low <= place.estimate <= place.high
            if not hidden.options.any():
                assert place.low == pytest.approx(below[at])
                assert place.estimate == pytest.approx((below[at] + below[at + 1]) / 2)
            widths.append(place.high - place.low)
    assert len(widths) > 200
    assert np.mean(widths) < 0.9


def test_place_among_known_values_counts_ties_half() -> None:
    peers = np.array([0.0, 0.0, 0.1, 0.2, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0])
    place = place_in_values(peers, 0.2, 0.1, 0.2)
    assert (place.estimate, place.low, place.high) == pytest.approx((0.4, 0.2, 0.5))


def test_pressure_of_own_links_is_that_of_the_study(releases: dict[str, Release], mine: OwnFiles) -> None:
    found = benchmark_firm(releases["internal"], None, mine)
    table = releases["internal"].table("pressure")
    study = table[table["firm"] == FIRM].set_index("stat")
    own = found.table[found.table["by"] == ""].set_index("question")
    for stat in ("us", "cn", "squeeze"):
        row = own.loc[f"pressure.{stat}"]
        assert float(row["own"]) == pytest.approx(float(study["estimate"][stat]), abs=1e-6)
        assert row["own_low"] == pytest.approx(float(study["low"][stat]), abs=1e-9)
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["flag"] == "preview"
    assert found.about["firm"] == FIRM


def test_bands_of_ones_own_widen_and_say_what_was_drawn(
    releases: dict[str, Release], mine: OwnFiles, tmp_path: Path
) -> None:
    plain = benchmark_firm(releases["internal"], None, mine)
    links = pd.read_csv(mine.links, dtype=str)
    path = tmp_path / "bands.csv"
    ends = {"substitutability_low": 0.1, "substitutability_high": 0.9}
    pd.DataFrame({"firm": FIRM, "flow": links["link"], **ends}).to_csv(path, index=False)
    wide = benchmark_firm(releases["internal"], None, replace(mine, bands=path))
    rows = [
        one.table[one.table["by"] == ""].set_index("question").loc["pressure.squeeze"]
        for one in (plain, wide)
    ]
    width = [row["own_high"] - row["own_low"] for row in rows]
    assert width[1] > width[0] and rows[1]["own_low"] < float(rows[1]["own"]) < rows[1]["own_high"]
    assert "bands" in wide.about["drawn_over"] and set(wide.about["drawn_over"]) >= set(
        plain.about["drawn_over"]
    )
    path.write_text("firm,flow,share_low,share_high\nS007,nothing,0.1,0.2\n", encoding="utf-8")
    with pytest.raises(FileFault, match="no band of a flow of 'S007'"):
        benchmark_firm(releases["internal"], None, replace(mine, bands=path))


def test_protected_place_holds_the_exact_one(releases: dict[str, Release], mine: OwnFiles) -> None:
    given = read_given(releases["members"], DEMO / "demo_2021.sav", firm=FIRM)
    exact, protected = (benchmark_firm(releases[name], given, mine) for name in ("internal", "members"))
    inner = exact.table[(exact.table["by"] == "") & (exact.table["stat"] == "percentile")]
    outer = protected.table[protected.table["stat"] == "percentile"]
    alone = outer["question"] == "readiness.index"
    assert outer.loc[alone, "flag"].tolist() == ["not released"]
    inner, outer = inner[inner["question"] != "readiness.index"], outer[~alone]
    assert set(inner["question"]) == set(outer["question"]) >= {"pressure.squeeze", "sales_share_us"}
    both = inner.merge(outer, on="question", suffixes=("", "_out"))
    assert (both["low_out"] <= both["low"] + 1e-9).all()
    assert (both["high_out"] >= both["high"] - 1e-9).all()
    assert not protected.about["is_preview"]
    assert (protected.table["by"] == "").all()


def test_a_flow_taken_away_is_the_links_without_it(
    releases: dict[str, Release], mine: OwnFiles, tmp_path: Path
) -> None:
    moves = benchmark_firm(releases["internal"], None, mine).moves
    first = moves[moves["measure"] == "squeeze"].iloc[0]
    links = pd.read_csv(mine.links, dtype=str)
    gone = (links["product"] == first["what"]) & (links["buyer"] == first["partner"])
    assert gone.sum() == 1
    kept = tmp_path / "links.csv"
    links[~gone].to_csv(kept, index=False)
    after = benchmark_firm(
        releases["internal"], None, OwnFiles(kept, mine.parties, mine.items, mine.listings)
    )
    row = after.table[(after.table["question"] == "pressure.squeeze") & (after.table["by"] == "")].iloc[0]
    assert float(row["own"]) == pytest.approx(first["after"], abs=1e-6)
    assert first["after"] < first["before"]
    assert row["estimate"] == pytest.approx(first["estimate"], abs=1e-9)


def _wide(tmp_path: Path, release: Release) -> Iterator[Path]:
    """The firm's row of the demonstration as CSV."""
    from survey import read_wave

    frame = read_wave(DEMO / "demo_2021.sav").frame
    row = frame[frame["firm_id"] == FIRM]
    path = tmp_path / "mine.csv"
    row.to_csv(path, index=False)
    yield path


def test_sav_csv_rows_of_answers_and_a_form_say_the_same(
    releases: dict[str, Release], tmp_path: Path
) -> None:
    release = releases["members"]
    sav = read_given(release, DEMO / "demo_2021.sav", firm=FIRM)
    wide = read_given(release, next(_wide(tmp_path, release)))
    assert wide.answers == sav.answers
    assert wide.firm == FIRM
    long = tmp_path / "long.csv"
    cells = [(question, ";".join(codes)) for question, codes in sav.answers.items()]
    pd.DataFrame(cells, columns=["question", "answer"]).to_csv(long, index=False)
    assert read_given(release, long).answers == sav.answers
    assert answers_given(release, sav.answers).answers == sav.answers
    with held_file(long.read_bytes(), "long.csv") as held:
        assert read_given(release, held, name="long.csv").answers == sav.answers
        assert not held.resolve().exists()
    assert not held.exists()


def test_wordings_are_answers_too(releases: dict[str, Release], tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("question,answer\nsector,素材・化学\nhad_to_choose,Yes\n", encoding="utf-8")
    assert read_given(releases["members"], path).answers == {"sector": ("3",), "had_to_choose": ("1",)}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("api.stu,cds,stype,sector\n1,2,E,1\n", FileFault, "another codebook: 1 of 4"),
        ("question,answer\nsector,9\n", QuestionFault, "'9'"),
        ("question,answer\nsectr,1\n", FileFault, "another codebook"),
        ("firm_id,sector\nA,1\nB,2\n", FileFault, "2 rows"),
        ("firm_id,sector\nA,99\n", FileFault, "without an answer"),
        ("firm_id,had_to_choose\nA,7\n", QuestionFault, "'7'"),
    ],
)
def test_a_file_that_does_not_fit_is_named(
    releases: dict[str, Release], tmp_path: Path, text: str, kind: type[Exception], found: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(kind) as caught:
        read_given(releases["members"], path)
    assert found in caught.value.found  # type: ignore[attr-defined]


def test_links_of_several_firms_ask_which(releases: dict[str, Release]) -> None:
    with pytest.raises(FileFault, match="--firm"):
        benchmark_firm(releases["members"], None, OwnFiles(DEMO / "links.csv"))


def test_form_tells_columns_and_no_count(releases: dict[str, Release]) -> None:
    form = releases["members"].table("form")
    assert set(form.columns) == {"question", "kind", "column", "option", "counted", "missing"}
    assert "pressure.us" not in set(form["question"])
    assert (form["kind"] == "id").sum() == 1
    assert form.equals(releases["internal"].table("form"))


def test_other_rules_than_those_shipped_are_told(releases: dict[str, Release], mine: OwnFiles) -> None:
    class Older(Release):
        __slots__ = ()

        def table(self, name: str) -> pd.DataFrame:
            found = Release.table(self, name)
            return found[found["id"] != "US-EL"] if name == "instruments" else found

    same = releases["members"]
    older = Older(same.folder, same.manifest)
    told = [finding.found for finding in benchmark_firm(older, None, mine).findings]
    assert any("other rules" in words and "US-EL" in words for words in told)
    assert not any("other rules" in finding.found for finding in benchmark_firm(same, None, mine).findings)
