"""Each extra of the distribution is known, and its lack is told with the line that installs it."""

import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard.briefs import forms_here
from dashboard.command import main
from survey import has_extra, not_installed
from survey.extras import EXTRAS
from tests.house_map import TOP
from tests.stranger import ASKING


def test_the_extras_are_those_of_the_distribution_and_name_modules_they_install() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["optional-dependencies"]
    assert set(EXTRAS) == set(declared) == set(ASKING)
    plain = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    owners = packages_distributions()
    for extra, lines in declared.items():
        asked = {canonicalize_name(Requirement(line).name) for line in lines}
        assert not asked & plain, f"{extra} holds what everybody has"
        if not has_extra(extra):
            continue
        for module in EXTRAS[extra].modules:
            assert asked & {canonicalize_name(name) for name in owners[module]}, f"{extra}: {module}"


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_missing_extra_is_named_with_its_install_line(extra: str, monkeypatch) -> None:
    for module in EXTRAS[extra].modules:
        monkeypatch.setitem(sys.modules, module, None)
    assert not has_extra(extra)
    fault = not_installed("here", extra)
    assert fault.do == f'python -m pip install "crosspressure[{extra}]"'
    assert extra in fault.found and EXTRAS[extra].modules[0] in fault.found


def test_a_deck_without_the_extra_is_refused_before_any_work_and_no_page_offers_it(
    tmp_path, monkeypatch, capsys
) -> None:
    assert "pptx" in forms_here()
    monkeypatch.setitem(sys.modules, "pptx", None)
    assert "pptx" not in forms_here() and "xlsx" in forms_here()
    assert main(["brief", str(tmp_path / "nowhere"), "--format", "pptx", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert 'pip install "crosspressure[export]"' in told and "nowhere" not in told
    assert not list(tmp_path.iterdir())
