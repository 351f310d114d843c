"""What a run writes has its name only when it is whole; what fails leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dishu.engine.baseline import OutBusy, OutTaken
from dishu.engine.baseline.draft import drafted


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("before", ["nothing there", "an empty folder there"])
def test_the_draft_takes_the_name_at_the_end(tmp_path, before):
    out = tmp_path / "结果"
    if before != "nothing there":
        out.mkdir()
    with drafted(out) as draft:
        (draft / "report").write_text("whole")
        assert not out.exists() or names(out) == []
    assert names(tmp_path) == ["结果"]
    assert names(out) == ["report"]


def test_a_run_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), drafted(tmp_path / "结果") as draft:
        (draft / "half").touch()
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_what_a_killed_run_left_is_cleared(tmp_path):
    (tmp_path / ".结果.draft/edition").mkdir(parents=True)
    with drafted(tmp_path / "结果") as draft:
        assert names(draft) == []


def test_a_second_run_is_refused_until_the_first_has_ended(tmp_path):
    out = tmp_path / "结果"
    with drafted(out) as draft:
        (draft / "first").touch()
        with pytest.raises(OutBusy, match="另一次运行正在写"), drafted(out):
            pass
        assert names(draft) == ["first"]
    with pytest.raises(OutTaken, match="不能覆盖"), drafted(out):
        pass
    assert names(out) == ["first"]


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path):
    (tmp_path / "结果").mkdir()
    (tmp_path / "结果/old").touch()
    with pytest.raises(OutTaken), drafted(tmp_path / "结果"):
        pass
    assert names(tmp_path) == ["结果"]
    assert names(tmp_path / "结果") == ["old"]


def test_the_folder_one_stands_in_may_be_the_result(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with drafted(Path()) as draft:
        (draft / "report").touch()
    assert names(tmp_path / "here") == ["report"]
