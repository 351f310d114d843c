"""`dishu layouts`: what columns a roster may have; writes empty templates."""

from __future__ import annotations

import click
import pyarrow as pa

from dishu.cli import output
from dishu.standards import forms


@click.command()
@click.argument("name", metavar="[名册代码]", required=False)
@output.formats
def layouts(name: str | None, form: str | None) -> None:
    """名册有哪些格式，一种格式有哪些栏目。

    例：dishu layouts member
    """
    if name is None:
        known = [forms.layout(n) for n in forms.names()]
        table = pa.table(
            {"代码": [k.name for k in known], "名册": [k.title for k in known], "说明": [k.about for k in known]}
        )
    else:
        fields = forms.layout(name).fields
        table = pa.table(
            {
                "栏目": [f.title for f in fields],
                "必填": ["是" if f.required else "" for f in fields],
                "也可写作": ["、".join(f.also) for f in fields],
            }
        )
    output.show(table, form)
