"""Words that would run, lead away or turn a line round if they were ever more than words, put everywhere."""

import csv
import json
import os
import re
import shutil
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import pandas as pd

from analysis.release.manifest import checksum, write_manifest
from survey import data_folder

__all__ = ["ELSEWHERE", "FLAG", "HOSTILE", "TURNING", "hostile_release", "hostile_study"]

ELSEWHERE = "elsewhere.example"
"""A host that nobody asks unless a word became a tag or a formula."""

FLAG = "hostileWordRan"
"""A property of the window that stays away unless a word became a script."""

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Letters without a look that turn the order of those behind them."""

HOSTILE = (
    f"<script>window.{FLAG}=1</script>",
    f'<img src=x onerror="window.{FLAG}=2">',
    f'"><svg onload=window.{FLAG}=3>',
    f"javascript:window.{FLAG}=4",
    "{{7*7}}${7*7}#{7*7}%{7*7}",
    f"`${{window.{FLAG}=5}}`",
    f"</script><script>window.{FLAG}=6</script>",
    f"</style></title></textarea><img src=//{ELSEWHERE}/7>",
    f'=HYPERLINK("http://{ELSEWHERE}/8","win")',
    f"<a href='javascript:window.{FLAG}=9'>go</a>",
    f"<a href='http://{ELSEWHERE}/10'>go</a><b>so</b><br>",
    f"' onmouseover='window.{FLAG}=11' x='",
    f'<iframe srcdoc="<script>parent.{FLAG}=12</script>"></iframe>',
    f"&lt;img src=x onerror=window.{FLAG}=13&gt;",
    f"-->]]><meta http-equiv=refresh content='0;url=http://{ELSEWHERE}/14'>",
    "\u202egnp.exe",
    f"+cmd|' /C calc'!A0 @SUM(1) {ELSEWHERE}",
    f"%{{customdata}}<extra></extra>{ELSEWHERE}",
)
"""Markup, scripts, templates, formulas, and a letter that turns the line round."""

_WORDS = frozenset(
    [
        "name",
        "name_ja",
        "text",
        "en",
        "ja",
        "title_en",
        "title_ja",
        "about_en",
        "about_ja",
        "assumes_en",
        "assumes_ja",
        "reason",
        "reason_ja",
        "evidence",
        "note",
        "why",
        "source",
        "source_title",
        "fieldwork",
        "who",
        "seller_name",
        "seller_name_ja",
        "buyer_name",
        "buyer_name_ja",
        "matched_name",
        "product",
        "trigger",
        "addressee",
        "act",
        "found",
        "meaning",
        "do",
        "compliance",
        "compliance_ja",
        "addressee_ja",
        "trigger_ja",
        "exclusions",
        "exclusions_ja",
        "context_only",
        "context_only_ja",
    ]
)
"""Columns of a Release that hold words of people and no codes."""


def hostile_release(folder: Path, words: Sequence[str] = HOSTILE) -> Path:
    """Put hostile words before all that a Release holds of words, and make its manifest fit again."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    turn = cycle(words)
    for file, told in manifest["files"].items():
        table = pd.read_parquet(folder / file)
        for column in _WORDS & set(table.columns):
            if column == "source" and file in ("instruments.parquet", "doubts.parquet"):
                continue  # a code there
            known = {text: f"{next(turn)} {text}" for text in table[column].dropna().unique() if text}
            table[column] = table[column].map(lambda text, known=known: known.get(text, text))
        if file == "instruments.parquet":
            table["instrument"] = [f"{next(turn)} {text}" for text in table["instrument"]]
        table.to_parquet(folder / file, index=False)
        told["sha256"] = checksum(folder / file)
    manifest["title"] = {lang: f"{''.join(words)} {text}" for lang, text in manifest["title"].items()}
    manifest["sources"] = [{"file": f"{word.replace('/', '')}.csv", "sha256": "0" * 64} for word in words]
    write_manifest(folder, manifest)
    return folder


def hostile_study(folder: Path, words: Sequence[str] = HOSTILE) -> Path:
    """The demonstration with hostile words as title, wording, names of firms, suppliers and a file.

    It has one scenario, of its own, with a hostile title, and few draws, so that it is built in seconds.
    """
    shutil.copytree(data_folder() / "demo", folder)
    turn = cycle(words)
    book = folder / "codebook.toml"
    book.write_text(_labels(book.read_text(encoding="utf-8"), turn), encoding="utf-8")
    parties = folder / "parties.csv"
    with parties.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with parties.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [head, *([row[0], f"{next(turn)} {row[1]}", f"{next(turn)} {row[2]}", *row[3:]] for row in rows)]
        )
    name = "<img src=x onerror=parent.hit=1>.sav" if os.name != "nt" else "x.sav"
    (folder / "demo_2021.sav").rename(folder / name)
    (folder / "mine.toml").write_text(_scenario(words), encoding="utf-8")
    study = folder / "study.toml"
    text = study.read_text(encoding="utf-8").replace('"demo_2021.sav"', json.dumps(name))
    text = re.sub(
        r"^title = .*$", lambda _: f"title = {{ {_both(''.join(words))} }}", text, flags=re.MULTILINE
    )
    text = text.replace('ready = "all"', 'files = ["mine.toml"]').replace(
        "[pressure]", "[pressure]\ndraws = 200"
    )
    study.write_text(text, encoding="utf-8")
    return folder


_SPOKEN = re.compile(r'\b(en|ja) = "((?:[^"\\]|\\.)*)"')


def _labels(text: str, turn: "cycle[str]") -> str:
    """TOML with a hostile word before each text of a language."""
    return _SPOKEN.sub(lambda told: f'{told[1]} = {_quoted(next(turn) + " ")[:-1]}{told[2]}"', text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _both(text: str) -> str:
    return f"en = {_quoted(text)}, ja = {_quoted(text)}"


def _scenario(words: Sequence[str]) -> str:
    """The affiliates rule back in force, under hostile words."""
    said = [f'schema = 1\nid = "mine"\ntitle = {{ {_both(" ".join(words))} }}']
    said += [f"about = {{ {_both(' '.join(words))} }}", f"sources = [{', '.join(map(_quoted, words))}]"]
    said += ["assumptions = [" + ", ".join(f"{{ {_both(word)} }}" for word in words) + "]"]
    said += ["[[change]]", 'do = "reinstate"', 'instrument = "US-AFFIL"', f"why = {_quoted(' '.join(words))}"]
    return "\n".join([*said, 'source = "90 FR 47201"', ""])
