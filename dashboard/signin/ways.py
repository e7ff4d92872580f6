"""Where the pages of the gate lie, and which ways to them and on from them stay on this server."""

from urllib.parse import parse_qs, urlsplit, urlunsplit

from werkzeug.wrappers import Request

__all__ = ["OWN_PATHS", "as_chosen", "is_from_here", "own_way"]

OWN_PATHS = ("/sign-in", "/sign-out", "/welcome/", "/account")
"""Where the pages of the gate lie."""


def is_from_here(asked: Request) -> bool:
    """Whether something sent comes from a page of this server, and not from another's.

    Browsers say so in `Sec-Fetch-Site`, older ones in `Origin` (which is `null` in forms under our policy of
    referrers); what says neither is no browser of today, and is refused.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = asked.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == asked.host


def own_way(way: str) -> str:
    """A path of this server to go on to; the first page where it is anything else."""
    try:
        parts = urlsplit(way)
    except ValueError:
        return "/"
    is_own = way.startswith("/") and not way.startswith("//") and "\\" not in way and not parts.netloc
    return way if is_own and way.isprintable() and not way.startswith(OWN_PATHS[:3]) else "/"


def as_chosen(way: str, lang: str, theme: str) -> str:
    """A path of this server in the language and theme somebody has while signing in, unless it names its own.

    Parameters
    ----------
    lang : str
        "" where none was chosen.
    theme : str
        `system` where none was chosen.
    """
    parts = urlsplit(way)
    named = parse_qs(parts.query)
    more = [f"lang={lang}"] if lang and "lang" not in named else []
    more += [f"theme={theme}"] if theme != "system" and "theme" not in named else []
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, *more)))))
