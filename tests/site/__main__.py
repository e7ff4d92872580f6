"""Build the site from docs/, strictly, and refuse one that would fetch from elsewhere: `make docs`.

    python -m tests.site [--out data/built/site]

Exit 1 where MkDocs warns (a link or heading that does not exist, a page in no menu) or a page of the site
names a script, style, picture or font of another host.
"""

import argparse
import logging
import re
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

__all__ = ["build_site", "fetched_from_elsewhere", "main"]

HERE = Path(__file__).parent
TAG = re.compile(r"<(?:script|link|img|iframe|source|video|audio|object|embed|use)\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(r"\b(?:src|href|data|srcset)=[\"']?((?:https?:)?//[^\"'\s>]+)", re.IGNORECASE)
INERT = re.compile(r"\brel=[\"']?(?:canonical|prev|next|license)\b")
STYLE = re.compile(r"url\([\"']?((?:https?:)?//[^\"')]+)|@import\s+[\"']((?:https?:)?//[^\"']+)")


def build_site(out: Path) -> Path:
    """Write the site to `out`; MkDocsException where anything at all is to be warned of."""
    build(load_config(str(HERE / "mkdocs.yml"), site_dir=str(out.resolve()), strict=True))
    return out


def fetched_from_elsewhere(site: Path) -> list[tuple[str, str]]:
    """Page and address of whatever a browser would fetch from another host on opening a page of the site."""
    found = []
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix in (".html", ".svg"):
            tags = [tag for tag in TAG.findall(path.read_text(encoding="utf-8")) if not INERT.search(tag)]
            found += [(name, address) for tag in tags for address in ADDRESS.findall(tag)]
        elif path.suffix == ".css":
            text = path.read_text(encoding="utf-8")
            found += [(name, one or other) for one, other in STYLE.findall(text)]
    return found


def main(words: list[str]) -> int:
    """Build, look, say; 1 where something is to be mended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "data" / "built" / "site")
    args = parser.parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s  %(message)s")
    try:
        site = build_site(args.out)
    except MkDocsException as fault:
        print(f"The site was not built: {fault}", file=sys.stderr)
        return 1
    elsewhere = fetched_from_elsewhere(site)
    for page, address in elsewhere:
        print(f"{page} would fetch {address}: keep a copy in docs/ or tests/site/theme", file=sys.stderr)
    pages = sum(1 for _ in site.rglob("*.html"))
    print(f"{pages} pages in {args.out}; open it with: python -m http.server --bind 127.0.0.1 -d {args.out}")
    return int(bool(elsewhere))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
