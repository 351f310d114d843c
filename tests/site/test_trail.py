"""The trail: lines follow from each other, nobody changes or removes one, and a break is found."""

import pytest
from django.db import ProgrammingError, connection, transaction

from dishu.site.trail import chain, lines
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


def test_lines_gathered_in_a_block_are_added_together_at_its_end(cast):
    before = TrailLine.objects.count()
    with lines.gathered():
        write(cast, 2)
        assert TrailLine.objects.count() == before
    assert TrailLine.objects.count() == before + 2
