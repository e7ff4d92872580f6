"""Find a Chromium that really starts, or fetch one: on PATH, else Playwright's, else the distribution's.

`python -m tests.setup_chromium` prints its path and exits 0, or says why there is none and exits 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["FLAGS", "chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags every check starts Chromium with: no window, no request of its own."""


def chromium() -> str | None:
    """Path of a Chromium that opened a page just now, or None; says on stderr what was tried."""
    for where, path in _candidates():
        why = _fault(path)
        if why is None:
            return path
        print(f"Chromium {where} at {path} does not start: {why}", file=sys.stderr)
    return None


def _candidates() -> Iterator[tuple[str, str]]:
    """Places to look, nearest first; the later ones are only fetched when the earlier ones failed."""
    given = os.environ.get("CROSSPRESSURE_CHROMIUM")
    if given:
        yield "of CROSSPRESSURE_CHROMIUM", given
    yield from (("on PATH", path) for name in NAMES if (path := shutil.which(name)))
    path = _playwright_path()
    if not Path(path).exists():
        print("No Chromium on PATH: fetching Playwright's", file=sys.stderr)
        _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=240)
    if Path(path).exists():
        yield "of Playwright", path
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing the distribution's chromium and fonts-noto-cjk", file=sys.stderr)
        install = ["apt-get", "install", "-y", "-q", "chromium", "fonts-noto-cjk"]
        if not _run(install, seconds=400):
            _run(["apt-get", "update", "-q"], seconds=120)
            _run(install, seconds=400)
        yield from (("of the distribution", path) for name in NAMES if (path := shutil.which(name)))


def _playwright_path() -> str:
    """Where Playwright keeps, or would keep, its own Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        return play.chromium.executable_path


def _fault(path: str) -> str | None:
    """Open one page with Japanese text in it; the reason why that failed, or None."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=path, args=list(FLAGS), timeout=60_000)
            try:
                page = browser.new_page()
                page.set_content("<title>x</title><p id=t>圧力</p>")
                return None if page.inner_text("#t") == "圧力" else "it shows another text than it was given"
            finally:
                browser.close()
        except Error as error:
            return str(error).strip().splitlines()[0]


def _run(command: list[str], seconds: int) -> bool:
    """Run a command with its output on stderr; whether it ended well in time."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return (
            subprocess.run(command, stdout=sys.stderr, timeout=seconds, env=quiet, check=False).returncode
            == 0
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
        return False


if __name__ == "__main__":
    found = chromium()
    if found:
        print(found)
    sys.exit(found is None)
