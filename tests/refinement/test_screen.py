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
    assert refused(source, entry="f") == []


def test_what_the_original_uses_may_be_used():
    original = "import random, time\n\ndef f(n):\n    return random.Random(n).random(), vars(n)\n"
    assert refused("import random\n\ndef f(n):\n    return vars(n)\n", original=original) == []
    assert refused("import os\n\ndef f(n):\n    return n\n", original=original)


def test_a_program_without_its_function_and_one_that_keeps_state():
    assert [reason.rule for reason in screen("def g(x): return x\n", entry="f")] == ["no function"]
    kept = screen("SEEN = {}\n\ndef f(x):\n    SEEN[x] = 1\n    return x\n", entry="f")
    assert [(reason.rule, reason.severity) for reason in kept] == [("keeps state", "note")]


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


def test_without_the_alias_rules_a_planted_alias_gets_through(monkeypatch):
    """The mutant: a screen that does not follow second names of a module."""
    planted = "import math as m\nn = m\nn.sqrt = abs"
    assert refused(planted)
    monkeypatch.setattr(room, "_modules", lambda tree: {"math"})
    assert not refused(planted)
