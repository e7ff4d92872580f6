"""The questionnaire goes out to three forms and its answers come home from two platforms, with no mapping.

The answers are made up here, in the layout of each platform's own export; no firm gave any.
"""

import csv
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import (
    Design,
    Origin,
    State,
    StudyFault,
    Wave,
    WaveSource,
    answers_to,
    data_folder,
    init_study,
    load_instrument,
    read_wave,
    select,
    write_form,
    write_lss,
    write_xlsform,
)
from survey.formats.form_blocks import blocks_of, numbers_of
from survey.formats.limesurvey import read_lss
from survey.formats.xlsform import read_xlsform
from survey.gate import offered

FOLDER = data_folder() / "instrument"
WRITERS = {"xlsx": write_xlsform, "lss": write_lss, "html": write_form}
FIRMS = 12


@cache
def instrument():
    return load_instrument(FOLDER)


@cache
def answers() -> pd.DataFrame:
    """Made-up answers, a column each as text, "" where there is none; sets as 1 and 0, or blank."""
    rng = np.random.default_rng(7)
    columns: dict[str, np.ndarray] = {}
    for question in instrument().codebook.questions:
        silent = rng.random(FIRMS) < (0 if question.role == "id" else 0.2)
        for column in question.columns:
            if question.is_dichotomies:
                cells = rng.integers(0, 2, FIRMS).astype(str)
            elif question.kind in ("single", "multiple"):
                cells = rng.choice([c.code for c in offered(question)], FIRMS)
            elif question.kind == "number":
                cells = rng.integers(0, 100, FIRMS).astype(str)
            elif question.kind == "date":
                cells = np.array([f"2026-03-{day:02d}" for day in rng.integers(1, 28, FIRMS)])
            else:
                cells = np.array([f"synthetic {i}" for i in range(FIRMS)])
            columns[column] = np.where(silent, "", cells.astype(object))
        if question.is_dichotomies:
            none = ~np.any([columns[c] == "1" for c in question.columns], axis=0)
            for column in question.columns:
                columns[column] = np.where(none, "", columns[column])
    return pd.DataFrame(columns)


def expected() -> Wave:
    frame = answers().replace("", None)
    return Wave("w", frame, instrument().codebook, Origin("made up", "", "csv", "", FIRMS))


def written(path: Path, heads: list[str], rows: list[list[str]], sign: str) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=sign, quoting=csv.QUOTE_ALL).writerows([heads, *rows])
    return path


def kobo(path: Path, *, paged: bool) -> Path:
    """A CSV as KoboToolbox exports it: all ticks in one text, then a column of 1 and 0 for each."""
    table: dict[str, list[str]] = {"start": ["2026-03-01T09:00:00.000+09:00"] * FIRMS}
    for section in instrument().sections:
        page = f"page_{section.id}/" if paged and not section.office else ""
        for question in instrument().asked_in(section):
            if question.is_dichotomies:
                frame = answers()[list(question.columns)]
                codes = [c.code for c in question.choices]
                texts = [" ".join(c for c, t in zip(codes, r, strict=True) if t == "1") for r in frame.values]
                table[f"{page}{question.id}"] = texts
                if paged:
                    continue
                for choice in question.choices:
                    table[f"{page}{question.id}/{choice.code}"] = list(frame[choice.column])
            else:
                table |= {f"{page}{c}": list(answers()[c]) for c in question.columns}
    table["_uuid"] = [f"synthetic-{i}" for i in range(FIRMS)]
    return written(path, list(table), [list(row) for row in zip(*table.values(), strict=True)], ";")


def limesurvey(path: Path) -> Path:
    """A CSV of responses as LimeSurvey exports it: question codes, answer codes, Y for a tick."""
    table: dict[str, list[str]] = {"id": [str(i + 1) for i in range(FIRMS)]}
    table |= {"submitdate": ["2026-03-01 09:00:00"] * FIRMS, "lastpage": ["17"] * FIRMS}
    for question in instrument().codebook.questions:
        if question.is_dichotomies:
            for choice in question.choices:
                ticks = ["Y" if cell == "1" else "" for cell in answers()[choice.column]]
                table[f"{question.id}[{choice.code}]"] = ticks
        elif question.kind == "date":
            cells = answers()[question.id]
            table[question.id] = [f"{cell} 00:00:00" if cell else "" for cell in cells]
        else:
            table |= {column: list(answers()[column]) for column in question.columns}
    return written(path, list(table), [list(row) for row in zip(*table.values(), strict=True)], ",")


@pytest.mark.parametrize("platform", ["kobo", "kobo with pages", "limesurvey"])
@pytest.mark.parametrize("form", ["questionnaire", "form"])
def test_answers_come_home_without_a_mapping(tmp_path: Path, platform: str, form: str):
    if platform == "limesurvey":
        came = limesurvey(tmp_path / "results-survey.csv")
        sent = write_lss(instrument(), tmp_path / "form.lss")
    else:
        came = kobo(tmp_path / "kobo.csv", paged=platform != "kobo")
        sent = write_xlsform(instrument(), tmp_path / "form.xlsx")
    file = FOLDER / "instrument.toml" if form == "questionnaire" else sent
    wave, wanted = read_wave(WaveSource("w", came, None, Design(), file)), expected()
    for question in instrument().codebook.questions:
        if question.id in ("edition", "received") and form == "form":
            continue
        ours, theirs = answers_to(wanted, question.id), answers_to(wave, question.id)
        same = {State.ANSWERED_NOT_ROUTED: State.ANSWERED, State.NOT_ASKED: State.NO_ANSWER}
        if form == "questionnaire":
            same = {}  # a platform knows no blank gate: what it did not show, it did not ask
        states = [[same.get(State(s), State(s)) for s in a.state] for a in (ours, theirs)]
        assert states[0] == states[1], question.id
        assert ours.options == theirs.options, question.id
        assert (ours.ticks == theirs.ticks).all(), question.id
        assert np.array_equal(ours.values, theirs.values, equal_nan=True), question.id
    if form == "questionnaire":
        assert wave.codebook.languages == ("en", "ja")
        assert [q.concept for q in wave.codebook.questions if q.id == "choose"] == ["had_to_choose"]


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_questionnaire_gives_the_same_bytes(tmp_path: Path, suffix: str):
    one, two = (WRITERS[suffix](instrument(), tmp_path / f"{i}.{suffix}").read_bytes() for i in (1, 2))
    assert one == two and sorted(p.name for p in tmp_path.iterdir()) == [f"1.{suffix}", f"2.{suffix}"]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_language_that_is_not_there(tmp_path: Path, suffix: str):
    with pytest.raises(StudyFault, match="de"):
        WRITERS[suffix](instrument(), tmp_path / f"f.{suffix}", lang="de")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["xlsx", "lss"])
def test_a_form_says_what_the_codebook_says(tmp_path: Path, suffix: str):
    path = WRITERS[suffix](instrument(), tmp_path / f"f.{suffix}")
    reading = (read_xlsform if suffix == "xlsx" else read_lss)(path)
    assert reading.codebook is not None and reading.codebook.languages == ("en", "ja")
    assert not [f for f in reading.findings if "routing" in f.found]
    wave = expected()
    office = {name for s in instrument().sections if s.office for name in s.questions}
    for question in instrument().codebook.questions:
        if question.id in office and suffix == "xlsx":
            continue
        other = reading.codebook.question(question.id)
        assert (other.kind, dict(other.label)) == (question.kind, dict(question.label))
        said = [(c.code, dict(c.label)) for c in other.choices]
        assert said == [(c.code, dict(c.label)) for c in question.choices]
        assert [(m.low, m.reason) for m in other.missing] == [(m.low, m.reason) for m in question.missing]
        assert (select(wave, other.asked_if) == select(wave, question.asked_if)).all(), question.id


def test_limesurvey_would_change_no_name(tmp_path: Path):
    text = write_lss(instrument(), tmp_path / "f.lss", lang="ja").read_text(encoding="utf-8")
    titles = re.findall(r"<title>(.*?)</title>", text)
    assert len(titles) > 250 and all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", t) for t in titles)
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", c) for c in re.findall(r"<code>(.*?)</code>", text))
    assert text.index("<language>ja</language>") < text.index("<language>en</language>")
    assert set(re.findall(r"<type>(.)</type>", text)) == set("LMNDST")
    exclusive = re.findall(r"<attribute>exclude_all_others</attribute>\s*<value>(.*?)</value>", text)
    assert exclusive and set(exclusive) == {"none;dk"}


def test_an_xlsform_names_only_what_it_has(tmp_path: Path):
    with zipfile.ZipFile(write_xlsform(instrument(), tmp_path / "f.xlsx")) as book:
        shared = book.read("xl/sharedStrings.xml").decode()
    names = {q.id for q in instrument().codebook.questions}
    names |= {c for q in instrument().codebook.questions if not q.is_dichotomies for c in q.columns}
    assert set(re.findall(r"\$\{(\w+)\}", shared)) <= names
    assert "not(selected(., 'none') and count-selected(.) &gt; 1)" in shared
    assert "coalesce(${growP1US}, 0)" in shared and ". != ${request1} and . != ${request2}" in shared


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.links += [v for k, v in attrs if k in ("src", "href") and v]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["en", "ja", ""])
def test_the_printed_form_is_whole_and_fetches_nothing(tmp_path: Path, lang: str):
    text = write_form(instrument(), tmp_path / "f.html", lang=lang).read_text(encoding="utf-8")
    seen = _Seen()
    seen.feed(text)
    assert not seen.open and not seen.links and "url(" not in text and "@import" not in text
    assert seen.tags["main"] == (1 if lang else 2) and "default-src 'none'" in text
    numbers = [int(n) for n in re.findall(r"<h3><b>(\d+)</b>", text)]
    once = list(range(1, max(numbers) + 1))
    assert numbers == once * (1 if lang else 2) and len(once) > 80
    if lang == "en":
        assert "Only if question 31 is “Yes”, and question 32 is 2 or more." in text
        assert not re.search(r"[ぁ-ん一-龥]", text.split("</style>")[1])
    if lang == "ja":
        assert "次の場合のみ：問31が「はい」、かつ問32が2以上<" in text


@pytest.mark.parametrize(("lang", "fifth"), [("en", "5 "), ("ja", "5位 ")])
def test_a_place_to_write_in_stays_with_its_number(tmp_path: Path, lang: str, fifth: str):
    """The box of the fifth place stood alone on the next line, as if it were of nothing."""
    page = write_form(instrument(), tmp_path / "f.html", lang=lang).read_text(encoding="utf-8")
    filled = re.findall(r'<p class="fill">(.*?)</p>', page)
    kept = re.findall(r'<span class="whole">([^<]*)<span class="cell small"></span></span>', "".join(filled))
    beside = [one for one in filled if one != '<span class="cell small"></span>']
    assert len(kept) == sum(one.count('class="cell small"') for one in beside) and kept.count(fifth) == 2
    assert ".whole { white-space: nowrap; }" in page


def test_every_question_has_a_place_on_paper():
    numbers = numbers_of(instrument())
    for section in instrument().sections:
        placed = [q.id for b in blocks_of(instrument(), section) for row in b.rows for q in row]
        assert sorted(placed) == sorted(section.questions)
    assert numbers["activeUS"][:-1] == numbers["activeCN"][:-1]
    assert (numbers["activeUS"][-1], numbers["growP5US"][-1], numbers["growV1CN"][-1]) == ("a", "a", "b")


def test_a_study_is_made_of_what_came_home(tmp_path: Path):
    study, _ = init_study(
        kobo(tmp_path / "kobo.csv", paged=False),
        tmp_path / "study",
        id="firmId",
        instrument=FOLDER / "instrument.toml",
    )
    again = load_instrument(tmp_path / "study" / "instrument.toml")
    assert again == instrument()
    theirs, ours = (answers_to(w, "choose") for w in (read_wave(study.waves[0]), expected()))
    assert theirs.state.tolist() == ours.state.tolist() and (theirs.ticks == ours.ticks).all()
