"""Browser and servers that tests in Chromium share: each is started once, at its first use."""

from collections.abc import Iterator
from typing import Any

import pytest

from analysis import write_release
from tests.analysis.ready_study import write_ready
from tests.browser.opening import chromium_path, launched, serve_release
from tests.dashboard.made_up import write_made_up


@pytest.fixture(scope="session")
def browser() -> Any:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium: set CROSSPRESSURE_CHROMIUM, or put chromium on PATH")
    return launched(path)


@pytest.fixture(scope="session")
def internal_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_release(write_made_up(tmp_path_factory.mktemp("site") / "internal"))


@pytest.fixture(scope="session")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve_release(write_made_up(tmp_path_factory.mktemp("site") / "public", "public"))


@pytest.fixture(scope="session")
def ready_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Release that firms can be compared with."""
    folder = tmp_path_factory.mktemp("ready")
    study, _ = write_ready(folder)
    write_release(study, folder / "out")
    yield from serve_release(folder / "out" / "internal")
