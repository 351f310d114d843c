"""Find the same person or unit across rosters: rules first, a held model for the rest, doubt left to people."""

from dishu.engine.link import clean as clean
from dishu.engine.link import people as people
from dishu.engine.link import units as units
from dishu.engine.link.columns import standard_columns as standard_columns
