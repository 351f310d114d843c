"""Dues from the terminal: the amount, how it comes about, and the rule it rests on."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from dishu.cli import main


def typed(call):
    done = CliRunner().invoke(main, ["dues", *call.split()])
    return done.exit_code, done.stdout, done.stderr


def test_for_people():
    code, out, _ = typed("--kind wage --base 8000 --day 2026-10-31")
    assert (code, out.splitlines()[0]) == (0, "每月 120.00 元（8,000.00 × 1.5%）")
    assert "中组发〔2008〕3号 第二条" in out


@pytest.mark.parametrize(
    ("call", "amount"),
    [
        ("--kind individual --base 9000 --day 2026-05-31", 135),
        ("--kind individual --quarter 27000 --day 2026-05-31", 135),
        ("--kind pension --base 5000.01 --day 2026-05-31", 50),
        ("--kind wage --base 1500.01 --day 2007-08-01", 45),
        ("--kind wage --base 3777 --round 1 --day 2026-05-31", 38),
        ("--kind wage --base 8000 --day 2026-10-31 --reduced-to 20 --approval 某党委〔2026〕5号", 20),
        ("--kind student --day 2026-05-31", 0.2),
    ],
)
def test_json(call, amount):
    code, out, _ = typed(f"{call} --json")
    answer = json.loads(out)
    assert (code, answer["amount"]) == (0, amount)
    assert answer["readings"][0]["mark"] == "T"


def test_farmers_choose_between_two_ends():
    assert typed("--kind farmer --day 2026-10-31")[1].startswith("每月 0.20 至 1.00 元\n")
    (row,) = csv.DictReader(io.StringIO(typed("--kind farmer --day 2026-10-31 --csv")[1]))
    assert (row["amount"], row["most"]) == ("0.2", "1.0")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("--kind wage --day 2026-10-31", "要写交纳基数"),
        ("--kind wage --base 8k --day 2026-10-31", "交纳基数“8k”不是一个数"),
        ("--kind wage --base 8000 --day 1997-12-31", "有规定的时段：1998-01-01起"),
        ("--kind wage --quarter 8000 --day 2026-10-31", "--quarter 只用于个体经营"),
        ("--kind boss --day 2026-10-31", "“boss”不能用"),
        ("--kind wage --base 8000", "没有写 --day"),
        ("--kind wage --base 8000 --day 2026-10-31 --reduced-to 1", "上一级党委批准"),
    ],
)
def test_refused_with_a_word(call, said):
    code, _, heard = typed(call)
    assert (code, said in heard) == (2, True), heard
