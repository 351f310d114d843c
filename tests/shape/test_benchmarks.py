"""`dishu bench` runs benchmarks only: what they share has a leading underscore."""

import pytest

from dishu.cli.bench import BENCHES


@pytest.mark.parametrize("path", sorted(BENCHES.glob("[!_]*.py")), ids=lambda path: path.stem)
def test_what_is_run_by_its_name_does_something(path):
    assert '\nif __name__ == "__main__":' in path.read_text("utf-8"), f"{path.name}：不是基准的请以下划线开头"
