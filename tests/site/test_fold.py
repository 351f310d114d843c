"""How dated ties go on from one roster's day to the next, and whose word counts."""

from datetime import date

import pytest

from dishu.site.intake.fold import Source, Tie, go_on, voices

D1, D2, D3 = date(2007, 7, 1), date(2007, 8, 1), date(2007, 9, 1)
HERE = Source(1, "", 2)


def tie(key, since, until=None, says="x"):
    return Tie((key,), since, until, (says,), HERE)


OLD, MID = date(2001, 1, 1), date(2007, 7, 15)

# before, judged on D2, after, why
LINES = [
    ([], [tie("a", OLD)], [tie("a", OLD)], "the first word is taken as it is"),
    ([tie("a", OLD)], [tie("a", OLD)], [tie("a", OLD)], "the same again changes nothing"),
    ([tie("a", OLD)], [tie("a", date(1999, 1, 1))], [tie("a", OLD)], "what only moved back in time changes nothing"),
    ([tie("a", D1)], [tie("a", D1, says="y")], [tie("a", D1, D2), tie("a", D2, says="y")], "another value begins on the day"),
    ([tie("a", OLD)], [tie("a", MID, says="y")], [tie("a", OLD, MID), tie("a", MID, says="y")], "or on its own, where one is written"),
    ([tie("a", OLD)], [tie("a", OLD, MID)], [tie("a", OLD, MID)], "an end became known"),
    ([tie("a", OLD, MID)], [tie("a", OLD, MID)], [tie("a", OLD, MID)], "an end that was known"),
    ([tie("a", OLD, MID)], [tie("a", OLD)], [tie("a", OLD, MID), tie("a", D2)], "coming back begins on the day"),
    ([tie("a", OLD)], [], [tie("a", OLD, D2)], "what nobody says any more ends on the day"),
    ([tie("a", OLD)], [tie("b", OLD)], [tie("a", OLD, D2), tie("b", D2)], "another takes the place on the day"),
    ([tie("a", OLD)], [tie("b", MID)], [tie("a", OLD, MID), tie("b", MID)], "or when it is written to have begun"),
    ([tie("a", D1)], [tie("a", D1), tie("b", OLD)], [tie("a", D1), tie("b", OLD)], "one more beside it may have begun earlier"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "said", "after", "why"), LINES, ids=[row[3] for row in LINES])
def test_a_line_goes_on(before, said, after, why):
    assert go_on(before, said, D2) == after
    assert go_on(after, said, D3)[: len(after)] == after or not said


@pytest.mark.parametrize("row", [row for row in LINES if row[1]], ids=[row[3] for row in LINES if row[1]])
def test_saying_it_once_more_changes_nothing(row):
    _, said, after, _ = row
    assert go_on(after, said, D3) == after


BUNDLES = (("standing",), ("org",))


def row(day, file, layout=0, **said):
    return {"_day": day, "_layout": layout, "source_file": file, "_rank": 0, "standing": None, "org": None, **said}


def first(rows, name):
    return next((r[name] for r in rows if r[name] is not None), None)


# rows, standing of the last day, organizations claimed on the last day, number of days on which something was new, why
VOICES = [
    ([row(D1, "a", standing="full"), row(D1, "b", standing="probationary")], "full", set(), 1, "the earlier file speaks first"),
    ([row(D1, "z", 0, standing="full"), row(D1, "a", 1, standing="probationary")], "full", set(), 1, "the layout before the file"),
    ([row(D1, "a", standing="full"), row(D2, "b", standing="probationary")], "probationary", set(), 2, "a later day before an earlier one"),
    ([row(D1, "a", standing="full"), row(D2, "b", org="o")], "full", {"o"}, 2, "silence changes nothing"),
    ([row(D1, "a", standing="full"), row(D1, "b", standing="probationary"), row(D2, "b", standing="probationary")],
     "full", set(), 1, "a repetition is no later word"),
    ([row(D1, "a", org="o"), row(D1, "b", org="p")], None, {"o", "p"}, 1, "two answers on one day stay both"),
    ([row(D1, "a", org="o"), row(D2, "a", org="p")], None, {"p"}, 2, "the same file corrects itself"),
    ([row(D1, "a", org="o"), row(D2, "b", org="p")], None, {"p"}, 2, "a later file of its kind replaces what was said"),
    ([row(D1, "a", org="o"), row(D1, "b", org="q"), row(D2, "a", org="p")], None, {"p", "q"}, 2, "a file replaces only its own answer"),
    ([row(D1, "a", org="o"), row(D2, "b", org="p"), row(D3, "a", org="o")], None, {"p"}, 2, "an old file sent again is old"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "standing", "orgs", "days", "why"), VOICES, ids=[row[4] for row in VOICES])
@pytest.mark.parametrize("turned", [False, True])
def test_whose_word_counts(rows, standing, orgs, days, why, turned):
    spoken = voices(rows[::-1] if turned else rows, BUNDLES)
    last = spoken[-1][1]
    assert first(last, "standing") == standing
    assert {r["org"] for r in last} - {None} == orgs
    assert len(spoken) == days
