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


@pytest.mark.parametrize(
    ("call", "months", "payable", "back", "report"),
    [
        ("--kind wage --base 8000 --day 2026-10-31 --paid-up-to 2026-10-05", 0, 0, 0, False),
        ("--kind wage --base 8000 --day 2026-10-30 --paid-up-to 2026-08-31", 1, 1, 120, False),
        ("--kind wage --base 8000 --day 2026-10-31 --paid-up-to 2026-02-28", 8, 6, 720, True),
        ("--kind wage --base 2000 --day 2008-04-30 --paid-up-to 2008-01-31", 3, 3, 130, False),  # 60 + 60 + 10
        ("--kind individual --quarter 10000 --day 2026-10-31 --paid-up-to 2026-09-30", 1, 1, 33.33, False),
        ("--kind wage --base 8000 --reduced-to 20 --approval 某 --day 2026-10-31 --paid-up-to 2026-08-31", 2, 2, 40, False),
    ],
)  # fmt: skip
def test_what_is_owed(call, months, payable, back, report):
    """FEE-12 back payment as a rule up to 6 months, FEE-13 six months unpaid are reported."""
    answer = json.loads(typed(f"{call} --json")[1])
    assert [answer[name] for name in ("months_unpaid", "months_payable", "back_payment", "report")] == [
        months, payable, back, report]  # fmt: skip


def test_what_is_owed_in_words():
    out = typed("--kind farmer --day 2026-10-31 --paid-up-to 2026-02-28")[1]
    assert "已有 8 个整月没有交；一般可补交 6 个月，按现在的基数计 1.20 至 6.00 元" in out
    assert "由人决定" in out
    assert "没有欠交" in typed("--kind student --day 2026-10-31 --paid-up-to 2026-10-31")[1]
