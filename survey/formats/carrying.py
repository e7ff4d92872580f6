"""Where each format keeps what travels inside an exported file, and the reading it gives back."""

from pathlib import Path

from survey.formats.attributes import file_attribute
from survey.formats.carried import CARRIED, restored
from survey.formats.characteristics import read_characteristic
from survey.formats.reading import Reading

__all__ = ["with_carried"]


def with_carried(reading: Reading, path: Path, kind: str) -> Reading:
    """A reading with the names, codes and questions that its file carries, if it was exported here.

    Parameters
    ----------
    reading : Reading
        The file as read.
    path : Path
        The file.
    kind : str
        Its format.
    """
    if kind == "sav":
        return restored(reading, file_attribute(path, CARRIED), path)
    if kind == "dta":
        return restored(reading, read_characteristic(path, CARRIED), path)
    if kind == "parquet":
        from survey.formats.parquet_write import parquet_text

        return restored(reading, parquet_text(path), path)
    if kind == "ddi":
        from survey.formats.ddi_write import ddi_text

        return restored(reading, ddi_text(path), path)
    return reading
