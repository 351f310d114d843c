"""Made-up people: nobody real, dirt in the shares that were promised, the truth complete, the same for the same seed."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dishu.engine.link import clean
from dishu.worlds import name_pool
from dishu.worlds.people import COLUMNS, People, people


@pytest.fixture(scope="module")
def world() -> People:
    return people(4_000, 1_000, seed=3)


def share(column: pa.ChunkedArray, holds) -> float:  # type: ignore[no-untyped-def]
    return sum(bool(holds(cell)) for cell in column.to_pylist()) / len(column)


def test_rows_and_columns(world: People) -> None:
    assert (world.left.num_rows, world.right.num_rows) == (4_000, 1_000)
    assert tuple(world.left.column_names) == tuple(world.right.column_names) == COLUMNS


def test_the_same_seed_gives_the_same_people(world: People) -> None:
    again = people(4_000, 1_000, seed=3)
    assert again.left.equals(world.left)
    assert again.right.equals(world.right)
    assert again.pairs.equals(world.pairs)
    assert not people(4_000, 1_000, seed=4).left.equals(world.left)


def test_nobody_is_real(world: People) -> None:
    for table in (world.left, world.right):
        for cell in table["id_no"].to_pylist():
            number = clean.id_number(cell)
            assert number.valid is None or number.valid.startswith("99")
        for cell in table["phone"].to_pylist():
            phone = clean.phone(cell).number
            assert phone is None or phone.startswith("194")


def test_the_truth_is_complete(world: People) -> None:
    left, right = set(world.left["rec_id"].to_pylist()), set(world.right["rec_id"].to_pylist())
    assert set(world.pairs["left_id"].to_pylist()) <= left
    assert set(world.pairs["right_id"].to_pylist()) <= right
    assert 0.57 < pc.count_distinct(world.pairs["right_id"]).as_py() / 1_000 < 0.66
    assert world.doubles.num_rows == 50


def test_no_two_persons_share_a_number(world: People) -> None:
    of: dict[str, set[str]] = {}
    rows = dict(zip(world.right["rec_id"].to_pylist(), world.right["id_no"].to_pylist(), strict=True))
    true = set(zip(*world.pairs.to_pydict().values(), strict=True))
    for left_id, cell in zip(world.left["rec_id"].to_pylist(), world.left["id_no"].to_pylist(), strict=True):
        if number := clean.id_number(cell).valid:
            of.setdefault(number, set()).add(left_id)
    for right_id, cell in rows.items():
        number = clean.id_number(cell).valid
        for left_id in of.get(number or "", ()):
            assert (left_id, right_id) in true or len(cell or "") == 15


@pytest.mark.parametrize("side", ["left", "right"])
def test_dirt_is_met_as_often_as_promised(world: People, side: str) -> None:
    table = getattr(world, side)
    assert 0.25 < share(table["id_no"], lambda cell: clean.id_number(cell) == clean.NO_ID) < 0.37
    assert 0.08 < share(table["id_no"], lambda cell: cell and "*" in cell) < 0.15
    assert 0.005 < share(table["id_no"], lambda cell: clean.id_number(cell).checked is False) < 0.03


def test_a_hard_slice_keeps_the_namesakes() -> None:
    hard, plain = (people(4_000, 1_000, hard=hard, seed=3) for hard in (True, False))
    assert pc.count_distinct(hard.left["name"]).as_py() < 0.8 * pc.count_distinct(plain.left["name"]).as_py()


def test_shares_of_surnames_and_given_names_add_up() -> None:
    assert name_pool.surnames()[1].sum() == pytest.approx(1)
    for sex in ("男", "女"):
        for span in range(4):
            assert name_pool.given_names(sex, span)[1].sum() == pytest.approx(1)
