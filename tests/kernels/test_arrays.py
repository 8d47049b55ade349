"""What counts as right: calibrated by torch's own error, and strict enough for half the precision."""

import numpy as np
import pytest

from labkit.kernels.arrays import LEAN, Array, expected, lean, mismatch, poison


def made(kind, exact):
    """An Array of this type holding the nearest values."""
    if kind == "bfloat16":
        bits = np.asarray(exact, np.float32).view(np.uint32)
        return Array(kind, ((bits + 0x8000) >> 16).astype(np.uint16))
    return Array(kind, np.asarray(exact).astype(kind))


@pytest.fixture
def exact():
    return np.random.default_rng(0).standard_normal((64, 100))


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "bfloat16"])
def test_the_nearest_values_are_right(kind, exact):
    wanted = expected(exact, made(kind, exact), 1)
    assert mismatch(made(kind, exact), wanted) is None


@pytest.mark.parametrize(
    ("kind", "half"),
    [("float64", "float32"), ("float32", "float16"), ("float32", "bfloat16"), ("float16", "bfloat16")],
)
def test_half_the_precision_is_wrong(kind, half, exact):
    wanted = expected(exact, made(kind, exact), 1)
    assert mismatch(made(kind, made(half, exact).exact()), wanted)


def test_the_worst_element_is_named(exact):
    wanted = expected(exact, made("float32", exact), 1)
    got = made("float32", exact)
    got.data[3, 7] += 0.5
    off = mismatch(got, wanted)
    assert off.index == (3, 7) and off.share == pytest.approx(1 / 6400) and "[3, 7] is" in str(off)
    got.data[5, 5] = np.nan
    assert "not a number" in str(mismatch(got, wanted))


def test_infinities_and_nans_have_to_be_where_they_should(exact):
    exact[0, 0], exact[0, 1] = np.inf, np.nan
    wanted = expected(exact, made("float32", exact), 1)
    assert mismatch(made("float32", exact), wanted) is None
    assert mismatch(made("float32", np.nan_to_num(exact, posinf=9.0)), wanted)


def test_whole_numbers_are_compared_exactly():
    wanted = expected(np.array([3.0, 4.0]), Array("int64", np.array([3, 4])), 1)
    assert mismatch(Array("int64", np.array([3, 4])), wanted) is None
    assert mismatch(Array("int64", np.array([3, 5])), wanted).index == (1,)


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "bfloat16", "int64", "bool"])
@pytest.mark.parametrize("shape", [(), (4, 5)])
def test_what_was_not_written_is_seen(kind, shape):
    data = np.zeros(shape, {"bfloat16": "uint16"}.get(kind, kind))
    assert Array(kind, data).unwritten() == 0
    poison(data)
    assert Array(kind, data).unwritten() == data.size


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_a_result_that_is_cut_off_is_told_from_one_that_is_rounded(kind, exact):
    wanted, rounded = expected(exact, made(kind, exact), 1), made(kind, exact)
    over = np.abs(rounded.exact()) > np.abs(exact)
    cut = Array(kind, (rounded.data.view(np.uint16) - over).view(rounded.data.dtype))
    assert mismatch(cut, wanted) is None  # within a digit each
    assert abs(lean(rounded, wanted)) < LEAN < lean(cut, wanted)
