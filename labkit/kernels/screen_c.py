"""What a C kernel may not do, told from its text: reach past arithmetic on its own arrays.

Each reason has its line. Not covered: what only shows when it runs; see the judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HEADERS = {
    "task.h", "stdint.h", "stddef.h", "stdlib.h", "string.h", "math.h", "float.h", "limits.h", "stdbool.h",
    "omp.h", "immintrin.h", "x86intrin.h", "arm_neon.h", "assert.h", "tgmath.h", "complex.h",
}  # fmt: skip
C_CALLS = re.compile(
    r"(_mm|__builtin_|omp_|_cvt|_lzcnt|_tzcnt|v[a-z0-9]+q?_[a-z0-9_]+$)|"
    r"(f?(abs|max|min|ma|mod|dim)f?|(exp|exp2|expm1|log|log2|log10|log1p|sqrt|cbrt|rsqrt|pow|sin|cos|tan|sinh|"
    r"cosh|tanh|asin|acos|atan|atan2|erf|erfc|tgamma|lgamma|floor|ceil|round|rint|nearbyint|trunc|lrint|lround|"
    r"ldexp|frexp|hypot|copysign|isnan|isinf|isfinite|signbit|scalbn|logb|nextafter)[fl]?|"
    r"mem(cpy|set|move|cmp)|malloc|calloc|free|aligned_alloc|alloca|abs|labs|llabs|assert)$"
)
C_SYSTEM = re.compile(  # of the builtins and intrinsics, those that reach past arithmetic
    r"rdtsc|rdpmc|mxcsr|getcsr|setcsr|_MM_(SET|GET)|_address|builtin_apply|jmp|rdrand|rdseed|xbegin|cpu_(is|init|supp)|"
    r"omp_set|omp_get_num_procs|omp_get_wti|flags_u|fsbase|gsbase|clflush|asan_|lab_|cldemote|monitor|serialize|rdpid|(wr|rd)pkru|enqcmd|cpuid"
)
C_WORDS = {
    "if", "for", "while", "switch", "return", "sizeof", "_Alignof", "_Alignas", "alignas", "alignof",
    "defined", "_Pragma", "__attribute__", "__typeof__", "typeof", "_Generic", "_Static_assert",
    "static_assert", "for_each", "do", "else", "num_threads", "schedule", "reduction", "private",
    "firstprivate", "lastprivate", "shared", "collapse", "simdlen", "safelen", "aligned", "linear",
    "default", "proc_bind", "uniform", "ordered", "nowait", "unroll", "vector_size", "always_inline",
    "noinline", "hot", "target", "may_alias", "unused", "assume_aligned", "restrict", "packed",
    "const", "pure", "flatten", "target_clones",
}  # fmt: skip
C_FORBIDDEN = {
    "asm", "__asm__", "__asm", "constructor", "destructor", "ifunc", "alias", "weakref", "section",
    "extern", "environ", "cleanup", "syscall", "dlsym", "dlopen", "__thread", "_Thread_local", "volatile",
    "setjmp", "longjmp", "naked", "weak", "visibility", "symver", "interrupt", "signal",
    "__libc_start_main", "_Atomic", "no_sanitize", "no_sanitize_address", "no_address_safety_analysis",
    "disable_sanitizer_instrumentation",
}  # fmt: skip


_FUNCTION = re.compile(r"\b(?:[\w*]+[ \t\n*]+)+(\w+)[ \t]*\([^;{}()]*(?:\([^()]*\)[^;{}()]*)*\)\s*\{")


def reasons(source: str) -> Iterator[tuple[int, str]]:
    directive = False
    for number, line in enumerate(source.splitlines(), 1):
        directive = directive or line.lstrip().startswith("#")
        if line.endswith("\\") and not directive:
            yield number, "a line that is continued, outside a macro, is not read"
        directive = directive and line.endswith("\\")
    if re.search(r"\(\s*\*\s*(const\s*)?\w*\s*(\[\w*\])?\)\s*\(", source):
        yield 1, "a call through a pointer is not for a kernel"
    if "??" in source or re.search(r"\\\s*\n\s*#|##|%:", source):
        yield 1, "trigraphs, digraphs, and token pasting are not read"
    text = _without_comments(source)
    # what it defines itself: a function or a macro, or a variable that holds a vector
    defined = set(re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\(", text, re.M))
    defined |= set(_FUNCTION.findall(text))
    types = set(re.findall(r"\btypedef\b[^;]*?\b(\w+)\s*(?:__attribute__[^;]*)?;", text))
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*#\s*include\s*(.*)", line):
            name = header.group(1).strip().strip('<>"')
            if name not in HEADERS:
                yield number, f"includes {name}: a kernel may include {', '.join(sorted(HEADERS))}"
            continue
        pragma = re.match(r"\s*#\s*pragma\s+(\w+)", line)
        if pragma and pragma.group(1) not in ("omp", "GCC", "clang", "unroll", "ivdep"):
            yield number, f"#pragma {pragma.group(1)} is not for a kernel"
        if re.search(r"\boptimize\b|\b__optimize__\b", line):
            yield number, "asks for other flags: they belong in the first line, where they are seen"
        for word in re.findall(r"[A-Za-z_]\w*", line):
            if word in C_FORBIDDEN or word.strip("_") in C_FORBIDDEN or C_SYSTEM.search(word):
                yield number, f"{word} is not for a kernel"
        for team in re.findall(r"\bnum_threads\s*\(\s*([^()]*)", line):
            if team.strip() != "THREADS":
                yield number, f"num_threads({team.strip()}): a kernel has THREADS, no more and no fewer"
        if re.match(r"\s*#", line) and "define" not in line:
            continue
        for word in re.findall(r"\b([A-Za-z_]\w*)\s*\(", line):
            if not (word in defined or word in types or word in C_WORDS or C_CALLS.match(word)):
                yield number, f"calls {word}, which is neither defined here nor arithmetic"


def _without_comments(source: str) -> str:
    """With spaces for comments and strings (an include's name stays), so that lines keep their numbers."""
    pattern = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)

    def blank(match: re.Match) -> str:
        text = match.group()
        before = source[: match.start()].rpartition("\n")[2]
        if text.startswith('"') and re.match(r"\s*#\s*include\s*$", before):
            return text
        return re.sub(r"[^\n]", " ", text)

    return pattern.sub(blank, source)
