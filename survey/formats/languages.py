"""Languages as forms name them, as the short codes of a codebook."""

import re

__all__ = ["language_code"]

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")
_IN_PARENTHESES = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")
_NAMES = """
am amharic አማርኛ|ar arabic العربية|bg bulgarian български|bn bengali bangla বাংলা
|cs czech čeština|da danish dansk|de german deutsch|el greek ελληνικά|en english
|es spanish español|et estonian eesti|fa persian farsi فارسی|fi finnish suomi
|fil filipino tagalog|fr french français francais|ha hausa|he hebrew עברית
|hi hindi हिन्दी|hr croatian hrvatski|ht creole haitian|hu hungarian magyar
|hy armenian|id indonesian indonesia|it italian italiano|ja japanese 日本語 にほんご
|ka georgian|kk kazakh|km khmer ខ្មែរ|ko korean 한국어|ku kurdish|lo lao
|lt lithuanian lietuvių|lv latvian latviešu|mg malagasy|mn mongolian монгол
|ms malay melayu|my burmese|ne nepali नेपाली|nl dutch nederlands|no norwegian norsk
|pl polish polski|ps pashto|pt portuguese português portugues|ro romanian română
|ru russian русский|si sinhala|sk slovak slovenčina|sl slovenian slovenščina
|so somali|sq albanian shqip|sr serbian српски|sv swedish svenska
|sw swahili kiswahili|ta tamil தமிழ்|th thai ไทย|tr turkish türkçe
|uk ukrainian українська|ur urdu اردو|uz uzbek|vi vietnamese tiếng-việt|xh xhosa
|yo yoruba|zh chinese mandarin 中文 汉语|zu zulu
"""
_CODES = {
    name: code for code, *names in (entry.split() for entry in _NAMES.strip().split("|")) for name in names
}


def language_code(name: str) -> str:
    """The code of a language: `English (en)`, `English`, `日本語` and `ja` are en, en, ja, ja; else ""."""
    found = _IN_PARENTHESES.search(name)
    if found:
        return found[1].lower() if "-" not in found[1] else found[1]
    if _CODE.fullmatch(name):
        return name
    return _CODES.get("-".join(name.split()).casefold(), "")
