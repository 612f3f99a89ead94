"""The collector rests while much is read, and comes back whatever happens."""

from __future__ import annotations

import gc

import pytest

from presenter.demo.uncollected import uncollected


def test_the_collector_rests_and_comes_back() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled()


def test_one_that_was_at_rest_stays_so() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_serves_each_call_of_a_function() -> None:
    @uncollected()
    def asked() -> bool:
        return gc.isenabled()

    assert (asked(), asked(), gc.isenabled()) == (False, False, True)
