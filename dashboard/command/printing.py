"""A web page printed to PDF by a browser that is on the machine: tagged, fonts embedded, nothing fetched."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

__all__ = ["find_browser", "print_page"]

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
_PATIENCE = 60


def find_browser() -> str | None:
    """The first Chromium, Chrome or Edge there is; `CROSSPRESSURE_BROWSER` names one; None without any."""
    named = os.environ.get("CROSSPRESSURE_BROWSER", "")
    return next((found for name in (named, *_BROWSERS) if name and (found := shutil.which(name))), None)


def print_page(page: str, out: Path) -> None:
    """Print a page to a PDF file.

    Parameters
    ----------
    page : str
        HTML that fetches nothing.
    out : Path
        File to write.

    Raises
    ------
    FileFault
        No browser, or it did not print.
    """
    from survey import FileFault

    browser = find_browser()
    if browser is None:
        raise FileFault(
            f"--out {out.name}",
            "no Chromium, Chrome or Edge on this machine",
            "one of them, which prints the page",
            "install one, name it in CROSSPRESSURE_BROWSER, or write --out report.html and print that",
        )
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8", newline="")
        command = [
            *(
                browser,
                "--headless=new",
                "--disable-gpu",
                "--disable-extensions",
                "--disable-background-networking",
            ),
            *(
                "--no-first-run",
                "--no-pdf-header-footer",
                "--export-tagged-pdf",
                f"--user-data-dir={folder}/profile",
            ),
            *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
            *(f"--print-to-pdf={printed}", source.as_uri()),
        ]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
            said = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [type(error).__name__]
        if not printed.is_file() or printed.stat().st_size == 0:
            raise FileFault(
                f"--out {out.name}",
                f"{Path(browser).name} printed nothing ({''.join(said) or 'no message'})",
                "a PDF within a minute",
                "write --out report.html and print that",
            )
        shutil.copyfile(printed, out)
