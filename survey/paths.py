"""Where files lie: the data that travel with the product, and the file that was probably meant."""

from difflib import get_close_matches
from pathlib import Path

from survey.faults import FileFault

__all__ = ["data_folder", "near_path"]


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


def near_path(path: Path) -> str:
    """What to do about a path that does not exist: the names in its folder that come nearest."""
    folder = path.parent
    if not folder.is_dir():
        return f"check the path: there is no folder {folder}"
    close = get_close_matches(path.name, [p.name for p in folder.iterdir()], n=3, cutoff=0.6)
    return "did you mean " + ", ".join(close) + "?" if close else "check the path"
