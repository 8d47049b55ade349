"""What is captured means what it meant: defaults, other names of a helper, annotations, modules."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from labkit.errors import BadInput
from labkit.refinement.capture import capture
from labkit.sandbox import call

USER = """
import urllib.parse, xml.etree.ElementTree as ET, math, typing
import concurrent.futures as futures
import beside
from beside import double, double as twice, Thing
from typing import List

N, SIZES, HERE = 5, [1], object()

class P: pass

def helper(x): return x + 1

other = helper

def alias(x): return other(x) + helper(x)

def annotated(x: P, *rest: List[int]) -> List[int]:
    y: P = x
    def inner(z: P) -> P: return z
    return [inner(y)]

def stale(x, n=N, *, k=SIZES, m=math.pi): return x + n + len(k) + m

def unsayable(x, what=object()): return x

def helped(x, f=helper): return f(x)

N, SIZES = 7, []

def urls(text): return urllib.parse.urlparse(text).netloc

def elements(text): return ET.fromstring(text).tag

def done(): return futures.FIRST_COMPLETED

def inlined(x): return twice(x) + double(x)

def through_module(x): return beside.double(x)

def own_class(x): return Thing()

def second(x): return x

old = second

def second(x): return old(x) * 2

def ping(n): return n if n < 1 else pong(n - 1)

pong = ping

def record(x):
    from dataclasses import dataclass
    @dataclass
    class Row:
        at: int
        all: typing.List[int]
    return Row(x, [x]).all
"""
BESIDE = "FACTOR = 2\n\nclass Thing: pass\n\ndef double(x):\n    return step(x)\n\ndef step(x):\n    return x * FACTOR\n"


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """A user's module and its neighbour, both outside of everything installed."""
    folder, modules = tmp_path_factory.mktemp("user"), {}
    for name, text in (("beside", BESIDE), ("mine", USER)):
        path = folder / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        modules[name] = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(modules[name])
    yield modules["mine"]
    for name in modules:
        del sys.modules[name]


@pytest.mark.parametrize(
    "name, args",
    [
        ("alias", (1,)),
        ("annotated", (1,)),
        ("stale", (1,)),
        ("helped", (1,)),
        ("urls", ("http://a/b",)),
        ("elements", ("<a/>",)),
        ("done", ()),
        ("inlined", (2,)),
        ("ping", (3,)),
        ("record", (3,)),
    ],
)
def test_the_sandbox_gives_what_the_function_gives(user, name, args):
    function = getattr(user, name)
    program = capture(function)
    done = call(program.source, program.entry, [args])
    assert done.values == (function(*args),), (done.error, program.source)


@pytest.mark.parametrize(
    "name, words",
    [
        ("unsayable", "the default of what in unsayable is a object without a literal form"),
        ("second", "mean two things by second: rename one"),
        ("through_module", "uses beside, a module of your own.*from beside import"),
        ("own_class", "uses Thing, which is defined in your own code"),
    ],
)
def test_what_would_mean_something_else_is_refused(user, name, words):
    with pytest.raises(BadInput, match=words) as caught:
        capture(getattr(user, name))
    assert "\n" not in str(caught.value)


def test_annotations_stay_in_the_source(user):
    source = capture(user.annotated).source
    assert source.startswith("from __future__ import annotations\n")
    assert "def annotated(x: P, *rest: List[int]) -> List[int]:" in source
    assert "__future__" not in capture(user.helper).source


KINDS = frozenset({"b", "a", "c"})


def test_a_frozen_set_of_names_comes_along_in_an_order_of_its_own():
    def of_a_kind(word):
        return word in KINDS

    assert "frozenset({'a', 'b', 'c'})" in capture(of_a_kind).source
