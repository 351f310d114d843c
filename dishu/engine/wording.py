"""How a doubt is said to officials: one catalogue of sentences with ranges, what they do not say, and the next step."""

from functools import cache
from pathlib import Path

import yaml


@cache
def _sentences() -> dict[str, str]:
    return dict(yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")))


def say(code: str, **values: object) -> str:
    """The sentence of that code with its values filled in, formatted as the template says (`{share:.1%}`).

    KeyError for a code or a value that is missing: a sentence with a hole must never reach a screen.

    >>> say("estimate_floor")[:9]
    '这是下限性质的估计'
    """
    return _sentences()[code].format_map(values)
