"""What a kernel's source may say: an allow-list for each back end, read before anything is run.

Not a wall (the confined process, the fresh inputs and the clock outside are): it gives the reason by name,
and keeps a Python candidate from the harness that shares its process. What is not on a list is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from . import screen_c
from .backends import Kernel

MODULES = {
    "numba": {"numba", "numpy", "math"},
    "triton": {"torch", "torch.nn", "triton", "triton.language", "math"},
    "torch": {"torch", "torch.nn", "torch.nn.functional", "math"},
    "cuda": {"torch", "torch.nn", "torch.nn.functional", "torch.utils.cpp_extension", "math"},
}
BUILTINS = {
    "abs", "bool", "divmod", "enumerate", "float", "int", "len", "list", "dict", "tuple", "max", "min",
    "pow", "range", "round", "sum", "super", "zip", "reversed", "sorted", "isinstance", "ValueError",
    "AssertionError", "RuntimeError", "property", "staticmethod", "slice", "any", "all", "map",
    "NotImplementedError", "TypeError", "str", "set",
}  # fmt: skip
# Attributes that reach past a kernel's own arrays: other code and memory, clocks, generators, the insides.
FORBIDDEN = {
    "compile", "library", "ops", "utils", "jit_script", "hub", "autograd", "overrides", "fx", "_dynamo",
    "_inductor", "classes", "multiprocessing", "profiler", "random", "manual_seed", "seed", "initial_seed",
    "get_rng_state", "set_rng_state", "default_generator", "set_num_threads", "set_num_interop_threads",
    "set_default_dtype", "set_default_device", "set_default_tensor_type", "from_dlpack", "from_file",
    "frombuffer", "from_blob", "as_strided", "as_strided_", "set_", "storage", "untyped_storage", "data",
    "numpy", "from_numpy", "register_forward_hook", "register_forward_pre_hook",
    "register_module_forward_hook", "register_load_state_dict_post_hook", "register_state_dict_post_hook",
    "register_buffer", "share_memory_", "autocast", "amp", "set_float32_matmul_precision",
    "set_flush_denormal", "use_deterministic_algorithms", "set_deterministic_debug_mode",
    "Event", "Stream", "stream", "fork", "wait", "objmode", "cfunc",
    "carray", "farray", "extending", "core", "typed", "ctypeslib", "lib", "memmap", "fromfile", "tofile",
    "f_globals", "gi_frame", "modules", "pin_memory", "cpu_count", "Thread", "resize_", "record_stream",
    "backends", "testing", "version", "runtime", "knobs", "interpreter", "language_extra", "do_bench",
    "inline_asm_elementwise", "extern_elementwise", "allclose", "equal",
}  # fmt: skip
ARRAYS = {  # of torch, what a Triton or CUDA candidate may use: room for results, not arithmetic
    "empty", "empty_like", "new_empty", "zeros", "zeros_like", "Tensor", "float32", "float16", "bfloat16",
    "float64", "int32", "int64", "bool", "no_grad", "nn", "device", "cuda", "current_device", "Size",
    "contiguous_format",
}  # fmt: skip
TENSORS = {
    "shape", "stride", "numel", "contiguous", "view", "reshape", "size", "device", "dtype", "is_contiguous",
    "dim", "ndim", "flatten", "unsqueeze", "squeeze", "element_size", "new_empty", "weight", "bias", "to",
    "float", "half", "is_cuda", "T", "t", "transpose", "permute", "expand",
}  # fmt: skip
LIBRARY = {
    "dot",
    "matmul",
    "vdot",
    "linalg",
    "inner",
    "tensordot",
    "einsum",
    "kron",
    "fft",
    "convolve",
    "correlate",
}


def screen(kernel: Kernel) -> list[str]:
    """Why a source is refused, each with its line; nothing when it is not."""
    found = screen_c.reasons(kernel.source) if kernel.backend == "c" else _python(kernel)
    return [f"line {line}: {words}" for line, words in dict.fromkeys(found)][:8]


def _python(kernel: Kernel) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(kernel.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield getattr(error, "lineno", None) or 1, f"not Python: {error}"
        return
    jitted = {f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and _jitted(f)}
    inside = {node for f in jitted for node in ast.walk(f)}
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _import(node, kernel.backend, imported)
    own = _bound(tree) | imported
    for node in ast.walk(tree):
        yield from _node(node, own)
        if kernel.backend in ("triton", "cuda") and node not in inside:
            yield from _host_side(node)
    yield from _statements(tree, imported)
    if kernel.backend == "triton":
        yield from _ordered(tree)
        launches = {n.func.value.id for n in ast.walk(tree) if isinstance(n, ast.Call)
                    and isinstance(n.func, ast.Subscript) and isinstance(n.func.value, ast.Name)}  # fmt: skip
        if not launches & {f.name for f in jitted}:
            yield 1, "launches no @triton.jit function of its own"
    if kernel.backend == "numba":
        for node in ast.walk(tree):
            library = isinstance(node, ast.Attribute) and node.attr in LIBRARY
            if library or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)):
                yield node.lineno, f"{ast.unparse(node)}: the library would do the work (fallback)"
    if kernel.backend == "numba" and not any(f.name == "kernel" for f in jitted):
        yield 1, "has no @njit function named 'kernel'"


def _ordered(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Who goes by an atomic waits for what others have stored: that takes an order of memory."""
    alone = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or call in alone:
            continue
        said = {ast.unparse(a).strip("'") for a in (*call.args, *(k.value for k in call.keywords))}
        if "atomic_" in ast.unparse(call.func) and said & {"relaxed", "acquire", "release"}:
            yield (
                call.lineno,
                "goes by an atomic without order of memory: others' results may not be there",
            )


def _jitted(function: ast.FunctionDef) -> bool:
    names = [ast.unparse(d.func if isinstance(d, ast.Call) else d) for d in function.decorator_list]
    return any(name in ("triton.jit", "njit", "numba.njit") for name in names)


def _import(node: ast.Import | ast.ImportFrom, backend: str, imported: set[str]) -> Iterator[tuple[int, str]]:
    allowed = MODULES[backend]
    may = f"a {backend} kernel may import {', '.join(sorted(allowed))}"
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name not in allowed:
                yield node.lineno, f"imports {alias.name}: {may}"
            imported.add((alias.asname or alias.name).partition(".")[0])
        return
    module = node.module or ""
    for alias in node.names:
        whole = f"{module}.{alias.name}"
        if node.level or (module not in allowed and whole not in allowed):
            yield node.lineno, f"imports {whole}: {may}"
        if alias.name in FORBIDDEN or alias.name == "*" or alias.name.startswith("_"):
            yield node.lineno, f"imports {whole}, which reaches past a kernel's own arrays"
        imported.add(alias.asname or alias.name)


def _bound(tree: ast.AST) -> set[str]:
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    names |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _node(node: ast.AST, own: set[str]) -> Iterator[tuple[int, str]]:
    line = getattr(node, "lineno", 1)
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name not in own and name not in BUILTINS:
            if not (name.isupper() or name in ("True", "False", "None")):  # CAPITALS: the task's sizes
                yield line, f"{name} is not for a kernel"
        case ast.Name(id=name) if name.startswith("__"):
            yield line, f"{name} is not for a kernel"
        case ast.Attribute(
            value=ast.Name(id="torch" | "np" | "numpy"), attr="load" | "save" | "fromfile" as name
        ):
            yield line, f".{name} is not for a kernel"
        case ast.Attribute(attr=name) if name.startswith("__") and name != "__init__":
            yield line, f".{name} is not for a kernel"
        case ast.Attribute(attr=name) if name in FORBIDDEN or (name.startswith("_") and name != "__init__"):
            root = node.value
            if not (isinstance(root, ast.Name) and root.id == "self" and name not in FORBIDDEN):
                yield line, f".{name} reaches past a kernel's own arrays"
        case ast.Try() | ast.Global() | ast.Nonlocal() | ast.With() | ast.AsyncFunctionDef() | ast.Delete():
            if isinstance(node, ast.With) and all("no_grad" in ast.unparse(i) for i in node.items):
                return
            words = {ast.Try: "try: a kernel has no other way to fall back on", ast.With: "with"}
            yield line, words.get(type(node), type(node).__name__.lower()) + " is not for a kernel"
        case ast.Yield() | ast.YieldFrom() | ast.Match():
            yield line, f"{type(node).__name__.lower()} is not for a kernel"


def _statements(tree: ast.Module, imported: set[str]) -> Iterator[tuple[int, str]]:
    """Classes from nn.Module only, no state between calls, nothing rebound, nothing run at the top."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = [ast.unparse(base) for base in node.bases]
            if any(base not in ("nn.Module", "torch.nn.Module", "Module") for base in bases) or node.keywords:
                words = f"class {node.name} derives from {', '.join(bases)}"
                yield node.lineno, f"{words}: only nn.Module is for a kernel"
            for method in node.body:
                yield from _method(method)
        if isinstance(node, ast.FunctionDef):
            yield from _decorators(node)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in (
            targets if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.For) else ()
        ):
            for part in ast.walk(target):
                if isinstance(part, ast.Attribute) and ast.unparse(part.value) != "self":
                    yield node.lineno, f"rebinds {ast.unparse(part)}, which is not its own"
                if isinstance(part, ast.Name) and part.id in imported and isinstance(part.ctx, ast.Store):
                    yield node.lineno, f"rebinds {part.id}, which it imports"
    top = {n.id for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) for n in ast.walk(node)
           if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}  # fmt: skip
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from _changes(function, top)
    for node in tree.body:
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            yield node.lineno, "runs something as it is imported"
        if isinstance(node, ast.If | ast.For | ast.While):
            yield node.lineno, "runs something as it is imported"


HARNESS = {
    "train", "eval", "to", "load_state_dict", "state_dict", "parameters", "named_parameters", "buffers",
    "apply", "half", "float", "double", "requires_grad_",
}  # fmt: skip
MUTATING = {"append", "update", "setdefault", "insert", "extend", "add", "pop", "popitem", "clear", "remove"}


def _changes(function: ast.FunctionDef, names: set[str]) -> Iterator[tuple[int, str]]:
    """Where a function changes one of these names' values: they live on from call to call."""
    for node in ast.walk(function):
        changed = None
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            changed = node.value
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING
        ):
            changed = node.func.value
        if changed is not None and names & {n.id for n in ast.walk(changed) if isinstance(n, ast.Name)}:
            yield node.lineno, f"keeps state between calls in {ast.unparse(changed)}"


def _method(method: ast.stmt) -> Iterator[tuple[int, str]]:
    if not isinstance(method, ast.FunctionDef):
        mutable = ast.Dict | ast.List | ast.Set | ast.Call
        if isinstance(method, ast.Assign) and isinstance(method.value, mutable):
            yield method.lineno, "keeps state on its class"
        return
    if method.name.startswith("__") and method.name != "__init__":
        yield method.lineno, f"defines {method.name}"
    if method.name in HARNESS:
        yield method.lineno, f"redefines {method.name}, which the harness calls"
    if method.name == "__init__":
        return
    yield from _changes(method, {"self"})


def _decorators(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for decorator in function.decorator_list:
        name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name not in ("triton.jit", "njit", "numba.njit", "staticmethod", "torch.no_grad", "property"):
            yield function.lineno, f"@{name} is not for a kernel"
    for default in (*function.args.defaults, *(d for d in function.args.kw_defaults if d)):
        if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
            yield function.lineno, "keeps state between calls in a default argument"


def _host_side(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Around a Triton or CUDA kernel torch makes room for results; it does not compute."""
    line = getattr(node, "lineno", 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield line, "@: the library would do the work (fallback)"
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "torch" and node.attr not in ARRAYS:
        yield line, f"torch.{node.attr}: the library would do the work (fallback)"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        root = node.func.value
        if isinstance(root, ast.Name) and root.id in ("torch", "triton", "math", "nn", "self", "tl"):
            return
        modules = ast.unparse(root).startswith(("triton", "torch.nn"))
        if isinstance(root, ast.Call) or node.func.attr in TENSORS or modules:
            return
        yield line, f".{node.func.attr}(): the library would do the work (fallback)"
