"""Records too much alike: the match itself, the random collectors it is held against, and what may not matter."""

import numpy as np
import pytest
from visitrows import look, visits

from dishu.engine.flags.likeness import best_match, rarity
from dishu.engine.flags.shuffle import against_shuffled


def codes(*records: str) -> np.ndarray:
    """Records as strings of answers, a dash for none."""
    return np.array([[-1 if a == "-" else int(a) for a in record] for record in records], dtype=np.int16).T


def plain(*records: str):
    c = codes(*records)
    return best_match(c, np.ones(c.shape, dtype=np.float32))


@pytest.mark.parametrize(
    ("records", "match", "mates"),
    [
        (("1234", "1235", "9999"), [0.75, 0.75, 0], [1, 0, 0]),
        (("12-4", "1234", "5678"), [1, 1, 0], [1, 0, 0]),  # a question counts where both answered
        (("1---", "1234", "1235"), [np.nan, 0.75, 0.75], [0, 2, 1]),  # a quarter shared says nothing
        (("11", "11", "11"), [1, 1, 1], [1, 0, 0]),  # the first of several
    ],
)
def test_the_greatest_percent_match(records, match, mates):
    best, mate = plain(*records)
    assert best == pytest.approx(np.array(match), nan_ok=True)
    assert list(mate) == mates


def test_it_is_the_match_by_plain_counting():
    random = np.random.default_rng(3)
    c = random.integers(-1, 4, (9, 120)).astype(np.int16)
    w = rarity(c)
    best, mate = best_match(c, w)
    for i in range(120):
        seen = []
        for j in range(120):
            both = (c[:, i] >= 0) & (c[:, j] >= 0)
            if j != i and both.sum() >= 5:
                seen.append((w[both & (c[:, i] == c[:, j]), i].sum() / w[both, i].sum(), -j))
        assert best[i] == pytest.approx(max(seen)[0] if seen else np.nan, rel=1e-5, nan_ok=True)
        if seen:
            assert mate[i] != i


def test_a_rare_answer_says_more_than_a_common_one():
    assert rarity(codes("1", "1", "1", "2"))[0] == pytest.approx(-np.log([0.75, 0.75, 0.75, 0.25]))
    assert list(rarity(codes("-", "1"))[0]) == [0, 0]


def people(each: int, many: int) -> np.ndarray:
    return np.repeat(np.arange(many), each)


def test_p_values_of_honest_collectors_are_even():
    """1,200 collectors in 40 drives: as many p-values below each level as the level says (4 standard errors)."""
    found = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        scores, blocks = random.gamma(2, 1, 900), random.integers(0, 3, 900)
        found.append(against_shuffled(scores + blocks, people(30, 30), blocks, 2000, seed)[1])
    p = np.concatenate(found)
    for level in (0.01, 0.05, 0.2, 0.5):
        error = np.sqrt(level * (1 - level) / len(p))
        # dividing by the ordinary difference makes them a little too large, never too small
        assert level - 0.05 - 4 * error < (p <= level).mean() < level + 4 * error


def test_what_a_block_does_to_all_is_nobodys_doing():
    blocks = np.repeat([0, 1], 300)
    scores = np.random.default_rng(1).normal(0, 1, 600) + 5 * blocks
    who = np.r_[np.zeros(30, int), 1 + np.arange(270) % 9, 1 + np.arange(300) % 9]
    late = np.r_[np.arange(270) % 9, np.full(30, 9), np.arange(300) % 9]
    assert against_shuffled(scores, who, blocks, 500, 1)[1].min() > 0.005
    assert against_shuffled(scores, late, blocks, 500, 1)[1].min() > 0.005
    assert against_shuffled(scores, who, 0 * blocks, 500, 1)[0][0] < -3


def test_neither_names_nor_scale_matter():
    random = np.random.default_rng(1)
    scores, who = random.random(400), random.permutation(people(20, 20))
    again = random.permutation(20)
    z, p = against_shuffled(scores, who, np.zeros(400, int), 500, 1)
    z2, p2 = against_shuffled(7 * scores - 3, again[who], np.zeros(400, int), 500, 1)
    assert z2[again] == pytest.approx(z) and list(p2[again]) == list(p)


def answered(seed: int, collectors: int, each: int, bend=lambda rows: None) -> list[dict]:
    random = np.random.default_rng(seed)
    rows = [
        {"collector": f"C{who:02d}", "at": int(random.integers(20_000)), **dict(zip(QUESTIONS, draw, strict=True))}
        for who in range(collectors)
        for draw in random.integers(0, 4, (each, len(QUESTIONS))).tolist()
    ]
    bend(rows)
    return rows


QUESTIONS = [f"a_q{n:02d}" for n in range(15)]


def copied(rows: list[dict], pairs, later: bool = True) -> None:
    for source, target in pairs:
        rows[target] |= {name: rows[source][name] for name in QUESTIONS} | {
            "at": rows[source]["at"] + (5 if later else -5)
        }


def test_copying_ones_own_records_is_seen():
    rows = answered(1, 20, 25, lambda rows: copied(rows, [(n, n + 6) for n in range(6)]))
    seen = look("near_duplicates", visits(rows), people=20)
    assert seen["C00"].p_value < 0.001 < 0.01 < min(one.p_value for name, one in seen.items() if name != "C00")
    assert seen["C00"].values["match"] == 1.0


def test_who_was_copied_from_is_not_listed_for_it():
    rows = answered(2, 20, 25, lambda rows: copied(rows, [(25 + n, n) for n in range(8)]))
    seen = look("near_duplicates", visits(rows), people=20)
    assert seen["C00"].p_value < 0.001 < 0.05 < seen["C01"].p_value


def test_too_regular_is_the_usual_answer_nearly_always():
    def bend(rows):
        for row in rows:
            row |= {name: 0 if row[name] < 2 else row[name] for name in QUESTIONS}  # 0 is the usual answer
        for row in rows[:25]:
            row |= dict.fromkeys(QUESTIONS[:10], 0)

    seen = look("too_regular", visits(answered(3, 20, 25, bend)), people=20)
    assert seen["C00"].p_value < 0.001 < 0.05 < seen["C01"].p_value


@pytest.mark.parametrize("code", ["near_duplicates", "too_regular"])
def test_four_questions_or_nine_records_say_nothing(code):
    rows = answered(1, 20, 25)
    few = [{name: value for name, value in row.items() if name not in QUESTIONS[4:]} for row in rows]
    assert look(code, visits(few)) == {}
    assert "C00" not in look(code, visits(rows[16:]))
    assert "C00" in look(code, visits(rows[15:]))
