"""The screen: what is refused and by which rule, and honest programs that pass."""

import pytest

from labkit.refinement import reference_solutions, task_names
from labkit.refinement import screen as room
from labkit.refinement.rules import lab_screen
from labkit.refinement.screen import Reason, screen
from labkit.refinement.task import load_case

HOSTILE = {
    "import os": "import",
    "from os import system as s\ns('true')": "import",
    "import os.path as p": "import",
    "import subprocess, math": "import",
    "from socket import *": "import",
    "from collections import *": "import",
    "from . import secrets": "import",
    "import ctypes": "import",
    "from io import open, StringIO": "import",
    "import io\nio.open('x')": "import",
    "import bz2 as b\nb.open('x')": "import",
    "import threading": "import",
    "import sys\nsys.settrace(None)": "import",
    "import gc": "import",
    "import inspect": "import",
    "import signal": "import",
    "import atexit": "import",
    "import importlib": "import",
    "exec('x = 1')": "dynamic code",
    "def f(x): return eval('x')": "dynamic code",
    "run = exec\nrun('1')": "dynamic code",
    "exec = exec\nexec('1')": "dynamic code",
    "def f(x, go=eval): return go('x')": "dynamic code",
    "list(map(eval, ['1']))": "dynamic code",
    "__import__('o' + 's')": "dynamic code",
    "compile('1', 'a', 'eval')": "dynamic code",
    "globals()['x'] = 1": "reaches into namespaces",
    "def f(): return vars()": "reaches into namespaces",
    "open('/etc/passwd')": "input and output",
    "input()": "input and output",
    "().__class__.__base__.__subclasses__()": "inner parts",
    "def f(): pass\nf.__globals__": "inner parts",
    "(lambda: 0).__code__": "inner parts",
    "__builtins__['eval']": "inner parts",
    "getattr([], '__class' + '__')": "dynamic attribute access",
    "getattr((), '__subclasses__')": "inner parts",
    "def f(g=getattr): return g([], 'x')": "dynamic attribute access",
    "import operator\noperator.attrgetter('__globals__')": "inner parts",
    "from operator import attrgetter\nname = input\nattrgetter(name)": "dynamic attribute access",
    "'{0.__class__}'.format(1)": "dynamic attribute access",
    "setattr(int, 'x', 1)": "dynamic attribute access",
    "import math\nmath.sqrt = abs": "patches a module",
    "import math as m\nn = m\nn.sqrt = abs": "patches a module",
    "import heapq\ndel heapq.heappush": "patches a module",
    "import json\njson.os": "import",
    "import random as r\nr._os.system('true')": "import",
    f"TABLE = {dict.fromkeys(range(300), 1)!r}": "table of answers",
    f"TEXT = {'x' * 70_000!r}": "large literal",
    f"LIST = {list(range(3000))!r}": "large literal",
    "def f(:": "syntax",
    # builtins behind a name that means something else elsewhere
    "def g(eval): return 1\ndef f(x): return eval(x)": "dynamic code",
    "eval = 1\ndel eval\neval('1')": "dynamic code",
    "if 0:\n    eval = 1\neval('1')": "dynamic code",
    "class A:\n    go = exec": "dynamic code",
    "[x for eval in [eval] for x in [eval('1')]]": "dynamic code",
    "(lambda go=eval: go('1'))()": "dynamic code",
    "@eval\ndef f(): pass": "dynamic code",
    "def f(x: __import__('os')): return x": "dynamic code",
    "match 1:\n    case eval(): pass": "dynamic code",
    "import types\ntypes.FunctionType(1, {})": "dynamic code",
    "from types import CodeType as c": "dynamic code",
    "import types as t\nu = t\nu.CodeType": "dynamic code",
    # modules behind modules
    "import json\njson.codecs.open('x')": "import",
    "import json as j\nk = j.codecs\nk.builtins.eval('1')": "import",
    "from statistics import random": "import",
    "from json import codecs as c": "import",
    "import dataclasses\ndataclasses.sys.modules": "import",
    "import calendar as c\n(c.sys)._getframe()": "import",
    "import builtins\ngetattr(builtins, 'ev' + 'al')": "dynamic attribute access",
    # patched, by way of a second name
    "import math\na, b = math, 1\na.sqrt = abs": "patches a module",
    "import math\n(z := math).sqrt = abs": "patches a module",
    "import math\nfor m in [math]:\n    m.sqrt = abs": "patches a module",
    "import math\ndef f(x, m=math): m.sqrt = abs": "patches a module",
    "import math\nm = math if 1 else None\nm.sqrt = abs": "patches a module",
    "import math\nm = {'a': math}['a']\nm.sqrt = abs": "patches a module",
    "import math\nmath.pi += 1": "patches a module",
    "from collections import Counter\nCounter.most_common = abs": "patches a module",
    "int.x = 1": "patches a module",
    "import math\ndef g(m): m.sqrt = abs\ng(math)": "dynamic attribute access",
    "import math\nmath.__dict__['sqrt'] = abs": "inner parts",
    "(lambda: 0).__defaults__ = (1,)": "inner parts",
    "int.mro()": "inner parts",
    "(x for x in ()).gi_frame.f_globals": "inner parts",
    "{}.get.__self__": "inner parts",
    # attributes by way of text
    "('{0.__cl' + 'ass__}').format(1)": "dynamic attribute access",
    "T = '{0.__class__}'\ndef f(x): return T.format(x)": "dynamic attribute access",
    "str.format('{0.__class__}', 1)": "dynamic attribute access",
    "from operator import attrgetter as ag\nag('__globals__')": "inner parts",
    "import operator as o\np = o\np.methodcaller('a' + 'b')": "dynamic attribute access",
    "from operator import attrgetter\nlist(map(attrgetter, ['a']))": "dynamic attribute access",
    "g = getattr\ng([], 'x')": "dynamic attribute access",
    # answers by heart
    f"X = {[(i, i) for i in range(300)]!r}": "table of answers",
    f"X = dict({', '.join(f'a{i}=1' for i in range(300))})": "table of answers",
    f"X = '{'a' * 40_000}' + '{'b' * 40_000}'": "large literal",
    f"X = 0x{'f' * 140_000}": "large literal",
}

HONEST = [
    "import heapq\n\ndef f(xs):\n    return heapq.nsmallest(3, xs)\n",
    "from bisect import bisect_left, insort\n\ndef f(xs):\n    return bisect_left(xs, 3)\n",
    "from functools import cache, lru_cache, reduce\n\n@cache\ndef f(n):\n    return n if n < 2 else f(n - 1)\n",
    "from itertools import accumulate, groupby\n\ndef f(xs):\n    return list(accumulate(xs))\n",
    "from collections import Counter, defaultdict, deque\n\ndef f(xs):\n    return Counter(xs)\n",
    "import math\n\ndef f(n):\n    return math.isqrt(n)\n",
    "import re\n\nWORD = re.compile('a+')\n\ndef f(text):\n    return WORD.findall(text)\n",
    "from array import array\n\ndef f(n):\n    return array('q', range(n))\n",
    "from operator import itemgetter, attrgetter\n\ndef f(xs):\n    return sorted(xs, key=itemgetter(1))\n",
    "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int\n\ndef f(n):\n    return P(n).x\n",
    "from typing import Any\n\ndef f(x: Any) -> Any:\n    return x\n",
    "import string\n\ndef f(t):\n    return t.translate(str.maketrans('', '', string.punctuation))\n",
    "from fractions import Fraction\nfrom decimal import Decimal\n\ndef f(n):\n    return Fraction(n, 3) > 1\n",
    "from io import StringIO\n\ndef f(t):\n    return StringIO(t).read()\n",
    "import statistics\n\ndef f(xs):\n    return statistics.median(xs)\n",
    "def f(xs, vars):\n    compile = {x: vars for x in xs}\n    return compile\n",
    "def f(text):\n    return '{} {}'.format(text, 1)\n",
    "LINE = '{:>3} ' + '{}'\n\ndef f(n):\n    return LINE.format(n, n)\n",
    "from random import Random\n\ndef f(n):\n    return Random(n).random()\n",
    "from dataclasses import dataclass, replace\n\n@dataclass(frozen=True)\nclass P:\n    x: int\n\ndef f(n):\n    return replace(P(1), x=n).x\n",
    "import collections.abc\nfrom operator import add, attrgetter\n\ndef f(xs):\n    return sorted(xs, key=attrgetter('real'))\n",
    "def f(list, filter):\n    list.head = filter\n    input = list.head\n    return [open for open in [input]]\n",
    "try:\n    from math import isqrt\nexcept ImportError:\n    isqrt = None\nif isqrt:\n    def f(n):\n        return isqrt(n)\n",
    "import itertools as it\nfrom functools import partial\n\nchain = it.chain.from_iterable\n\ndef f(xs):\n    go = partial(max, default=0)\n    return go(chain(xs))\n",
    "import math\nOPS = {'s': math.sqrt, 'f': math.floor}\n\ndef f(xs, op='s'):\n    xs.sort()\n    return OPS[op](xs[0])\n",
    "class Node:\n    __slots__ = ('left', 'right')\n    def __init__(self):\n        self.left = self.right = None\n\ndef f(n):\n    node = Node()\n    node.left = n\n    return node.left\n",
]


def refused(source, **options):
    return [reason for reason in screen(source, **options) if reason.severity == "refuse"]


@pytest.mark.parametrize("source", HOSTILE)
def test_what_reaches_out_is_refused_by_its_rule(source):
    rules = {reason.rule for reason in refused(source)}
    assert HOSTILE[source] in rules, rules


@pytest.mark.parametrize("source", HONEST)
def test_honest_programs_pass(source):
    original = "import random\n" if "random" in source else ""
    assert refused(source, original=original, entry="f") == []


def test_what_the_original_uses_may_be_used():
    original = "import random, time\n\ndef f(n):\n    return random.Random(n).random(), vars(n)\n"
    assert refused("import random\n\ndef f(n):\n    return vars(n)\n", original=original) == []
    assert refused("import os\n\ndef f(n):\n    return n\n", original=original)


def test_a_program_without_its_function():
    assert [reason.rule for reason in screen("def g(x): return x\n", entry="f")] == ["no function"]
    assert [reason.rule for reason in screen("def g():\n    def f(x): return x\n", entry="f")] == [
        "no function"
    ]
    assert screen("f = lambda x: x\n", entry="f") == []


@pytest.mark.parametrize(
    "source",
    [
        "SEEN = {}\n\ndef f(x):\n    SEEN[x] = 1\n    return x\n",
        "SEEN = []\n\ndef f(x):\n    SEEN.append(x)\n    return x\n",
        "def f(x, seen={}):\n    seen[x] = 1\n    return x\n",
        "N = 0\n\ndef f(x):\n    global N\n    N = x\n    return x\n",
        "def f(x):\n    f.seen = x\n    return x\n",
        "import functools as t\n\n@t.lru_cache(None)\ndef f(x):\n    return x\n",
    ],
)
def test_what_outlives_a_call_is_noted_and_not_refused(source):
    kept = screen(source, entry="f")
    assert [(reason.rule, reason.severity) for reason in kept] == [("keeps state", "note")]
    assert lab_screen(source, "", "f") == []


def test_a_container_of_the_call_itself_is_no_state():
    assert (
        screen("seen = {}\n\ndef f(x):\n    seen = {}\n    seen[x] = 1\n    return seen\n", entry="f") == []
    )


def test_a_format_string_that_cannot_be_seen_is_noted():
    (reason,) = screen("def f(t):\n    return t.format(1)\n", entry="f")
    assert (reason.rule, reason.severity) == ("dynamic attribute access", "note")


def test_tables_and_texts_of_the_original_may_be_kept():
    table, text = f"T = {dict.fromkeys(range(300), 1)!r}\n", f"S = {'x' * 70_000!r}\n"
    assert refused(table, original=table) == [] and refused(text, original=text) == []
    assert refused(text, original=table)


def test_a_deep_or_broken_source_is_one_reason():
    for source in (
        "x = " + "(" * 300,
        "\0",
        "x = " + "-" * 90_000 + "1",
        "x\n  y",
        "x = " + "a." * 30_000 + "b",
    ):
        assert [reason.rule for reason in screen(source)] == ["syntax"], source[:20]


def test_reasons_say_where():
    (reason,) = screen("x = 1\n\nimport os\n")
    assert reason == Reason("import", 3, "imports os")
    assert lab_screen("import os\n\ndef f(x): return x\n", "", "f") == ["line 1: imports os"]


def test_every_visible_solution_passes():
    for name in [*task_names("real"), *task_names("more")]:
        original = load_case(name, size=0.1).program.source
        for label, program in reference_solutions(name).items():
            rules = [r.rule for r in refused(program.source, original=original, entry=program.entry)]
            expected = ["dynamic code"] if (name, label) == ("evaluate_formulas", "eval") else []
            assert rules == expected, (name, label)


@pytest.mark.parametrize(
    "part, blind, planted",
    [
        ("_copied", lambda node: [], "import math as m\nn = m\nn.sqrt = abs"),
        ("_at", lambda module, path: None, "import statistics\nstatistics.random.seed(1)"),
        ("_sure_at_top", lambda tree: {"eval"}, "if 0:\n    eval = 1\neval('1')"),
    ],
)
def test_a_screen_without_one_of_its_parts_lets_a_planted_program_through(monkeypatch, part, blind, planted):
    """The mutants: no second names, no look behind modules, any binding taken for sure."""
    assert refused(planted)
    monkeypatch.setattr(room, part, blind)
    assert not refused(planted)
