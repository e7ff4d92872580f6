"""One browser for all tests in Chromium, a server for each Release, and what is asked of every page."""

import atexit
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from werkzeug.serving import make_server

from dashboard.app import make_app
from tests.setup_chromium import FLAGS, NAMES

__all__ = ["Seen", "chromium_path", "launched", "open_page", "run_axe", "serve_release", "wait_for_content"]


def chromium_path() -> str | None:
    """Where Chromium is: what CROSSPRESSURE_CHROMIUM names, or one on PATH."""
    given = os.environ.get("CROSSPRESSURE_CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


@cache
def launched(path: str) -> Any:
    """The one browser of all tests: starting it takes longer than most of them."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    opened = playwright.chromium.launch(
        executable_path=path, args=[flag for flag in FLAGS if flag != "--headless"]
    )
    atexit.register(playwright.stop)
    atexit.register(opened.close)
    return opened


def serve_release(folder: Path) -> Iterator[str]:
    """The address of a server of a Release, once; the server ends with the iterator."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = make_server("127.0.0.1", port, make_app(folder).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)


@dataclass
class Seen:
    """A page and all it said and asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert self.said == []
        elsewhere = [url for url in self.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
        assert elsewhere == []


def open_page(browser: Any, address: str, width: int = 1440, **more: Any) -> Seen:
    """A page in a context of its own, once it has a heading."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    context.set_default_timeout(30_000)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda m: seen.said.append(m.text) if m.type in ("error", "warning") else None)
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    seen.page.goto(address)
    seen.page.wait_for_selector("main h1")
    return seen


def wait_for_content(page: Any, path: str, *, has_firms: bool = True) -> None:
    """Wait until what a page is for stands on it."""
    if path == "/survey":
        page.wait_for_selector(".waves .main-svg")
    elif path == "/suppliers":
        page.wait_for_selector(".pairs")
    elif path == "/rules":
        page.wait_for_selector(".timeline tbody .piece", state="attached")
    elif path == "/scenarios":
        page.wait_for_selector("#breadth .main-svg" if has_firms else "#changes")
    elif path == "/benchmark":
        page.wait_for_selector("main h1")
    elif path == "/method":
        page.wait_for_selector(".chapter table tbody tr", state="attached")
    elif not has_firms:
        page.wait_for_selector(".bands")
    elif path == "/":
        page.wait_for_selector(".quadrant .main-svg")
    else:
        page.wait_for_selector("#grid .ag-row a[data-firm]")


def run_axe(page: Any) -> list[str]:
    """Serious and critical findings of axe-core."""
    page.evaluate(AXE_SCRIPT + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    assert len(found["passes"]) > 10
    return [
        f"{one['id']}: {one['help']} {json.dumps([node['target'] for node in one['nodes'][:4]])}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
