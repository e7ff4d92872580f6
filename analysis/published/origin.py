"""Where a table of printed figures comes from: title, version, publisher, and its checksum when received."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from survey import FileFault, data_folder, read_toml

__all__ = ["Origin", "usual_figures", "usual_origin"]

_FOLDER = ("reference", "published")


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a file of printed figures.

    Attributes
    ----------
    file, sha256 : str
        Its name, and the checksum of its bytes.
    title, publisher : Mapping[str, str]
        Language to words; empty where nobody told.
    version, dated : str
        Version of the data and its day; "" where nobody told.
    """

    file: str
    sha256: str
    title: Mapping[str, str] = field(default_factory=dict)
    publisher: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    dated: str = ""

    @classmethod
    def of_file(cls, path: Path) -> "Origin":
        """The origin of a file that comes without a record: its name and checksum."""
        return cls(path.name, _checksum(path))


def usual_figures() -> Path:
    """The file of printed figures that travels with the product."""
    return data_folder().joinpath(*_FOLDER, "published_waves.csv")


def usual_origin() -> Origin:
    """The record of the figures that travel with the product.

    Raises
    ------
    FileFault
        The file of figures is not the one that was received.
    """
    path = data_folder().joinpath(*_FOLDER, "origin.toml")
    told, _ = read_toml(path)
    received = next(entry for entry in told["files"] if entry["received"])
    figures = path.parent / str(received["name"])
    found = _checksum(figures)
    if found != received["sha256"]:
        raise FileFault(
            str(figures),
            f"checksum {found[:12]}",
            f"checksum {received['sha256'][:12]} as in {path.name}",
            "put the received file back; it is not edited",
        )
    return Origin(
        figures.name,
        found,
        dict(told["title"]),
        dict(told["publisher"]),
        str(told["version"]),
        told["dated"].isoformat(),
    )


def _checksum(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
