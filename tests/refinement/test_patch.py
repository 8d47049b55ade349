"""Patches on real modules in a git checkout: they apply, take nothing else along, and can be taken back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.errors import BadInput
from labkit.refinement import refine
from labkit.refinement.patch import Source, apply, make_patch
from labkit.refinement.placing import patched
from labkit.refinement.task import load_file

MODULE = '''"""Stock of a small shop."""

import re  # for codes

CODE = re.compile(r"[A-Z]+")


# how an order is read
def parse(line):
    """'3 ABC' -> (3, 'ABC')."""
    count, code = line.split()
    return int(count), code  # both are needed


def known(codes, stock):
    # codes that we have
    found = []
    for code in codes:
        if code in stock:  # a list!
            found.append(code)
    return found


class Shop:
    """Sells."""

    def __init__(self, stock):
        self.stock = stock

    def sells(self, lines):
        return known([parse(line)[1] for line in lines], self.stock)


def missing(lines, stock):
    codes = [parse(line)[1] for line in lines]

    def have():
        return known(codes, stock)

    return sorted(set(codes) - set(have()))


def inputs():
    return [([f"c{i}" for i in range(0, 1200, 2)], [f"c{i}" for i in range(900)])]
'''
TESTS = """import shop
assert shop.known(["a", "b"], ["b", "c"]) == ["b"]
assert shop.Shop(["ABC"]).sells(["3 ABC", "1 X"]) == ["ABC"]
assert shop.missing(["3 ABC", "1 X"], ["ABC"]) == ["X"]
print("green")
"""


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "src" / "deep"
    folder.mkdir(parents=True)
    git(tmp_path, "init", "-q")
    path = folder / "shop.py"
    path.write_bytes(MODULE.encode())
    (folder / "test_shop.py").write_text(TESTS)
    return path


def git(folder, *words):
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def green(path):
    done = subprocess.run([sys.executable, "test_shop.py"], cwd=path.parent, capture_output=True, text=True)
    return done.stdout.strip() == "green"


def change(
    path, name="known", old="if code in stock:", new="if code in shelf:", line="    shelf = set(stock)"
):
    """(file, its text with one function changed as a rewrite would)."""
    file = Source.read(path)
    task = load_file(path, name, lambda: [([], [])])
    best = task.program.source.replace(old, new)
    best = best.replace("    found = []", f"{line}\n    found = []")
    return file, patched(file, task.program.source, best)


def test_a_refined_function_of_a_real_module_is_patched_applied_and_taken_back(shop, tmp_path):
    file = Source.read(shop)
    task = load_file(shop, "known")
    study = refine(task, turns=3, record=False)
    assert study.improved
    patch = make_patch(file, patched(file, study.original, study.source))
    (tmp_path / "change.patch").write_text(patch)
    assert "a/src/deep/shop.py" in patch and "# a list!" in patch
    git(tmp_path, "apply", "--check", "change.patch")
    git(tmp_path, "apply", "change.patch")
    assert green(shop) and shop.read_text() != MODULE
    kept = [line for line in MODULE.splitlines() if "code in stock" not in line]
    now = shop.read_text().splitlines()
    assert [line for line in now if line in kept] == kept, "the other lines are as they were, in their order"
    git(tmp_path, "apply", "-R", "change.patch")
    assert shop.read_text() == MODULE


def test_only_the_lines_that_changed_are_in_the_patch(shop):
    file, text = change(shop)
    patch = make_patch(file, text)
    moved = [line for line in patch.splitlines() if line[0] in "+-" and not line.startswith(("+++", "---"))]
    assert moved == [
        "+    shelf = set(stock)",
        "-        if code in stock:  # a list!",
        "+        if code in shelf:  # a list!",
    ]


@pytest.mark.parametrize("mutant", ["drops a comment", "shifts a line"])
def test_a_careless_patch_would_be_seen(mutant, shop, tmp_path):
    file, text = change(shop)
    bad = (
        text.replace("  # a list!", "")
        if mutant == "drops a comment"
        else text.replace("    shelf", "     shelf")
    )
    moved = [line for line in make_patch(file, bad).splitlines() if line[0] == "+" and line[1] != "+"]
    assert ("# a list!" not in " ".join(moved)) == (mutant == "drops a comment")
    apply(file, bad)
    assert green(shop) == (mutant == "drops a comment")


def test_a_helper_of_the_module_a_new_import_and_a_new_helper(shop):
    file = Source.read(shop)
    task = load_file(shop, "missing", lambda: [([], [])])
    best = task.program.source.replace("count, code = line.split()", "count, code = cut(line)")
    best = "from collections import deque\n\n\ndef cut(line):\n    return line.split()\n\n\n" + best
    text = patched(file, task.program.source, best)
    assert text.index("import re  # for codes\nfrom collections import deque") > 0
    assert text.index("def cut(line)") < text.index("# how an order is read") < text.index("def parse(line)")
    assert patched(Source(file.path, text), best, best) == text
    apply(file, text)
    assert green(shop)


def test_new_constants_keep_their_order(tmp_path):
    path = tmp_path / "m.py"
    path.write_text("def f(x):\n    return x\n")
    best = "A = 3\nB = [0] * A\n\n\ndef f(x):\n    return x + B[0]\n"
    text = patched(Source.read(path), "def f(x):\n    return x\n", best)
    space = {}
    exec(text, space)
    assert space["f"](1) == 1 and text.index("A = 3") < text.index("B = ")


def test_a_function_inside_another_keeps_its_indentation(tmp_path):
    path = tmp_path / "m.py"
    path.write_text(
        "class A:\n    @staticmethod\n    def f(x):\n        # why\n        return x\n\n    y = 1\n"
    )
    text = patched(
        Source.read(path), "def f(x):\n    # why\n    return x\n", "def f(x):\n    # why\n    return +x\n"
    )
    assert text == path.read_text().replace("return x", "return +x")


def test_windows_line_ends_tabs_encodings_and_a_missing_last_newline(tmp_path):
    git(tmp_path, "init", "-q")
    path = tmp_path / "m.py"
    raw = "# -*- coding: latin-1 -*-\r\ndef f(x):\r\n\t# é\r\n\treturn x".encode("latin-1")
    path.write_bytes(raw)
    file = Source.read(path)
    text = patched(file, "def f(x):\n\t# é\n\treturn x\n", "def f(x):\n\t# é\n\treturn +x\n")
    (tmp_path / "p.patch").write_bytes(make_patch(file, text).encode("latin-1"))
    git(tmp_path, "apply", "p.patch")
    assert path.read_bytes() == raw.replace(b"return x", b"return +x")
    path.write_bytes(raw)
    apply(file, text)
    assert path.read_bytes() == raw.replace(b"return x", b"return +x")


def test_no_change_is_no_patch(shop):
    file = Source.read(shop)
    source = load_file(shop, "known").program.source
    assert patched(file, source, source) == file.text and make_patch(file, file.text) == ""


def test_what_came_from_elsewhere_or_changed_meanwhile_is_refused(shop):
    file, text = change(shop)
    with pytest.raises(BadInput, match="other is not in this file"):
        patched(file, "def other(x):\n    return x\n", "def other(x):\n    return 1\n")
    with pytest.raises(BadInput, match="known has changed since it was captured"):
        patched(file, "def known(a, b):\n    return a\n", "def known(a, b):\n    return b\n")
    shop.write_text(MODULE + "# more\n")
    with pytest.raises(BadInput, match="changed since it was read"):
        apply(file, text)
    assert shop.read_text() == MODULE + "# more\n"


def test_permissions_and_links_stay(shop, tmp_path):
    os.chmod(shop, 0o750)
    link = tmp_path / "link.py"
    link.symlink_to(shop)
    file, text = change(link)
    apply(file, text)
    assert link.is_symlink() and oct(shop.stat().st_mode)[-3:] == "750" and "shelf" in shop.read_text()
    assert [p.name for p in shop.parent.iterdir() if p.name.startswith("tmp")] == []


def test_a_file_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / "m.py").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "m.py", Path(tmp_path / "gone.py")):
        with pytest.raises(BadInput) as caught:
            Source.read(path)
        assert "\n" not in str(caught.value)


OLD, NEW = "def f(x):\n    return x\n", "def f(x):\n    return +x\n"


def put(path, content, best, original=OLD):
    """The new text of a file with that content, after `git apply` of its patch and `apply` gave the same."""
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(raw)
    git(path.parent, "init", "-q")
    file = Source.read(path)
    text = patched(file, original, best)
    patch = path.with_suffix(".patch")
    patch.write_bytes(file.encoded_patch(make_patch(file, text)))
    git(path.parent, "apply", patch.name)
    by_git = path.read_bytes()
    path.write_bytes(raw)
    apply(file, text)
    assert path.read_bytes() == by_git
    return by_git


@pytest.mark.parametrize(
    "head",
    [
        "#!/usr/bin/env python3\n",
        "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n",
        "# -*- coding: utf-8 -*-\n# what f is for\n",
        "#!/bin/python\n# A licence.\n# Two lines.\n\n",
    ],
)
def test_new_imports_and_helpers_go_below_what_must_stand_first(head, tmp_path):
    best = "import math\n\ndef g(x):\n    return math.floor(x)\n\ndef f(x):\n    return g(x)\n"
    now = put(tmp_path / "m.py", head + OLD, best).decode()
    fixed = [line for line in head.splitlines() if line.startswith("#!") or "coding" in line]
    assert now.splitlines()[: len(fixed)] == fixed and "import math\n" in now
    space = {}
    exec(now, space)
    assert space["f"](1.5) == 1 and all(line in now for line in head.splitlines())
    if "what f" in head:
        assert "# what f is for\ndef f(x)" in now


@pytest.mark.parametrize(
    "there, extra, words",
    [
        ("def g(): return 7\n", "def g(x):\n    return x\n", "adds g, which means something else"),
        ("g = 7\n", "g = 8\n", "adds g, which means"),
        ("deque = list\n", "from collections import deque\n", "adds deque, which means"),
        ("", "def sum(x):\n    return x\n", "adds sum, which means"),
        ("if True:\n    import json as g\n", "g = 8\n", "adds g, which means"),
    ],
)
def test_a_new_name_that_the_file_has_already_is_refused(there, extra, words, tmp_path):
    with pytest.raises(BadInput, match=words) as caught:
        put(tmp_path / "m.py", there + "\n\n" + OLD, extra + "\n\n" + NEW)
    assert "\n" not in str(caught.value)


def test_names_that_are_there_with_the_same_meaning_are_no_clash(tmp_path):
    content = "import os\nfrom collections import Counter, deque\n\n\n" + OLD
    best = (
        "import os.path\nfrom collections import deque\n\n\ndef f(x):\n    return os.path.join(*deque(x))\n"
    )
    now = put(tmp_path / "m.py", content, best).decode()
    assert now.count("deque\n") == 1 and "import os.path\n" in now


def test_a_new_name_that_the_function_around_it_has_is_refused(tmp_path):
    content = "def out(g):\n    def f(x):\n        return x\n    return f(g)\n"
    with pytest.raises(BadInput, match="adds g, which means"):
        put(tmp_path / "m.py", content, "def g(x):\n    return x\n\ndef f(x):\n    return g(x)\n")


def test_a_constant_of_the_module_that_changed_is_not_added_a_second_time(tmp_path):
    with pytest.raises(BadInput, match="changes N, which others may use"):
        put(tmp_path / "m.py", "N = 3\n\n" + OLD, "N = 4\n\n" + NEW, "N = 3\n\n" + OLD)


def test_a_new_future_import_comes_first(tmp_path):
    content = '"""M."""\nimport os\n\n\n' + OLD
    best = "from __future__ import annotations\nimport math\n\ndef f(x: Any):\n    return math.floor(x)\n"
    now = put(tmp_path / "m.py", content, best).decode()
    assert now.startswith(
        '"""M."""\n\nfrom __future__ import annotations\nimport os\nimport math\n\n\ndef f(x: Any)'
    )
    compile(now, "m.py", "exec")


def test_a_mark_of_the_byte_order_stays(tmp_path):
    now = put(tmp_path / "m.py", b"\xef\xbb\xbf" + OLD.encode(), "import math\n\n" + NEW)
    assert now == b"\xef\xbb\xbfimport math\n\n\n" + NEW.encode()


def test_mixed_line_ends_stay_as_they_are(tmp_path):
    raw = b"import os\r\nN = 1\n\r\ndef f(x):\r\n    return x\n\nM = 2\r\n"
    now = put(tmp_path / "m.py", raw, "import math\n\ndef f(x):\n    x += 0\n    return +x\n")
    kept = [line for line in now.splitlines(keepends=True) if line in raw.splitlines(keepends=True)]
    assert kept == [line for line in raw.splitlines(keepends=True) if b"return" not in line]
    assert b"return +x" in now and b"import math" in now


def test_a_file_that_cannot_be_written_is_one_line(shop, monkeypatch):
    file, text = change(shop)

    def denied(*args, **options):
        raise PermissionError(13, "Permission denied")

    for where, name in ((os, "replace"), (shutil, "copymode"), ("tempfile", "NamedTemporaryFile")):
        with monkeypatch.context() as patch:
            patch.setattr(*((f"{where}.{name}",) if isinstance(where, str) else (where, name)), denied)
            with pytest.raises(BadInput, match=r"shop.py cannot be written: Permission denied"):
                apply(file, text)
    with monkeypatch.context() as patch:  # root may write what is read-only
        patch.setattr(os, "access", lambda path, mode: False)
        with pytest.raises(BadInput, match="cannot be written: Permission denied"):
            apply(file, text)
    assert shop.read_text() == MODULE and sorted(p.name for p in shop.parent.iterdir()) == [
        "shop.py",
        "test_shop.py",
    ]
    raw = b"# coding: latin-1\n" + OLD.encode()
    shop.write_bytes(raw)
    file = Source.read(shop)
    with pytest.raises(BadInput, match="is stored as iso-8859-1, which cannot say '€'"):
        apply(file, patched(file, OLD, "def f(x):\n    return x  # \u20ac\n"))
    assert shop.read_bytes() == raw


def test_a_method_of_the_same_name_and_text_is_not_taken_for_the_function(tmp_path):
    content = "class A:\n    def f(x):\n        return x\n\n\n" + OLD
    assert put(tmp_path / "m.py", content, NEW).decode() == content[: -len(OLD)] + NEW


def test_of_two_definitions_the_one_that_counts_is_changed(tmp_path):
    assert put(tmp_path / "m.py", OLD + "\n\n" + OLD, NEW).decode() == OLD + "\n\n" + NEW


def test_a_decorator_that_is_new_goes_along(tmp_path):
    best = "from functools import cache\n\n\n@cache\n" + NEW
    now = put(tmp_path / "m.py", "def same(f):\n    return f\n\n\n@same\n" + OLD, best).decode()
    assert "@same\n@cache\ndef f(x)" in now and "from functools import cache" in now


def test_what_is_of_another_file_is_imported_or_refused(tmp_path):
    original = "import math\n\ndef g(x):\n    return math.floor(x)\n\n" + OLD
    now = put(tmp_path / "m.py", OLD, original.replace("return x\n", "return math.floor(x)\n"), original)
    assert b"import math\n" in now
    with pytest.raises(BadInput, match="uses g of another file"):
        put(tmp_path / "m.py", OLD, original.replace("return x\n", "return g(x)\n"), original)


def test_a_table_that_needs_a_helper_below_stands_below_it(tmp_path):
    content = OLD + "\n\ndef g(x):\n    return 2 * x\n"
    original = content
    best = "def g(x):\n    return 2 * x\n\nT = [g(i) for i in range(3)]\n\ndef f(x):\n    return T[x]\n"
    space = {}
    exec(put(tmp_path / "m.py", content, best, original), space)
    assert space["f"](2) == 4


def test_a_helper_that_others_use_is_left_alone(tmp_path):
    text = "def h(x):\n    return [x]\n\n\ndef f(x):\n    return h(x)\n\n\ndef g(x):\n    return h([x])\n"
    path = tmp_path / "m.py"
    path.write_text(text)
    original = text.partition("\n\n\ndef g")[0] + "\n"
    best = "from functools import cache\n\n\n@cache\n" + original
    with pytest.raises(BadInput, match="changes h, which g uses, too"):
        patched(Source.read(path), original, best, "f")
    path.write_text(original)
    assert "@cache" in patched(Source.read(path), original, best, "f")


@pytest.mark.parametrize("more", ["f = abs\n", "print(f)\n", "f.x = 1\n", "def g(x):\n    return x\n"])
def test_what_changes_no_function_in_its_place_is_refused(tmp_path, more):
    path = tmp_path / "m.py"
    path.write_text("def f(x):\n    return x\n")
    with pytest.raises(BadInput, match="the patch cannot be made"):
        patched(Source.read(path), path.read_text(), path.read_text() + more)
