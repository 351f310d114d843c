"""`python -m dishu.cli` is the command `dishu`."""

from dishu.cli import main

main()
