"""Values cross the boundary unchanged, hostile bytes are refused, and comparison cannot be charmed."""

import contextlib
import marshal
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import BadInput
from labkit.sandbox import call
from labkit.sandbox.values import BadValue, decode, encode, first_difference, same

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
)
keys = st.none() | st.booleans() | st.integers() | st.text() | st.tuples(st.integers(), st.text())
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(keys, inner) | st.sets(keys),
    max_leaves=30,
)


@given(values)
def test_decoding_undoes_encoding(value):
    back = decode(encode(value, "value"))
    assert same(back, value) or repr(back) == repr(value)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_clear_refusal(data):
    with contextlib.suppress(BadValue):
        decode(data)


@given(values, st.data())
def test_a_value_cut_short_is_refused(value, data):
    body = encode(value, "value")
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(BadValue):
        decode(body[:cut])


@pytest.mark.parametrize(
    "body",
    [
        marshal.dumps(compile("1", "x", "eval"), 2),
        b"[" + (2**31 - 1).to_bytes(4, "little"),
        b"(" + (-1).to_bytes(4, "little", signed=True),
        b"[\x01\x00\x00\x00" * 1000 + b"N",
        b"{[\x00\x00\x00\x00N0",
        b"NN",
        b"u\x02\x00\x00\x00\xff\xff",
    ],
)
def test_hostile_bytes(body):
    with pytest.raises(BadValue):
        decode(body)


def test_equality_is_strict_about_types_and_kind_to_nan():
    assert same([1, "a", {2: (None,)}], [1, "a", {2: (None,)}])
    assert not same(1, True) and not same(1, 1.0) and not same([1], (1,)) and not same({1: 2}, {1.0: 2})
    assert not same({1}, {1.0}) and same({1: 2, 3: 4}, {3: 4, 1: 2})
    assert same(math.nan, math.nan) and not same(math.nan, 0.0)
    assert same(1.0, 1.0 + 1e-12, 1e-9) and not same(1.0, 1.0 + 1e-12)


@given(values, values)
def test_a_difference_is_always_described_in_one_short_line(a, b):
    if not same(a, b):
        words = first_difference(a, b)
        assert words.startswith("result") and len(words) < 2000


def test_what_cannot_be_sent_is_named_with_its_place():
    with pytest.raises(BadInput, match=r"input 3\[1\]\['k'\] is of type object"):
        encode((0, {"k": object()}), "input 3")
    with pytest.raises(BadInput, match="a key of x is of type Odd"):
        encode({type("Odd", (), {})(): 1}, "x")


@pytest.mark.parametrize(
    "body, expected",
    [
        ("from collections import Counter\ndef f(x): return Counter(x)", {"a": 2, "b": 1}),
        (
            "from collections import namedtuple\nP = namedtuple('P', 'a b')\ndef f(x): return [P(1, 2)]",
            [(1, 2)],
        ),
        ("from enum import IntEnum\nE = IntEnum('E', 'A B')\ndef f(x): return E.B", 2),
        ("def f(x):\n  class S(str):\n    def __eq__(s, o): return True\n  return S(x)", "aab"),
    ],
)
def test_subclasses_come_back_as_what_they_hold(body, expected):
    done = call(body, "f", [("aab",)])
    assert done.values == (expected,) and type(done.values[0]) is type(expected)


@pytest.mark.parametrize(
    "body, words",
    [
        ("def f(x): return object()", "cannot leave the sandbox"),
        ("def f(x): return (i for i in x)", "generator cannot leave"),
        ("def g(x): return 1", "defines no function 'f'"),
        ("f = 3", "defines no function 'f'"),
        ("def f(x): return f(x)", "RecursionError"),
        ("def f(x): raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(x):\n  import sys\n  sys.exit(0)", "SystemExit"),
        ("def f(x):\n  import os\n  os._exit(0)", "ended before it returned"),
        ("def f(x):\n  import os\n  os.write(3, b'x' * 8)\n  os._exit(0)", "ended before it returned"),
        ("def f(x):\n  import os\n  os.write(3, (3).to_bytes(8, 'big') + b'Vxx')\n  os._exit(0)", "not a result|ended before"),
        ("def f(x):\n  import os\n  os.write(3, (2**60).to_bytes(8, 'big'))\n  return 1", "wall|ended|value"),
    ],
)  # fmt: skip
def test_a_call_that_gives_no_value_says_why(body, words):
    import re

    from labkit.sandbox import Limits

    done = call(body, "f", [("a",)], limits=Limits(processes=1, wall_s=2))
    assert not done.ok and done.values == ()
    assert re.search(words, done.error), done


def test_a_value_that_is_too_large_is_an_output_limit():
    from labkit.sandbox import Limits

    done = call("def f(n): return 'x' * n", "f", [(1 << 24,)], limits=Limits(value_mib=1, processes=1))
    assert done.status == "output_limit"


@pytest.mark.parametrize(
    "payload",
    ["{}", "(10**5000, 'x')", "('x',)", "('MemoryError', 1)", "None", "[1]"],
)
def test_a_forged_error_is_no_result_and_harms_nobody(payload):
    body = (
        f"import os, marshal\ndef f(x):\n  b = b'E' + marshal.dumps({payload}, 2)\n"
        "  os.write(3, len(b).to_bytes(8, 'big') + b)\n  return 1"
    )
    assert call(body, "f", [("a",)]).status == "runtime_error"


def test_huge_numbers_come_back_quickly_and_compare():
    done = call("def f(n): return {n: [1 << n]}", "f", [(1_000_000,)])
    assert same(done.values[0], {1_000_000: [1 << 1_000_000]})
    assert same({10**5000}, {10**5000}) and not same({10**5000}, {10**5001})
    assert first_difference({10**5000}, {1})


def test_keys_that_collide_by_design_are_given_up(monkeypatch):
    from labkit.sandbox import values

    monkeypatch.setattr(values, "LONGEST_S", 0.5)
    modulus = (1 << 61) - 1
    body = marshal.dumps([i * modulus for i in range(1, 40_000)], 2)
    with pytest.raises(BadValue, match="takes more than"):
        decode(b"<" + body[1:])


@pytest.mark.parametrize(
    "made", ["bytearray(b'ab')", "memoryview(b'ab')", "__import__('array').array('b', b'ab')"]
)
def test_buffers_are_not_taken_for_bytes(made):
    with pytest.raises(BadInput, match="which cannot be sent"):
        call("def f(x): return x", "f", [(eval(made),)])
    assert "cannot leave the sandbox" in call(f"def f(x): return [{made}]", "f", [(1,)]).error


def test_what_holds_itself_is_refused_in_one_line():
    loop = []
    loop.append(loop)
    with pytest.raises(BadInput, match="holds itself"):
        call("def f(x): return x", "f", [(loop,)])
