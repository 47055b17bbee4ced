"""The cycle collector is off inside and afterwards as it was before, whatever happens inside."""

import gc

import pytest

from pipelines.garbage import uncollected


def test_the_collector_is_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="x"), uncollected():
        int("x")
    assert gc.isenabled()


def test_an_inner_use_leaves_the_outer_one_in_force() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
