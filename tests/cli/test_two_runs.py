"""Two runs into one folder: the second is refused while the first is at work, and may begin when it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from dishu.cli import main

ROSTER = """统一社会信用代码,企业名称,企业类型,行业代码,县（市、区）,乡镇（街道）,成立日期,从业人员
,曾都区玉泉饭店,私营,H62,曾都区,东城街道,2020-01-01,5
"""


@pytest.fixture
def baseline(tmp_path, monkeypatch):
    """What is typed for the main job on a roster of one unit."""
    (tmp_path / "登记.csv").write_text(ROSTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISHU_KEY_FILE", str(tmp_path / "key"))
    return ["baseline", "--units", "登记.csv", "--day", "2026-10-31", "--out", "结果"]


@pytest.fixture
def at_work(baseline):
    """The same job in another process, begun and held in the middle."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "dishu.cli", *baseline]
    with subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE) as first:
        assert "登记.csv" in first.stderr.readline()
        first.send_signal(signal.SIGSTOP)
        yield first
        first.kill()


def test_the_second_run_is_refused_until_the_first_is_gone_even_killed(baseline, at_work, tmp_path):
    (tmp_path / ".结果.draft/half").mkdir()
    refused = CliRunner().invoke(main, baseline)
    assert refused.exit_code == 2
    assert "另一次运行正在写" in refused.stderr
    assert "用 --out 换一个文件夹" in refused.stderr
    assert (tmp_path / ".结果.draft/half").exists()  # it disturbs nothing

    at_work.kill()
    at_work.wait()
    assert CliRunner().invoke(main, baseline).exit_code == 0
    assert (tmp_path / "结果/report.docx").is_file()
    assert not (tmp_path / "结果/half").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
