"""The data of the product are found in the checkout and in an installed wheel."""

import pytest

from survey import FileFault, data_folder, paths


def test_in_a_checkout_it_is_the_folder_data():
    assert data_folder().name == "data"
    assert (data_folder().parent / "pyproject.toml").is_file() or data_folder().parent.name in (
        "survey",
        "dashboard",
    )


@pytest.mark.parametrize("inside", ["survey/data", "dashboard/data"])
def test_in_a_wheel_it_is_inside_a_package(tmp_path, monkeypatch, inside):
    (tmp_path / "survey").mkdir()
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "survey" / "paths.py"))
    (tmp_path / "data").mkdir()
    with pytest.raises(FileFault, match="install crosspressure again"):
        data_folder()
    (tmp_path / inside).mkdir(parents=True)
    assert data_folder() == tmp_path / inside
