"""The parts lean one way only: the contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from print_tree import ROOT


def test_import_contracts_hold():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
