"""Where the data that travel with the product lie: in the checkout or inside the wheel."""

from pathlib import Path

from survey.faults import FileFault

__all__ = ["data_folder"]


def data_folder() -> Path:
    """Folder of the packaged data (`regulation`, `geography`, `demo` ...).

    In a checkout it is `data/` beside `pyproject.toml`; in an installed wheel it lies inside one
    of the packages.

    Raises
    ------
    FileFault
        No such folder: the installation is incomplete.
    """
    floor = Path(__file__).resolve().parent
    above = floor.parent
    wanted = [floor / "data", above / "dashboard" / "data"]
    if (above / "pyproject.toml").is_file():
        wanted.insert(0, above / "data")
    for folder in wanted:
        if folder.is_dir():
            return folder
    raise FileFault(
        str(wanted[0]),
        "no folder with the data of the product",
        "the folder data of the checkout, or the one inside the installed package",
        "install crosspressure again",
    )
