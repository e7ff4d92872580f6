"""Which rules touch the flows of a study's firms on a day: contacts and collisions without any model."""

from datetime import date

from analysis.pressure.day import Day, day_of, meet_day
from analysis.pressure.outcome import firm_ids
from analysis.pressure.settings import pressure_settings
from survey import Study, latest_wave

__all__ = ["touch_firms"]


def touch_firms(study: Study, *, as_of: date | None = None, every: bool = False) -> Day:
    """Flows, contacts and collisions of the firms of a study's last wave.

    Parameters
    ----------
    study : Study
        With `[supply]`.
    as_of : date, optional
        Day the rules, lists and links are looked at; by default the study's.
    every : bool
        Keep contacts with outcome `none`, with the gate that failed.

    Raises
    ------
    StudyFault
        No links or no date, or a setting that does not fit.
    """
    day = day_of(study, as_of)
    wave = latest_wave(study)
    return meet_day(study, day, firm_ids(wave, study), pressure_settings(study).dormant, every=every)
