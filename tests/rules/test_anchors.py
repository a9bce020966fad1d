"""The tree over the ends of all chains."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules import anchors
from crmadmin.rules.evidence import canonical

LEAVES = [sha256(bytes([n])).digest() for n in range(40)]


def test_the_root_is_what_the_page_says():
    a, b, c = LEAVES[:3]
    above = sha256(b"\1" + a + b).digest()

    assert anchors.Tree([a, b, c]).root == sha256(b"\1" + above + c).digest()
    assert anchors.Tree([a]).root == a
    assert anchors.Tree([]).root == anchors.NOTHING


@pytest.mark.parametrize("count", range(1, 20))
def test_every_leaf_leads_up_to_the_root_and_no_other_does(count):
    tree = anchors.Tree(LEAVES[:count])

    for place, leaf in enumerate(LEAVES[:count]):
        assert anchors.led_up(leaf, tree.path(place)) == tree.root
        assert anchors.led_up(LEAVES[30], tree.path(place)) != tree.root


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 39)), max_size=40))
def test_a_tree_that_grows_leaf_by_leaf_is_the_tree_of_its_leaves(puts):
    leaves: list[bytes] = []
    growing = anchors.Tree([])
    for wanted, value in puts:
        place = min(wanted, len(leaves))
        leaves[place : place + 1] = [LEAVES[value]]
        growing.put(place, LEAVES[value])

        assert growing.root == anchors.Tree(leaves).root
        assert growing.levels == anchors.Tree(leaves).levels


def test_a_leaf_says_chain_number_and_hash():
    said = canonical({"chain": 17, "number": 3, "hash": "ab" * 32})
    assert anchors.leaf(17, 3, "ab" * 32) == sha256(b"\0" + said).digest()
    assert len({anchors.leaf(1, 2, "ab"), anchors.leaf(2, 1, "ab"), anchors.leaf(1, 2, "cd")}) == 3
