"""The content security policy of an answer: this host only, what we put into the page itself by its hash."""

import base64
import hashlib
import html
import re

__all__ = ["CHART_LOOKS", "content_policy"]

_SHARP = (
    "optimizeSpeed -moz-crisp-edges -o-crisp-edges -webkit-optimize-contrast optimize-contrast crisp-edges"
)
CHART_LOOKS = frozenset({"".join(f"image-rendering: {way}; " for way in (*_SHARP.split(), "pixelated"))})
"""Attributes of style that the script of the charts writes: shaded fields keep their edges."""

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA_BLOCK = re.compile(r"type=[\"']application/json[\"']")
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_STYLED = re.compile(r"""\sstyle=(?:"([^"]*)"|'([^']*)')""")


def content_policy(
    scripts: str = "", drawn: str = "", nonce: str = "", more: frozenset[str] = frozenset()
) -> str:
    """Content security policy of a response: this host only, and what we put into the page by its hash.

    Parameters
    ----------
    scripts : str
        Tags of the page's own scripts. They hold nothing that people gave: what stands elsewhere in the
        page, whoever put it there, does not run.
    drawn : str
        HTML of what the page shows before its scripts run, of which attributes of style count.
    nonce : str
        What the scripts of this one answer know, and sheets of style that they make bear: bundles of
        components bring theirs as text. Without one no sheet in a page counts.
    more : frozenset of str
        Attributes of style that scripts of ours write, whole (`CHART_LOOKS`).
    """
    runs = {text for attributes, text in _INLINE.findall(scripts) if not _DATA_BLOCK.search(attributes)}
    looks = {
        html.unescape(double or single)
        for tag in _TAG.findall(drawn)
        for double, single in _STYLED.findall(tag)
    } | more
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *_hashes(runs)]),
            " ".join(["style-src 'self'", *([f"'nonce-{nonce}'"] if nonce else [])]),
            " ".join(["style-src-attr", *(["'unsafe-hashes'", *_hashes(looks)] if looks else ["'none'"])]),
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _hashes(texts: set[str]) -> list[str]:
    made = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in texts)
    return sorted(f"'sha256-{one}'" for one in made)
