"""Patches on real modules in a git checkout: they apply, take nothing else along, and can be taken back."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.errors import BadInput
from labkit.refinement import refine
from labkit.refinement.patch import Source, apply, make_patch, patched
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
