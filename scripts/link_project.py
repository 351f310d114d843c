"""Makes the command `dishu` in the environment that runs this, from the code beside it: nothing is downloaded or built.

A path file lets Python find the package; a launcher of three lines starts it. The launcher finds its Python beside
itself, so long paths and paths with blanks do no harm.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

LAUNCHER = """#!/bin/sh
'''exec' "$(dirname -- "$0")/python" "$0" "$@"
' '''
import sys
from dishu.cli import main
sys.exit(main(prog_name="dishu"))
"""


def link(project: Path) -> Path:
    """Write both files and say where the command is."""
    Path(sysconfig.get_path("purelib"), "dishu.pth").write_text(f"{project}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts"), "dishu")
    command.unlink(missing_ok=True)
    command.write_text(LAUNCHER, encoding="utf-8")
    command.chmod(0o755)
    return command


if __name__ == "__main__":
    if sys.prefix == sys.base_prefix:
        sys.exit("Run me with the environment's own Python: .venv/bin/python scripts/link_project.py")
    link(Path(__file__).resolve().parent.parent)
