"""Keys tell nothing and stay the same; names of organizations are compared as people mean them."""

from __future__ import annotations

import pytest

from dishu.engine.baseline.keys import Clusters, Keyring, org_name

RING = Keyring(b"a secret of sixteen bytes")


def test_a_key_is_the_same_for_the_same_thing_and_another_for_another_secret():
    assert RING.key("unit", "x") == RING.key("unit", "x")
    assert RING.key("unit", "x") != RING.key("member", "x")
    assert RING.key("unit", "x") != Keyring(b"another secret of bytes").key("unit", "x")
    assert 0 < RING.key("unit", "x") < 2**63


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="16"):
        Keyring(b"short")


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("中共曾都区委员会", "曾都区委员会"),
        (" 曾都区 东城支部委员会 ", "曾都区东城支部"),
        ("（不详）", "(不详)"),
        ("不详", None),
        ("／", None),
        (None, None),
    ],
)
def test_names_of_organizations(written, means):
    assert org_name(written) == means


def test_pairs_make_groups_whatever_their_order():
    one = Clusters("abcd", [("a", "b"), ("c", "b")]).of("abcd")
    two = Clusters("abcd", [("b", "c"), ("b", "a")]).of("abcd")
    assert one == two == ["a", "a", "a", "d"]
