"""Take the picture of the briefing that README and the site begin with, from an internal Release.

    crosspressure build data/demo --audience internal --out RELEASE
    python -m tests.site.picture RELEASE/internal

Chromium opens the page on a light ground, in English, 1440 by 1000, and closes the note of the first visit;
the picture goes to docs/images.
"""

import logging
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from dashboard.app import make_app
from tests.setup_chromium import FLAGS, chromium

__all__ = ["PICTURE", "main"]

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "briefing.png"


def main(words: list[str]) -> int:
    """Serve the Release, open its first page, keep what is seen; 1 where there is no Chromium."""
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    path = chromium()
    if path is None:
        return 1
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, make_app(Path(words[0])).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"http://127.0.0.1:{server.server_port}/?lang=en&theme=light", wait_until="networkidle")
        page.locator(".js-plotly-plot").first.wait_for()
        page.get_by_role("button", name="Close this note").click()
        page.wait_for_timeout(1000)
        page.screenshot(path=str(PICTURE))
        browser.close()
    server.shutdown()
    print(f"{PICTURE} is taken.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
