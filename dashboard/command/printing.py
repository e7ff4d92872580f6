"""A web page made a PDF or a picture by a browser that is on the machine; nothing is fetched."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from dashboard.command.pdf_title import with_title
from dashboard.settings import NAMED, SETTINGS
from dashboard.steps import Tick, untold

__all__ = ["find_browser", "picture_page", "print_page"]

_BROWSERS = (
    *(
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "microsoft-edge",
        "msedge",
        "chrome",
    ),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_MAKER = re.compile(rb"/Creator \((?:\\.|[^\\()])*\)")
"""What a browser says in a PDF of itself and of the machine it runs on."""

_PATIENCE = 60
_PAUSE = 0.2
"""Seconds between two looks whether to go on."""


def find_browser() -> str | None:
    """The first Chromium, Chrome or Edge there is, the one of the setting `browser` before; None without."""
    around = tuple(os.environ.get(name, "") for name in (SETTINGS["browser"].variable, NAMED))
    named = _named(Path.cwd(), *around)
    return next((found for name in (named, *_BROWSERS) if name and (found := shutil.which(name))), None)


@cache
def _named(_here: Path, _variable: str, _file: str) -> str:
    """The browser that is set, read once while nothing that sets it changes."""
    from dashboard.settled import read_settings

    return str(read_settings()["browser"].value)


def print_page(page: str, out: Path, *, folder: Path | None = None, tick: Tick = untold) -> None:
    """Print a page to a PDF file that says its title and names our product as its maker, not the machine.

    Parameters
    ----------
    page : str
        HTML that fetches nothing.
    out : Path
        File to write.
    folder : Path, optional
        Where the browser works meanwhile; by default the system's folder for such.
    tick : Tick
        Asked several times a second whether to go on.

    Raises
    ------
    FileFault
        No browser, or it did not print.
    """
    flags = ("--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline")
    instead = "write --out report.html and print that"
    _let_browser(page, out, flags, "--print-to-pdf", "PDF", instead, folder, tick)
    made = _MAKER.sub(
        lambda found: b"/Creator (Crosspressure)".ljust(len(found.group())), out.read_bytes(), 1
    )
    # as many bytes as before: a PDF states where in it each part begins
    out.write_bytes(with_title(made, page))


def picture_page(page: str, out: Path, *, wide: int, tall: int) -> None:
    """A picture (PNG) of a page, in twice the pixels so that print and fine screens show it sharp.

    Parameters
    ----------
    page : str
        HTML that fetches nothing.
    out : Path
        File to write.
    wide, tall : int
        Size of the page, in pixels of CSS.

    Raises
    ------
    FileFault
        No browser, or it made no picture.
    """
    flags = ("--hide-scrollbars", "--force-device-scale-factor=2", f"--window-size={wide},{tall}")
    _let_browser(page, out, flags, "--screenshot", "picture", "write --out card.svg, which needs none")


def _let_browser(
    page: str,
    out: Path,
    flags: tuple[str, ...],
    order: str,
    made: str,
    instead: str,
    work: Path | None = None,
    tick: Tick = untold,
) -> None:
    """Let a browser make one file of a page."""
    from survey import FileFault

    browser = find_browser()
    if browser is None:
        raise FileFault(
            f"--out {out.name}",
            "no Chromium, Chrome or Edge on this machine",
            f"one of them, which makes the {made}",
            f"install one, name it in CROSSPRESSURE_BROWSER, or {instead}",
        )
    with tempfile.TemporaryDirectory(dir=work) as folder:
        source, file = Path(folder) / "page.html", Path(folder) / f"made{out.suffix}"
        source.write_text(page, encoding="utf-8", newline="")
        command = [
            *(
                browser,
                "--headless=new",
                "--disable-gpu",
                "--disable-extensions",
                "--disable-background-networking",
            ),
            *("--no-first-run", f"--user-data-dir={folder}/profile", *flags),
            *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
            *(f"{order}={file}", source.as_uri()),
        ]
        try:
            said = _run(command, tick)
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [type(error).__name__]
        if not file.is_file() or file.stat().st_size == 0:
            raise FileFault(
                f"--out {out.name}",
                f"{Path(browser).name} made nothing ({''.join(said) or 'no message'})",
                f"a {made} within a minute",
                instead,
            )
        shutil.copyfile(file, out)


def _run(command: list[str], tick: Tick) -> list[str]:
    """Run a browser to its end, or stop it; its last line."""
    late = time.monotonic() + _PATIENCE
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            while True:
                try:
                    _, said = running.communicate(timeout=_PAUSE)
                    return said.decode("utf-8", "replace").strip().splitlines()[-1:]
                except subprocess.TimeoutExpired:
                    if time.monotonic() > late:
                        raise
                tick("print", 0, 0)
        except BaseException:
            running.kill()
            raise
