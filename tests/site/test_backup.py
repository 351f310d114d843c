"""A site backed up and restored elsewhere is the same site: rows, figures, files, trail; half of one is never taken for one."""

import json
import os
import subprocess
import sys
import tarfile

import pytest
from click.testing import CliRunner
from rosterdesk import DAY, OTHER_UNIT, SUN, UNIT, put

from dishu.cli import backup, main, pg
from dishu.engine import figures as engine
from dishu.site.reports import current

FIGURES = """
import json, datetime
from dishu.engine import figures as engine
from dishu.site.reports import current, soon
from dishu.cli import pg
soon.PATIENCE = 60
day = datetime.date({day})
now = current.current()
print(json.dumps([pg.rows(), [list(map(str, r.values())) for r in engine.figures(now.counts(day), now.tree(day)).to_pylist()]]))
"""


@pytest.fixture
def world(committed):
    put("1单位.csv", UNIT, OTHER_UNIT)
    put(
        "2党员.csv",
        {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"], "组织关系所在党组织": "曾都区东城支部"},
    )


def elsewhere(home, *words):
    """The command in a process of its own, on a home of its own."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    command = [sys.executable, "-m", "dishu.cli", *words]
    return subprocess.run(command, env={**environment, "DISHU_HOME": str(home)}, capture_output=True, text=True)


@pytest.mark.slow
def test_what_is_restored_is_what_was_backed_up(world, home, tmp_path_factory):
    now = current.current()
    figures = [list(map(str, r.values())) for r in engine.figures(now.counts(DAY), now.tree(DAY)).to_pylist()]
    file, other = tmp_path_factory.mktemp("kept") / "site.dishu", tmp_path_factory.mktemp("other") / "home"
    rows = backup.write(file)
    done = elsewhere(other, "restore", str(file))
    assert done.returncode == 0, done.stderr
    told = elsewhere(other, "manage", "shell", "-v0", "-c", FIGURES.format(day=f"{DAY.year}, {DAY.month}, {DAY.day}"))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[-1]) == [rows, figures]
    files = {f.relative_to(home): f.read_bytes() for f in (home / "files").rglob("*") if f.is_file()}
    assert files
    assert {f.relative_to(other): f.read_bytes() for f in (other / "files").rglob("*") if f.is_file()} == files
    again = elsewhere(other, "restore", str(file))
    assert again.returncode == 2
    assert "不是空的" in again.stderr


@pytest.fixture
def file(world, home, tmp_path_factory):
    home.joinpath("files").mkdir(exist_ok=True)
    file = tmp_path_factory.mktemp("kept") / "site.dishu"
    backup.write(file)
    return file


def names_in(file):
    with tarfile.open(file) as archive:
        return archive.getnames()


def test_the_key_is_in_it_only_when_asked_for(file, world):
    names = names_in(file)
    assert backup.KEYS not in names
    assert not [n for n in names if "postgres" in n]
    backup.write(file, with_key=True)
    assert backup.KEYS in names_in(file)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("part", [0.1, 0.3, 0.9])
def test_a_backup_cut_short_is_refused(file, part):
    with file.open("r+b") as stream:
        stream.truncate(int(file.stat().st_size * part))
    with pytest.raises(ValueError, match="断了|不符"):
        backup.verified(file)


def test_a_changed_byte_is_found(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ValueError, match="不符|断了|不该有"):
        backup.verified(file)


def test_broken_off_it_leaves_the_earlier_one_untouched(file, monkeypatch):
    before = file.read_bytes()

    def no_space(dump):
        raise RuntimeError("磁盘已满")

    monkeypatch.setattr(pg, "dump", no_space)
    with pytest.raises(RuntimeError):
        backup.write(file)
    assert file.read_bytes() == before


def test_a_home_half_restored_is_not_served(home):
    (home / backup.BROKEN_OFF).touch()
    with pytest.raises(RuntimeError, match="没有做完"):
        backup.refuse_half(home)


def test_a_filled_home_is_never_written_over(file, home, monkeypatch):
    monkeypatch.setenv("DISHU_HOME", str(home))
    (home / "kept").touch()
    answer = CliRunner().invoke(main, ["restore", str(file)])
    assert answer.exit_code == 2
    assert (home / "kept").exists()
