"""Names of public lists damaged as people damage them, and names that only look like listed ones; seeded.

What is damaged and what is mixed comes from one half of the list and of the firms of the world (`half`), so
that a scorer fitted on one half is judged on the other.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["KINDS", "Trial", "half_of", "read_lists", "trial"]

KINDS = ("typing", "order", "legal form", "shortened", "joined", "cyrillic", "katakana", "as listed")
"""How a name is damaged; some names in a second way too."""

LEGAL = (
    "CO|LTD|LIMITED|INC|LLC|CORP|CORPORATION|COMPANY|GMBH|SA|AG|PLC|BV|NV|"
    "SRL|SPA|OOO|OAO|JSC|PJSC|LTDA|SL|EU|CIA|AS"
)
WORDY = (
    "(?:OPEN |CLOSED |PUBLIC |PRIVATE )?JOINT[ -]STOCK (?:COMPANY|CO)"
    "|LIMITED LIABILITY (?:COMPANY|CO|PARTNERSHIP)|SOCIEDAD POR ACCIONES SIMPLIFICADA"
    "|S(?:OCIEDAD)? DE R(?:ESPONSABILIDAD)? ?L(?:IMITADA)?|DE C ?V|S DE R ?L"
    "|SOCIEDAD ANONIMA|PT[EY] LTD|SP Z ?O ?O|S DE RL DE CV"
)
MORE = (
    "OJSC|CJSC|ZAO|PAO|AO|FZE|FZCO|FZC|EOOD|OOD|EAD|AD|DOO|SAS|SARL|SAL|KG|"
    "PRIVATE|PTE|PTY|PVT|SH ?A|KK|THE|OF|AND|DE|LA|EL|DEL"
)
SHORT = {
    "INTERNATIONAL": "INTL", "COMPANY": "CO", "CORPORATION": "CORP", "LIMITED": "LTD", "MANUFACTURING":
    "MFG", "INDUSTRIES": "IND", "INDUSTRIAL": "IND", "TECHNOLOGY": "TECH", "TECHNOLOGIES": "TECH",
    "DEVELOPMENT": "DEV", "GENERAL": "GEN", "ENGINEERING": "ENG", "TRADING": "TRDG", "SHIPPING": "SHPG",
    "NATIONAL": "NATL", "INSTITUTE": "INST", "UNIVERSITY": "UNIV", "SERVICES": "SVCS", "TRANSPORT":
    "TRANS", "INVESTMENT": "INV", "ENTERPRISES": "ENT", "ORGANIZATION": "ORG", "FOUNDATION": "FDN",
    "COMMERCIAL": "COMML", "PETROLEUM": "PETR", "MINISTRY": "MIN", "CENTER": "CTR", "AND": "&",
    "ASSOCIATION": "ASSN", "CONSTRUCTION": "CONSTR", "PRODUCTION": "PROD", "GROUP": "GRP", "EXCHANGE":
    "EXCH", "RESEARCH": "RES", "AVIATION": "AVN",
}  # fmt: skip
CYRILLIC = {
    **dict(zip("ABVGDEZIYKLMNOPRSTUFHC", "АБВГДЕЗИЙКЛМНОПРСТУФХК", strict=True)),
    **{"SHCH": "Щ", "ZH": "Ж", "KH": "Х", "CH": "Ч", "SH": "Ш", "TS": "Ц", "YA": "Я", "YU": "Ю", "J": "ДЖ"},
    **{"Q": "К", "W": "В", "X": "КС", "PH": "Ф"},
}
KANA = {
    "": "アイウエオ", "K": "カキクケコ", "S": "サシスセソ", "T": "タティトゥテト", "N": "ナニヌネノ",
    "H": "ハヒフヘホ",
    "M": "マミムメモ", "R": "ラリルレロ", "G": "ガギグゲゴ", "Z": "ザジズゼゾ", "D": "ダディドゥデド",
    "B": "バビブベボ", "P": "パピプペポ",
}  # fmt: skip
DOUBLE = {
    "F": ("ファ", "フィ", "フ", "フェ", "フォ"), "V": ("ヴァ", "ヴィ", "ヴ", "ヴェ", "ヴォ"),
    "W": ("ワ", "ウィ", "ウ", "ウェ", "ウォ"), "Y": ("ヤ", "イ", "ユ", "イェ", "ヨ"),
    "SH": ("シャ", "シ", "シュ", "シェ", "ショ"), "CH": ("チャ", "チ", "チュ", "チェ", "チョ"),
    "J": ("ジャ", "ジ", "ジュ", "ジェ", "ジョ"), "T": ("タ", "ティ", "トゥ", "テ", "ト"),
    "D": ("ダ", "ディ", "ドゥ", "デ", "ド"),
}  # fmt: skip
KANA_FIRST = (
    *(("PH", "F"), ("TH", "S"), ("TION", "SHON"), ("CK", "K")),
    *(("QU", "KU"), ("Q", "K"), ("X", "KUS"), ("L", "R")),
)
ALONE = {
    "N": "ン",
    "T": "ト",
    "D": "ド",
    "SH": "シュ",
    "CH": "チ",
    "J": "ジ",
    "M": "ム",
    "Y": "イ",
    "H": "",
    "W": "ウ",
}


@dataclass(frozen=True)
class Trial:
    """Names to look up (`name, kind, entries`: right ones, "|" between them, "" for none) and the list."""

    asked: pd.DataFrame
    listed: pd.DataFrame


def half_of(texts: pd.Series) -> np.ndarray:
    """0 or 1 for each text, by its checksum."""
    return np.array([hashlib.sha256(text.encode()).digest()[0] % 2 for text in texts.astype(str)])


def read_lists(folder: Path) -> pd.DataFrame:
    """`entry, name` of every organisation of the lists, aliases as rows of their own."""
    lists = folder / "us_lists"
    main = pd.read_csv(lists / "ofac_sdn_entities.csv", dtype=str, keep_default_na=False)
    alias = pd.read_csv(lists / "ofac_sdn_entity_aliases.csv", dtype=str, keep_default_na=False)
    more = pd.read_csv(lists / "csl_sample_entities.csv", dtype=str, keep_default_na=False)
    more["entry"] = "csl" + more.index.astype(str)
    other = more.assign(name=more["alt_names"].str.split(";")).explode("name")
    rows = [
        main.rename(columns={"ent_num": "entry"})[["entry", "name"]],
        alias.rename(columns={"ent_num": "entry", "alt_name": "name"})[["entry", "name"]],
        more[["entry", "name"]],
        other[["entry", "name"]],
    ]
    table = pd.concat(rows, ignore_index=True)
    table["name"] = table["name"].str.strip()
    return table[table["name"] != ""].drop_duplicates(ignore_index=True)


def trial(folder: Path, half: int, many: int, rng: np.random.Generator, *, twice: float = 0.1) -> Trial:
    """`many` damaged names of one half of the list, as many that are on no list (half mixed, half firms).

    `twice` of the names are damaged in a second way.
    """
    listed = read_lists(folder)
    mine = listed[half_of(listed["entry"]) == half]
    same = listed.groupby(listed["name"].map(_bare))["entry"].agg(
        lambda entries: "|".join(sorted(set(entries)))
    )
    drawn = mine.iloc[rng.choice(len(mine), many, replace=many > len(mine))]
    kinds = rng.choice(len(KINDS), len(drawn), p=(0.26, 0.16, 0.18, 0.16, 0.04, 0.07, 0.07, 0.06))
    often = listed["name"].str.upper().str.split().explode().value_counts()
    common = set(often.index[often >= 8])
    rows = []
    for name, kind in zip(drawn["name"], kinds, strict=True):
        text = (
            name
            if kind > 4 or rng.random() > twice
            else _damage(name, int(rng.choice([0, 1, 2, 3])), common, rng)
        )
        rows.append((_damage(text, int(kind), common, rng), KINDS[kind], same[_bare(name)]))
    known, split = set(same.index), [name.split() for name in mine["name"]]
    mixed: list[tuple[str, str, str]] = []
    while len(mixed) < many // 2:
        text = _mixed(split, rng)
        if text and _bare(text) not in known:
            mixed.append((text, "mixed words", ""))
    world = pd.read_parquet(folder / "gleif" / "gleif_tech_firms.parquet", columns=["lei", "legal_name"])
    world = world[half_of(world["lei"]) == half]
    world = world[~world["legal_name"].map(_bare).isin(known)]
    firms = world["legal_name"].iloc[rng.choice(len(world), many - many // 2, replace=False)]
    rows += mixed + [(name, "other firms", "") for name in firms]
    return Trial(pd.DataFrame(rows, columns=["name", "kind", "entries"]), listed)


def _bare(name: str) -> str:
    """Letters and digits of the words that are no legal form."""
    text = re.sub(rf"\b(?:{WORDY})\b", " ", name.upper().replace(".", ""))
    text = re.sub(rf"\b(?:{LEGAL}|{MORE})\b", " ", text)
    return "".join(sorted(re.findall(r"\w+", text)))


def _damage(name: str, kind: int, common: set[str], rng: np.random.Generator) -> str:
    upper = name.upper()
    if kind == 0:
        for _ in range(1 + (len(name) > 24)):
            name = _mistyped(name, rng)
        return name
    if kind == 1:
        words = name.split()
        return " ".join(words[i] for i in rng.permutation(len(words)))
    if kind == 2:
        bare = re.sub(rf"[\s,]+(?:{LEGAL}|L\.L\.C|S\.A)\b\.?", "", upper).strip() or name
        form = rng.choice(["", "", "LTD", "CO., LTD.", "INC", "LLC", "GMBH", "S.A.", "CORP", "JSC"])
        return f"{bare} {form}".strip()
    if kind == 3:
        words = upper.split()
        long = [i for i, word in enumerate(words) if word in SHORT or (len(word) > 6 and word in common)]
        if not long:
            return _damage(name, 2, common, rng)
        for i in rng.permutation(long)[: 1 + (len(long) > 3)]:
            word = words[i]
            words[i] = SHORT.get(word, word[: int(rng.integers(4, 6))] + str(rng.choice(["", "."])))
        return " ".join(words)
    if kind == 4:
        return (
            name.replace(" ", "", 1) if " " in name else f"{name[: len(name) // 2]} {name[len(name) // 2 :]}"
        )
    if kind == 5:
        return re.sub(
            "|".join(sorted(CYRILLIC, key=len, reverse=True)), lambda found: CYRILLIC[found.group()], upper
        )
    if kind == 6:
        bare = re.sub(rf"\b(?:{LEGAL})\b\.?", "", upper)
        words = [
            _in_kana(word) for word in re.findall(r"[A-Z]+|\d+", bare if re.search("[A-Z]", bare) else upper)
        ]
        return ("・" if rng.random() < 0.5 else "").join(words)
    return name


def _mistyped(name: str, rng: np.random.Generator) -> str:
    places = [i for i, sign in enumerate(name) if sign.isalpha()]
    if not places:
        return name
    i, letter = int(rng.choice(places)), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[int(rng.integers(26))]
    way = int(rng.integers(4))
    if way == 0:
        return name[:i] + letter + name[i + 1 :]
    if way == 1 and len(places) > 3:
        return name[:i] + name[i + 1 :]
    if way == 2:
        return name[:i] + letter + name[i:]
    return name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]


def _in_kana(word: str) -> str:
    """A Latin word in katakana by rule: consonant and vowel one sign, other consonants with u or o."""
    word = re.sub(r"(?<=[AEO])R(?![AEIOUY])", "", word)
    for long, plain in KANA_FIRST:
        word = word.replace(long, plain)
    word = re.sub(r"C(?=[EIY])", "S", re.sub(r"(.)\1", r"\1", word))
    word = re.sub(r"C(?!H)", "K", word)
    out = []
    for start, vowel in re.findall(r"(SH|CH|[B-DF-HJ-NP-TV-Z])?([AEIOU])?", word):
        if vowel:
            signs = DOUBLE.get(start) or KANA.get(start, KANA["K"])
            out.append(signs["AIUEO".index(vowel)])
        elif start:
            out.append(ALONE.get(start, (DOUBLE.get(start) or KANA.get(start, KANA["K"]))[2]))
    return "".join(out)


def _mixed(split: list[list[str]], rng: np.random.Generator) -> str:
    """A name of real words that nobody bears: halves of two names, or one word put in another's place."""
    legal = re.compile(rf"(?:{LEGAL}|{MORE}|OBSHCHESTVO|OTVETSTVENNOSTYU|AKTSIONERNOE)\W*|\W*")
    one, two, three = (split[int(i)] for i in rng.choice(len(split), 3, replace=False))
    way = int(rng.integers(3))
    if way == 0:
        return " ".join(one[: max(1, len(one) // 2)] + two[len(two) // 2 :])
    if way == 1:
        return " ".join(str(rng.choice(words)) for words in (one, two, three)[: int(rng.integers(2, 4))])
    mine = [i for i, word in enumerate(one) if not legal.fullmatch(word) and len(word) > 3]
    theirs = [word for word in two if not legal.fullmatch(word) and len(word) > 3 and word not in one]
    if len(one) < 2 or not mine or not theirs:
        return ""
    words = list(one)
    words[int(rng.choice(mine))] = str(rng.choice(theirs))
    return " ".join(words)
