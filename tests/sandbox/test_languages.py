"""Every language found here runs, fails, loops and hoards under the same statuses; one that is missing says so.

Each language has one program, and its input says what it does, so that each is compiled once.
"""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from labkit.errors import BadInput
from labkit.sandbox import Limits, execution, languages, run
from labkit.sandbox.languages import LANGUAGES, toolchain

LIMITS = Limits(wall_s=20, cpu_s=20, memory_mib=128)

# Reads "sum N M", "fail", "spin" or "hog", and does it.
PROGRAMS = {
    "python": """
import sys
word, *rest = sys.stdin.read().split()
if word == "sum": print(sum(map(int, rest)))
if word == "fail": raise ValueError("as asked")
while word == "spin": pass
held = []
while word == "hog": held.append(b"x" * (1 << 20))
""",
    "c": """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    char word[8]; long total = 0, n; volatile int on = 1;
    if (scanf("%7s", word) != 1) return 9;
    if (!strcmp(word, "sum")) { while (scanf("%ld", &n) == 1) total += n; printf("%ld\\n", total); }
    if (!strcmp(word, "fail")) abort();
    if (!strcmp(word, "spin")) while (on) {}
    if (!strcmp(word, "hog")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
    return 0;
}
""",
    "cpp": """
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>
int main() {
    std::string word; long total = 0, n; volatile int on = 1;
    std::cin >> word;
    if (word == "sum") { while (std::cin >> n) total += n; std::cout << total << "\\n"; }
    if (word == "fail") throw std::runtime_error("as asked");
    if (word == "spin") while (on) {}
    std::vector<std::vector<char>> held;
    if (word == "hog") for (;;) held.emplace_back(1 << 20, 1);
}
""",
    "javascript": """
const [word, ...rest] = require("fs").readFileSync(0, "utf8").split(/\\s+/).filter(Boolean);
if (word === "sum") console.log(rest.map(Number).reduce((a, b) => a + b));
if (word === "fail") throw new Error("as asked");
while (word === "spin") {}
const held = [];
while (word === "hog") held.push(Buffer.alloc(1 << 20, 1));
""",
    "bash": """
read -r word rest
if [ "$word" = sum ]; then total=0; for n in $rest; do total=$((total + n)); done; echo $total; fi
if [ "$word" = fail ]; then exit 3; fi
while [ "$word" = spin ]; do :; done
held=x; while [ "$word" = hog ]; do held=$held$held; done
""",
    "go": """
package main
import ("bufio"; "fmt"; "os")
func main() {
    in := bufio.NewReader(os.Stdin); var word string; var n, total int
    fmt.Fscan(in, &word)
    if word == "sum" { for { if _, e := fmt.Fscan(in, &n); e != nil { break }; total += n }; fmt.Println(total) }
    if word == "fail" { panic("as asked") }
    for word == "spin" { total++ }
    var held [][]byte
    for word == "hog" { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; held = append(held, b) }
    _ = held
}
""",
    "rust": """
use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let mut words = text.split_whitespace();
    match words.next() {
        Some("sum") => println!("{}", words.map(|w| w.parse::<i64>().unwrap()).sum::<i64>()),
        Some("fail") => panic!("as asked"),
        Some("spin") => loop { std::hint::spin_loop() },
        Some("hog") => { let mut held = Vec::new(); loop { held.push(vec![1u8; 1 << 20]) } }
        _ => {}
    }
}
""",
    "java": """
import java.util.*;
class Main {
    public static void main(String[] a) {
        Scanner in = new Scanner(System.in); String word = in.next(); long total = 0;
        if (word.equals("sum")) { while (in.hasNextLong()) total += in.nextLong(); System.out.println(total); }
        if (word.equals("fail")) throw new IllegalStateException("as asked");
        while (word.equals("spin")) total++;
        List<byte[]> held = new ArrayList<>();
        while (word.equals("hog")) held.add(new byte[1 << 20]);
    }
}
""",
}

# A mistake in the second line.
MISTAKES = {
    "c": "int main(void) {\n  return missing;\n}\n",
    "cpp": "int main() {\n  return missing;\n}\n",
    "go": 'package main\nimport "missing"\nfunc main() {}\n',
    "rust": "fn main() {\n  missing();\n}\n",
    "java": "class Main {\n  int f() { return missing; }\n}\n",
}


@pytest.fixture
def here():
    """here("rust"): skip where its toolchain is not installed."""

    def check(name):
        if isinstance(found := toolchain(name), str):
            pytest.skip(found)

    return check


def test_the_table_and_the_programs_cover_each_other():
    assert set(PROGRAMS) == set(LANGUAGES) == set(languages())
    assert set(MISTAKES) == {name for name, row in LANGUAGES.items() if row.compile}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_computes_from_its_input(name, here):
    here(name)
    done = run(PROGRAMS[name], language=name, stdin="sum 20 22 300", limits=LIMITS)
    assert (done.status, done.stdout, done.exit_code) == ("ok", "342\n", 0), done
    assert done.guards and done.figures["baseline_mib"].value > 0


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_failure_is_a_runtime_error(name, here):
    here(name)
    done = run(PROGRAMS[name], language=name, stdin="fail", limits=LIMITS)
    assert done.status == "runtime_error" and done.detail and done.exit_code != 0, done


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_endless_loop_is_a_timeout_and_its_cost_is_told(name, here):
    here(name)
    done = run(PROGRAMS[name], language=name, stdin="spin", limits=replace(LIMITS, cpu_s=0.3))
    assert done.status == "timeout" and "CPU" in done.detail, done
    cost = {
        figure: done.figures[figure].value for figure in ("wall_s", "cpu_s", "integral_mib_s", "peak_mib")
    }
    assert cost["wall_s"] > 0.2 and 0.2 < cost["cpu_s"] < 1 and cost["integral_mib_s"] > 0, cost
    assert 0 <= cost["peak_mib"] < 64


def test_even_the_shortest_program_has_its_own_figures_on_a_busy_machine(here):
    """It is over before the watch looks: neither nothing at all, nor what the launcher held, is its cost."""
    here("c")
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(lambda _: run(LANGUAGES["c"].empty, language="c"), range(48)))
    for figure, least, most in (("wall_s", 1e-6, 1), ("cpu_s", 1e-6, 1), ("peak_mib", 0, 3)):
        values = sorted(done.figures[figure].value for done in runs)
        assert least <= values[0] and values[-1] < most, (figure, values)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_memory_hog_is_a_memory_limit(name, here):
    here(name)
    done = run(PROGRAMS[name], language=name, stdin="hog", limits=LIMITS)
    assert done.status == "memory_limit", done


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_a_compile_error_with_the_compilers_own_line(name, here):
    here(name)
    done = run(MISTAKES[name], language=name)
    assert done.status == "compile_error" and not done.figures, done
    assert f"{LANGUAGES[name].source}:2" in done.stderr
    assert done.detail and "missing" in done.stderr
    assert any(line.strip().startswith(done.detail) for line in done.stderr.splitlines())


@pytest.mark.parametrize("name", ["c", "cpp"])
def test_a_compiler_reads_nothing_of_the_host(name, here, tmp_path):
    here(name)
    (tmp_path / "secret.h").write_text("labkit_secret labkit_secret;\n")
    quoted = [str(tmp_path / "secret.h"), "/etc/passwd"]
    for path in quoted:
        done = run(f'#include "{path}"\nint main(void) {{ return 0; }}\n', language=name)
        assert done.status == "compile_error", done
        assert "labkit_secret" not in done.stderr and "root:" not in done.stderr
    unconfined = shutil.which(LANGUAGES[name].tools[0])  # the canary dies where the compiler is not confined
    if unconfined:
        source = tmp_path / "x.c"
        source.write_text(f'#include "{quoted[0]}"\n')
        leaked = subprocess.run(
            [unconfined, "-c", source, "-o", tmp_path / "x"], capture_output=True, text=True
        )
        assert "labkit_secret" in leaked.stderr


@pytest.fixture
def table(monkeypatch):
    """table(name, **fields): that row of the table changed, for this test; what was found is looked for again."""

    def change(name, **fields):
        monkeypatch.setitem(LANGUAGES, name, replace(LANGUAGES[name], **fields))
        toolchain.cache_clear()

    toolchain.cache_clear()
    yield change
    monkeypatch.undo()
    toolchain.cache_clear()


@pytest.fixture
def nothing_runs(monkeypatch):
    """A wire across the only way to a broker."""

    def trip(*_):
        raise AssertionError("a broker was asked for")

    monkeypatch.setattr(execution, "pool", trip)


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "python"])
def test_a_missing_toolchain_is_unavailable_and_says_what_to_install(name, table, nothing_runs):
    table(name, tools=("labkit-no-such-tool",))
    done = run(PROGRAMS[name], language=name)
    assert done.status == "unavailable" and not done.ok
    assert "labkit-no-such-tool" in done.detail and LANGUAGES[name].hint in done.detail
    assert not done.figures and done.exit_code is None
    assert LANGUAGES[name].hint in languages()[name]


def fake(folder, name, script):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "kill -9 $$"])
def test_a_tool_that_does_not_work_is_no_toolchain(script, table, nothing_runs, monkeypatch, tmp_path):
    for name in ("c", "rust", "java", "bash"):
        fake(tmp_path / "bin", LANGUAGES[name].tools[0], script)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        done = run(PROGRAMS[name], language=name)
        assert done.status == "unavailable" and LANGUAGES[name].hint in done.detail, (name, done)


def test_the_next_tool_is_tried_where_the_first_does_not_work(table, monkeypatch, tmp_path, here):
    here("bash")
    real = toolchain("bash").words["tool"]
    fake(tmp_path / "bin", "first", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    table("bash", tools=("first", real))
    assert run("echo fine", language="bash").stdout == "fine\n"


def test_an_unknown_language_is_one_line_that_names_the_choices():
    with pytest.raises(BadInput, match="language='cobol': choose one of python, c, cpp") as caught:
        run("DISPLAY 1", language="cobol")
    assert "\n" not in str(caught.value) and all(name in str(caught.value) for name in LANGUAGES)
