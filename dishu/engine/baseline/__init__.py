"""The main job: dirty rosters in, figures that can be trusted out, with the rows behind each."""

from dishu.engine.baseline.draft import OutBusy, OutTaken
from dishu.engine.baseline.job import Found, Job, NothingToCount, already, run

__all__ = ["Found", "Job", "NothingToCount", "OutBusy", "OutTaken", "already", "run"]
