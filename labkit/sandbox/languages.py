"""The languages, one row each: how to find the toolchain, compile, run; and the compiling itself.

A compiler is a program that reads hostile text, so it runs in the sandbox like any other; what it makes
comes out as bytes and goes into each run. To add a language, add a row.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.errors import BadInput


@dataclass(frozen=True)
class Language:
    """One row. In `compile` and `run`: {tool}, {home}, {memory_mib}; `outputs` are what compiling leaves.

    `home`: a command that prints where the toolchain lives, when that is not around the tool itself.
    `address_space`: whether mapped memory may be limited (not for what reserves much more than it uses);
    `threads`: how many the runtime starts beside the program's own. `empty`: a program that does nothing.
    `settings`: a file below home that may be a link to where the toolchain keeps more (Debian's JDK: /etc).
    """

    name: str
    source: str
    tools: tuple[str, ...]
    run: tuple[str, ...]
    empty: str
    hint: str
    compile: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    version: tuple[str, ...] = ("{tool}", "--version")
    home: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    address_space: bool = True
    threads: int = 0
    settings: str = ""


_C_FLAGS = ("-O2", "-s", "-o", "main")
_JAVA = (
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:ActiveProcessorCount=1",
    "-Xmx{memory_mib}m",
    "-cp",
    ".",
)
_GO_ENV = {
    "GOCACHE": "/tmp/.cache",
    "GOPATH": "/tmp/.go",
    "GOFLAGS": "-mod=mod",
    "CGO_ENABLED": "0",
    "GOMAXPROCS": "1",
}

LANGUAGES: dict[str, Language] = {
    row.name: row
    for row in (
        Language("python", "main.py", (), (), "", "labkit runs on it"),
        Language(
            "c", "main.c", ("gcc", "clang", "cc"), ("./main",), "int main(void) { return 0; }",
            "apt-get install gcc libc6-dev", ("{tool}", *_C_FLAGS, "main.c", "-lm"), ("main",),
            address_space=False,
        ),
        Language(
            "cpp", "main.cpp", ("g++", "clang++", "c++"), ("./main",), "int main() { return 0; }",
            "apt-get install g++", ("{tool}", "-std=c++17", *_C_FLAGS, "main.cpp"), ("main",),
            address_space=False,
        ),
        Language(
            "javascript", "main.js", ("node", "nodejs"),
            ("{tool}", "--max-old-space-size={memory_mib}", "main.js"), "", "apt-get install nodejs",
            env={"UV_THREADPOOL_SIZE": "1"}, address_space=False, threads=16,
        ),
        Language(
            "bash", "main.sh", ("bash",), ("{tool}", "main.sh"), "", "apt-get install bash",
            address_space=False,
        ),
        Language(
            "go", "main.go", ("go",), ("./main",), "package main\nfunc main() {}",
            "apt-get install golang-go",
            ("{tool}", "build", "-trimpath", "-ldflags=-s -w", "-o", "main", "main.go"), ("main",),
            ("{tool}", "version"), ("{tool}", "env", "GOROOT"), _GO_ENV, False, 16,
        ),
        Language(
            "rust", "main.rs", ("rustc",), ("./main",), "fn main() {}", "apt-get install rustc",
            ("{home}/bin/rustc", "-O", "-C", "strip=symbols", "-o", "main", "main.rs"), ("main",),
            home=("{tool}", "--print", "sysroot"), address_space=False,
        ),
        Language(
            "java", "Main.java", ("javac",), ("{home}/bin/java", *_JAVA, "Main"),
            "class Main { public static void main(String[] a) {} }", "apt-get install default-jdk-headless",
            ("{home}/bin/javac", "-J-XX:+UseSerialGC", "-J-XX:-UsePerfData", "-d", ".", "Main.java"),
            ("*.class",), address_space=False, threads=32, settings="conf/net.properties",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Toolchain:
    """A language as found on this machine: its commands filled in, and what of the host they read."""

    language: Language
    version: str
    words: Mapping[str, str]
    readable: tuple[str, ...]

    def command(self, template: tuple[str, ...], memory_mib: float = 1024) -> list[str]:
        return [word.format(**self.words, memory_mib=int(memory_mib)) for word in template]


def language_named(name: str) -> Language:
    if not isinstance(name, str) or name not in LANGUAGES:
        raise BadInput(f"language={name!r}: choose one of {', '.join(LANGUAGES)}")
    return LANGUAGES[name]


@functools.cache
def toolchain(name: str) -> Toolchain | str:
    """The toolchain, or what to install where there is none.

    >>> toolchain("python").version.startswith("Python 3")
    True
    """
    language = language_named(name)
    if name == "python":
        import platform

        return Toolchain(language, f"Python {platform.python_version()}", {}, ())
    for tool in filter(None, map(shutil.which, language.tools)):
        try:
            home = _home(language, tool)
            words = {"tool": tool, "home": home}
            version = _first_line([word.format(**words) for word in language.version])
        except (OSError, subprocess.SubprocessError, IndexError):
            continue
        return Toolchain(language, version, words, _outside_usr(language, tool, home))
    return f"no {' or '.join(language.tools)} here: {language.hint}"


def languages() -> dict[str, str]:
    """Each language's version on this machine, or what to install for it."""
    return {name: found if isinstance(found := toolchain(name), str) else found.version for name in LANGUAGES}


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return (done.stdout or done.stderr).strip().splitlines()[0]


def _home(language: Language, tool: str) -> str:
    """Where the toolchain lives: what it says itself, or two folders up from the real tool."""
    if language.home:
        return _first_line([word.format(tool=tool) for word in language.home])
    return os.path.dirname(os.path.dirname(os.path.realpath(tool)))


def _outside_usr(language: Language, tool: str, home: str) -> tuple[str, ...]:
    """What a program may read beside the system's own folders."""
    beside = [os.path.realpath(tool), home] if language.home or not tool.startswith("/usr/") else [home]
    if language.settings:
        beside.append(os.path.dirname(os.path.realpath(f"{home}/{language.settings}")))
    return tuple(sorted({path for path in beside if path not in ("/", "/usr") and os.path.exists(path)}))


# What compiles, inside: files go in, the compiler runs, what it made comes out as bytes.
BUILD = """
import glob, os, subprocess
def build(argv, files, outputs, env):
    for name, content in files.items():
        with open(name, "wb") as file:
            file.write(content)
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, **env})
    made = {}
    for pattern in outputs if done.returncode == 0 else ():
        for name in sorted(glob.glob(pattern)):
            with open(name, "rb") as file:
                made[name] = file.read()
    return done.returncode, (done.stderr or done.stdout)[-20000:].decode(errors="replace"), made
"""


def built(answer: Any) -> tuple[str, dict[str, bytes]]:
    """(complaint or '', files) from what BUILD returned, none of it trusted."""
    match answer:
        case (int() as code, str() as text, dict() as made):
            if code == 0 and made and all(isinstance(name, str) and "/" not in name for name in made):
                return "", {name: bytes(content) for name, content in made.items()}
            return text.strip() or f"the compiler ended with exit code {code}", {}
    return "the compiler's answer is none", {}
