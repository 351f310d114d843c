"""The trail: lines follow from each other, nobody changes or removes one, and a break is found."""

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from dishu.site.trail import chain, lines, words
from dishu.site.trail.models import TrailLine


def write(cast, times=1):
    for _ in range(times):
        lines.write(by=cast.zeng, verb="looked", subject=cast.suo, reason="核对")


def test_each_line_carries_the_digest_of_the_one_before(cast):
    write(cast, 3)
    last, middle, first = TrailLine.objects.all()[:3]
    assert bytes(last.previous) == bytes(middle.digest) and bytes(middle.previous) == bytes(first.digest)
    assert chain.broken() is None


@pytest.mark.parametrize("what", ["UPDATE trail_trailline SET reason = ''", "DELETE FROM trail_trailline"])
def test_no_line_is_changed_or_removed(cast, what):
    write(cast)
    with (
        pytest.raises(ProgrammingError, match="不能修改、不能删除"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(what)


def test_a_line_changed_behind_the_triggers_is_found(cast):
    write(cast, 3)
    line = TrailLine.objects.all()[1]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_trailline DISABLE TRIGGER trail_keep")
        cursor.execute("UPDATE trail_trailline SET reason = '别的' WHERE id = %s", [line.pk])
        cursor.execute("ALTER TABLE trail_trailline ENABLE TRIGGER trail_keep")
    assert chain.broken() == line.pk


def test_a_line_taken_out_is_found(cast):
    write(cast, 3)
    first, *_ = TrailLine.objects.all()[1:2]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_trailline DISABLE TRIGGER trail_keep")
        cursor.execute("DELETE FROM trail_trailline WHERE id = %s", [first.pk])
        cursor.execute("ALTER TABLE trail_trailline ENABLE TRIGGER trail_keep")
    assert chain.broken() is not None


def test_the_trail_is_proved_in_slices(cast):
    write(cast, 5)
    first = chain.prove(0, 2)
    assert first.lines == 2 and first.more and first.broken is None
    rest = chain.prove(first.last, 1000)
    assert not rest.more and rest.broken is None
    assert first.lines + rest.lines == TrailLine.objects.count() == chain.whole().lines


def test_a_line_cut_between_two_slices_is_found(cast):
    write(cast, 4)
    first = chain.prove(0, 2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_trailline DISABLE TRIGGER trail_keep")
        cursor.execute(
            "DELETE FROM trail_trailline WHERE id = (SELECT min(id) FROM trail_trailline WHERE id > %s)", [first.last]
        )
        cursor.execute("ALTER TABLE trail_trailline ENABLE TRIGGER trail_keep")
    assert chain.prove(first.last).broken is not None


def test_the_command_says_whether_the_trail_holds(cast, capsys):
    write(cast, 3)
    call_command("verify_trail")
    note = capsys.readouterr().out.split("：")[-1].strip()
    call_command("verify_trail", expect=note)
    with pytest.raises(SystemExit) as wrong:
        call_command("verify_trail", expect=note.split(":")[0] + ":00")
    assert wrong.value.code == 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_trailline DISABLE TRIGGER trail_keep")
        cursor.execute("UPDATE trail_trailline SET reason = '别的' WHERE id = (SELECT max(id) FROM trail_trailline)")
        cursor.execute("ALTER TABLE trail_trailline ENABLE TRIGGER trail_keep")
    last = TrailLine.objects.first().pk
    with pytest.raises(SystemExit) as broken:
        call_command("verify_trail")
    assert broken.value.code == 1 and f"第 {last} 行" in capsys.readouterr().err


def test_an_action_that_fails_leaves_no_line(cast):
    before = TrailLine.objects.count()
    with lines.gathered():
        with pytest.raises(ValueError, match="nein"), lines.action():
            write(cast, 2)
            raise ValueError("nein")
        with lines.action():
            write(cast)
    assert TrailLine.objects.count() == before + 1


def test_whoever_was_looked_at_finds_who_looked(cast):
    write(cast, 2)
    lines.write(by=cast.zeng, verb="changed", subject=cast.suo)
    assert [line.by for line in lines.looks_at(cast.suo)] == [cast.zeng, cast.zeng]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"who": "zeng"}, 2),
        ({"who": "zeng", "verb": "looked"}, 1),
        ({"who": "niemand"}, 0),
        ({"thing": "accounts.user", "verb": "changed"}, 1),
        ({"who": "zeng", "place": "421303"}, 1),
        ({"who": "zeng", "place": "99"}, 0),
        ({"who": "zeng", "since": "2999-01-01"}, 0),
        ({"who": "zeng", "since": "2000-01-01", "until": "2999-01-01"}, 2),
        ({"who": "zeng", "until": "2000-01-01"}, 0),
    ],
)
def test_the_audit_administrator_looks_through_it(client, cast, place, question, found):
    lines.write(by=cast.zeng, verb="looked", subject=cast.suo, place=place("421303"), reason="核对")
    lines.write(by=cast.zeng, verb="changed", subject=cast.suo, place=place("421381"))
    lines.write(by=cast.zeng, verb="changed", subject=cast.suo, place=place("42"), reason="省里的")
    client.force_login(cast.audit)
    answer = client.get(reverse("trail"), question)
    assert sum(one["line"].by == cast.zeng for one in answer.context["lines"]) == found
    assert "省里的" not in answer.content.decode()


def test_the_trail_is_turned_page_by_page(client, cast, place):
    for _ in range(60):
        lines.write(by=cast.zeng, verb="looked", subject=cast.suo, place=place("421303"))
    client.force_login(cast.audit)
    first = client.get(reverse("trail"), {"who": "zeng"}).context
    second = client.get(reverse("trail"), {"who": "zeng", "after": first["more"]}).context
    assert len(first["lines"]) == 50 and len(second["lines"]) == 10 and second["more"] is None


def test_lines_gathered_in_a_block_are_added_together_at_its_end(cast):
    before = TrailLine.objects.count()
    with lines.gathered():
        write(cast, 2)
        assert TrailLine.objects.count() == before
    assert TrailLine.objects.count() == before + 2


def test_the_auditor_reads_words_and_not_keys(client, cast, place):
    lines.write(
        by=cast.zeng,
        verb="committed",
        subject=cast.suo,
        place=place("421381"),
        details={"refused": 3, "same": 0, "sha256": "6a67bdac39d9"},
    )
    lines.write(by=cast.system, verb="appointed", subject=cast.suo, place=place("421381"), details={"role": "surveyor"})
    client.force_login(cast.audit)
    said = client.get(reverse("trail")).content.decode()
    assert "角色：摸底员" in said and "surveyor" not in said
    assert "退回：3" in said and "文件摘要：6a67bdac…" in said and "无变化" not in said


@pytest.mark.once
@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"changes": {"surveyed": ["known", "unclear"], "employees": ["", "9"]}}, [("变化", "摸底情况 已摸清→不清，从业人员 空→9")]),
        ({"shown": False, "paper": "承诺书"}, [("亮身份", "否"), ("材料", "承诺书")]),
        ({"shown": 50, "asked": {"surveyed": ["known"]}}, [("显示行数", "50"), ("条件", "摸底情况 已摸清")]),
        ({"left": 1234, "right": 5678}, [("左边", "1234"), ("右边", "5678")]),
        ({"left": 1234}, [("离开的单位", "1234")]),
        ({"list": "units", "columns": ["name", "surveyed"], "rows": 1300}, [("名单", "单位"), ("栏目", "名称、摸底情况"), ("行数", "1,300")]),
    ],
)  # fmt: skip
def test_keys_and_codes_of_a_line_are_words(details, said):
    assert words.told(details) == said


def test_what_a_line_can_be_about_has_a_name_in_both_languages(client, cast):
    client.force_login(cast.audit)
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        things = dict(client.get(reverse("trail")).context["things"])
        assert things["membership.member"] == {"zh-hans": "党员", "en": "Members"}[language]
        plain = {"state", "standing", "employment", "coverage", "reach"}
        assert not [name for name in things.values() if plain & set(name.split())]


@pytest.mark.once
def test_what_is_no_stands_in_the_line_and_what_is_nothing_does_not():
    assert words.told({"active": False, "broken": None}) == [("启用", "否")]
