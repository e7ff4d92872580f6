"""Names in any script are read in Latin letters: kana, kanji and hanzi, hangul, Cyrillic, Greek, Arabic."""

import re
from functools import cache

import pandas as pd

from survey import data_folder

__all__ = ["read_in_latin"]

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005]"
_KANA = r"[\u3040-\u30ff]"
_HANGUL = r"[\uac00-\ud7a3]"
_CYRILLIC = r"[\u0400-\u04ff]"

_KANA_ROWS = """
ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se ソ so タ ta チ chi ツ tsu
テ te ト to ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho マ ma ミ mi ム mu メ me モ mo
ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ wa ヰ i ヱ e ヲ o ン n ガ ga ギ gi グ gu ゲ ge ゴ go
ザ za ジ ji ズ zu ゼ ze ゾ zo ダ da ヂ ji ヅ zu デ de ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu
ペ pe ポ po ヴ vu キャ kya キュ kyu キョ kyo シャ sha シュ shu ショ sho シェ she チャ cha チュ chu チョ cho
チェ che ニャ nya ニュ nyu ニョ nyo ヒャ hya ヒュ hyu ヒョ hyo ミャ mya ミュ myu ミョ myo リャ rya リュ ryu
リョ ryo ギャ gya ギュ gyu ギョ gyo ジャ ja ジュ ju ジョ jo ジェ je ビャ bya ビュ byu ビョ byo ピャ pya
ピュ pyu ピョ pyo ファ fa フィ fi フェ fe フォ fo フュ fyu ティ ti ディ di トゥ tu ドゥ du デュ dyu テュ tyu
ウィ wi ウェ we ウォ wo ヴァ va ヴィ vi ヴェ ve ヴォ vo ツァ tsa ツェ tse ツォ tso クァ kwa クォ kwo クィ kwi
クェ kwe グァ gwa イェ ye ァ a ィ i ゥ u ェ e ォ o ャ ya ュ yu ョ yo ヮ wa ヵ ka ヶ ke
"""
_CYRILLIC_LETTERS = """
а a б b в v г g д d е e з z и i й y к k л l м m н n о o п p р r с s т t у u ф f ц ts ы y э e і i ї i є e ґ g
ё e ж zh х kh ч ch ш sh щ shch ю yu я ya
"""
_GREEK_LETTERS = """
α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
"""
_ARABIC_LETTERS = """
ا a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ل l م m ن n
ه h و w ي y پ p چ ch ژ zh گ g ی y ک k آ a أ a إ i ة a ى a ؤ w ئ y ء a
"""
_LATIN_LETTERS = "ø o ł l đ d ı i æ ae œ oe ß ss þ th ð d"
_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_MEDIALS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
"""Of hangul syllables, in the order of Unicode."""


def _pairs(text: str) -> dict[str, str]:
    """Sign to reading, of a text in which they take turns."""
    parts = text.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


_LETTERS = str.maketrans(
    _pairs(_CYRILLIC_LETTERS + _GREEK_LETTERS + _ARABIC_LETTERS + _LATIN_LETTERS) | {"ъ": "", "ь": ""}
)
"""Letters of one sound each: Russian, Ukrainian, Greek, Arabic, Persian, Latin ones of no accent."""


def read_in_latin(names: pd.Series) -> pd.DataFrame:
    """Read each name in lower-case Latin letters, in up to three ways where its script leaves them open.

    Parameters
    ----------
    names : pandas.Series
        Text in any script; forms of companies and common words of business in Chinese, Japanese, Korean
        and Russian become their English or Latin ones (`data/reference/matching/words.csv`), kana their
        Hepburn reading, other hanzi their Mandarin reading (`pinyin.csv`), hangul its revised reading.

    Returns
    -------
    pandas.DataFrame
        `name` (position in `names`), `text`, `is_heard` (read by sound, so letters are a guess);
        one row a way, each name at least one.
    """
    plain = pd.Series(names.to_numpy(), dtype="str").fillna("").str.normalize("NFKC").str.casefold()
    plain = plain.str.normalize("NFC")
    has_han, has_kana = plain.str.contains(_HAN), plain.str.contains(_KANA)
    has_hangul, has_cyrillic = plain.str.contains(_HANGUL), plain.str.contains(_CYRILLIC)
    ways = [plain[~has_han & ~has_kana]]
    ways[0] = _by_words(ways[0], has_hangul, "ko", 0)
    ways[0] = _by_words(ways[0], has_cyrillic, "ru", 0)
    ways.append(_by_words(plain[has_han & ~has_kana], has_han, "zh", 0))
    for reading in (0, 1):
        ways.append(_by_words(plain[has_han | has_kana], has_han | has_kana, "ja", reading))
    text = pd.concat(ways)
    foreign = text.str.contains(r"[^\x00-\x7f]")
    text[foreign] = _letters(text[foreign])
    out = pd.DataFrame({"name": text.index, "text": text.to_numpy()})
    out["is_heard"] = (has_kana | has_hangul | has_cyrillic).to_numpy()[out["name"].to_numpy()]
    return out.drop_duplicates(["name", "text"]).sort_values("name", kind="stable", ignore_index=True)


def _by_words(text: pd.Series, wanted: pd.Series, lang: str, reading: int) -> pd.Series:
    """Words of one language become their readings, longest first; a gap stands between them and the rest."""
    rows = wanted[text.index]
    if not rows.any():
        return text
    known, pattern = _words(lang, reading)
    text = text.copy()
    text[rows] = text[rows].str.replace(pattern, lambda found: f" {known[found.group()]} ", regex=True)
    return text


@cache
def _words(lang: str, reading: int) -> tuple[dict[str, str], re.Pattern[str]]:
    table = pd.read_csv(
        data_folder() / "reference" / "matching" / "words.csv",
        dtype=str,
        encoding="utf-8",
        keep_default_na=False,
    )
    is_form = (table["kind"] == "form") & table["language"].isin(["zh", "ja"])
    table = table[(table["language"] == lang) | is_form & (lang in ("zh", "ja"))]
    written = table["written"].str.normalize("NFKC").str.casefold()
    ways = table["reading"].str.split("|", expand=True)
    chosen = ways[0] if reading not in ways.columns else ways[reading].fillna(ways[0])
    known = dict(zip(written, chosen, strict=True))
    longest = sorted(known, key=lambda word: (-len(word), word))
    edge = r"(?<!\w)" if lang == "ru" else ""
    return known, re.compile(edge + "(?:" + "|".join(re.escape(word) for word in longest) + ")")


@cache
def _kana() -> tuple[dict[str, str], re.Pattern[str]]:
    known = _pairs(_KANA_ROWS)
    longest = sorted(known, key=lambda word: (-len(word), word))
    return known, re.compile("|".join(longest))


@cache
def _hanzi() -> dict[int, str]:
    table = pd.read_csv(
        data_folder() / "reference" / "matching" / "pinyin.csv",
        dtype=str,
        encoding="utf-8",
        keep_default_na=False,
    )
    return {
        ord(sign): reading
        for reading, signs in zip(table["reading"], table["characters"], strict=True)
        for sign in signs
    }


def _letters(text: pd.Series) -> pd.Series:
    """Signs of every script as Latin letters; accents go, other signs become gaps."""
    hiragana = {code: chr(code + 0x60) for code in range(0x3041, 0x3097)}
    known, pattern = _kana()
    text = text.str.translate(hiragana).str.replace(r"[・･]", " ", regex=True)
    text = text.str.replace(pattern, lambda found: known[found.group()], regex=True)
    text = text.str.replace("[ッー゠々]", "", regex=True)
    text = text.str.translate(_hanzi())
    if text.str.contains(_HANGUL).any():
        text = text.str.replace(_HANGUL, lambda found: _syllable(found.group()), regex=True)
    text = text.str.translate(_LETTERS)
    text = text.str.normalize("NFKD").str.replace(r"[\u0300-\u036f]", "", regex=True)
    return text.str.translate(_LETTERS)


def _syllable(sign: str) -> str:
    """One hangul syllable in the revised romanisation, without changes between syllables."""
    first, rest = divmod(ord(sign) - 0xAC00, 588)
    middle, last = divmod(rest, 28)
    return (_INITIALS.split()[first] + _MEDIALS.split()[middle] + _FINALS.split()[last]).replace("-", "")
