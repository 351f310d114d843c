"""Made-up drives: the same again by seed, honest ones ordinary, each shortcut what it says."""

import numpy as np
import pyarrow.compute as pc
import pytest

from dishu import worlds
from dishu.engine.flags import typed
from dishu.engine.flags.answers import columns, seconds
from dishu.worlds.visits import DEADLINE, Plan, drive


@pytest.fixture(scope="module")
def made():
    return drive(1, Plan(shortcuts={"register": 1, "copy": 1, "late": 1}))


def mine(made, did):
    name = next(who for who, what in made.truth.items() if what == did)
    return typed(made.visits.filter(pc.equal(made.visits["collector"], name)))[0]


def test_the_same_seed_gives_the_same_drive(made):
    again = drive(1, Plan(shortcuts={"register": 1, "copy": 1, "late": 1}))
    assert again.visits == made.visits and again.truth == made.truth
    assert drive(2).visits != drive(1).visits


def test_every_row_is_good_and_every_kind_of_answer_is_there(made):
    table, bad = typed(made.visits)
    assert bad == [] and table.num_rows == 2000
    assert columns(table, "number") == ["a_employees", "a_turnover"]
    assert {name for kind in ("phone", "photo", "text", "new", "found") for name in columns(table, kind)} == {
        "a_phone", "a_photo", "a_note", "a_new", "a_found",
    }  # fmt: skip


def test_phones_belong_to_nobody_and_nobody_is_named(made):
    assert all(phone.startswith("194") for phone in made.visits["a_phone"].to_pylist())


def test_honest_visits_take_minutes_and_bulk_entry_less(made):
    table, _ = typed(made.visits)
    mode = np.array(table["entry_mode"].to_pylist())
    took = seconds(table)
    assert 500 < np.median(took[mode == "onsite"]) < 900 and np.median(took[mode == "bulk"]) < 200


def test_who_writes_off_the_register_finds_nobody_new(made):
    table = mine(made, "register")
    assert set(table["a_new"].to_pylist()) == {"0"}
    assert table["a_name"] == table["r_name"]


def test_who_copies_repeats_a_fifth(made):
    table = mine(made, "copy")
    asked = [name for name in table.column_names if name.startswith("a_q")]
    rows = list(zip(*(table[name].to_pylist() for name in asked), strict=True))
    best = [
        max(sum(a == b for a, b in zip(row, other, strict=True)) for other in rows if other is not row) for row in rows
    ]
    assert sum(match >= 0.75 * len(asked) for match in best) >= 10


def test_who_is_late_works_on_the_last_day(made):
    last = [at for at in mine(made, "late")["started_at"].to_pylist() if at.date() == DEADLINE.date()]
    assert len(last) > 30 and max(last) < DEADLINE


def test_it_can_be_written_as_demo_data(tmp_path):
    worlds.make("visits", tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.csv")) == ["collectors.csv", "visits.csv"]
