"""Releases of made-up numbers, one an audience, and an application for each."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.app import make_app
from tests.dashboard.made_up import write_made_up


@pytest.fixture(scope="session")
def internal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_up(tmp_path_factory.mktemp("release") / "internal", "internal")


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_up(tmp_path_factory.mktemp("release") / "public", "public")


@pytest.fixture(scope="session")
def internal_client(internal: Path) -> FlaskClient:
    return make_app(internal).server.test_client()


@pytest.fixture(scope="session")
def public_client(public: Path) -> FlaskClient:
    return make_app(public).server.test_client()
