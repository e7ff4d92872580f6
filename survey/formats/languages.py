"""Languages as forms name them, as the short codes of a codebook."""

import re
from functools import cache

__all__ = ["language_code"]

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")
_IN_PARENTHESES = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")


def language_code(name: str) -> str:
    """The code of a language: `English (en)`, `English`, `日本語` and `ja` are en, en, ja, ja; else ""."""
    found = _IN_PARENTHESES.search(name)
    if found:
        return found[1].lower() if "-" not in found[1] else found[1]
    if _CODE.fullmatch(name):
        return name
    return _names().get(name.strip().casefold(), "")


@cache
def _names() -> dict[str, str]:
    """Names of languages in English, and of the larger ones in their own words."""
    from babel import Locale

    names = {name.casefold(): code for code, name in Locale("en").languages.items() if _CODE.fullmatch(code)}
    for code in ("ja", "en", "zh", "ko", "fr", "de", "es", "pt", "it", "nl", "vi", "th", "id", "ru", "ar"):
        own = Locale(code).get_language_name(code)
        if own:
            names[own.casefold()] = code
    return names
