"""The main job: dirty rosters in, figures that can be trusted out, with the rows behind each."""

from dishu.engine.baseline.job import Found, Job, NothingToCount, OutTaken, already, run

__all__ = ["Found", "Job", "NothingToCount", "OutTaken", "already", "run"]
