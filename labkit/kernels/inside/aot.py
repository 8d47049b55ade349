"""Ahead-of-time compilation in the confined process: what would run on a GPU that is not here.

The candidate's forward is called with launches that are noted instead of made; each launch is then compiled
for the targets. Nothing here is trusted, and nothing of it is a time.
"""

import math
import re
import subprocess
import sys
import types
from pathlib import Path

HEAD = {"sm_80": ("cuda", 80, 32), "sm_90": ("cuda", 90, 32), "gfx942": ("hip", "gfx942", 64)}


class Held:
    launches = None
    stages: dict = {}  # noqa: RUF012


class OverLimit(Exception):
    """More shared memory than a block has: told before the slow steps that would make machine code of it."""


def stop_early(most):
    """Look at a kernel's shared memory as soon as it is known. `most`: bytes."""
    from triton.backends.amd.compiler import HIPBackend
    from triton.backends.nvidia.compiler import CUDABackend

    def looked_at(step):
        def look(source, metadata):
            if metadata["shared"] > most:
                raise OverLimit(metadata["shared"])
            return step(source, metadata)

        return look

    for backend in (CUDABackend, HIPBackend):
        original = Held.stages.setdefault(backend, backend.add_stages)

        def add_stages(self, stages, *rest, original=original):
            original(self, stages, *rest)
            for name in {"ptx", "amdgcn"} & stages.keys():
                stages[name] = looked_at(stages[name])

        backend.add_stages = add_stages


def turn(action, *arguments):
    return {"load": load, "compile": compile_all}[action](*arguments)


def load(source, entry, init, inputs):
    """Run the source and a forward on empty tensors; (status, words, names of the kernels launched)."""
    import torch
    from triton.runtime.jit import JITFunction

    seen = []

    def note(self, *args, grid=None, warmup=False, **kwargs):
        if callable(grid):
            grid = grid({**dict(zip(self.arg_names, args, strict=False)), **kwargs})
        seen.append((self, args, kwargs, math.prod(grid)))

    JITFunction.run = note
    module = types.ModuleType("candidate")
    sys.modules["candidate"] = module
    path = Path("candidate.py")
    path.write_text(source)
    exec(compile(source, str(path.absolute()), "exec"), module.__dict__)
    model = getattr(module, entry)(*init)
    given = [
        torch.empty(s[1], dtype=getattr(torch, s[0])) if isinstance(s[1], list) else s[1] for s in inputs
    ]
    with torch.no_grad():
        model(*given)
    Held.launches = seen
    return "ok", "", [function.__name__ for function, *_ in seen]


def signature(function, args, kwargs):
    """(types by name, constants and hints by position) as Triton's own launcher would specialise them."""
    import torch

    bound = dict(zip(function.arg_names, args, strict=False))
    bound.update({k: v for k, v in kwargs.items() if k in function.arg_names})
    kinds, constants, hints = {}, {}, {}
    for i, parameter in enumerate(function.params):
        value = bound.get(parameter.name, parameter.default if parameter.has_default else None)
        constant = parameter.is_constexpr or value is None or (type(value) is int and value == 1)
        if constant:
            kinds[parameter.name], constants[(i,)] = "constexpr", getattr(value, "value", value)
        elif isinstance(value, torch.Tensor):
            kinds[parameter.name] = "*" + POINTERS[str(value.dtype).removeprefix("torch.")]
            hints[(i,)] = [["tt.divisibility", 16]]
        elif isinstance(value, bool):
            kinds[parameter.name] = "i1"
        elif isinstance(value, int):
            kinds[parameter.name] = "i32" if -(2**31) <= value < 2**31 else "i64"
            if value % 16 == 0:
                hints[(i,)] = [["tt.divisibility", 16]]
        else:
            kinds[parameter.name] = "fp32"
    options = {k: v for k, v in kwargs.items() if k not in function.arg_names and k.startswith("num_")}
    return kinds, constants, hints, options


POINTERS = {
    "float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float64": "fp64",
    "int64": "i64", "int32": "i32",
    "bool": "i1", "uint8": "u8", "int8": "i8",
}  # fmt: skip


def compile_all(target, most):
    """What each distinct launch needs on one target: registers, shared bytes (`most` at most), spilled bytes,
    warps, programs."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    stop_early(most)
    found, known = [], set()
    for function, args, kwargs, programs in Held.launches:
        kinds, constants, hints, options = signature(function, args, kwargs)
        key = (function.__name__, str(kinds), str(constants), str(options), programs)
        if key in known:
            continue
        known.add(key)
        source = ASTSource(function, kinds, constants, hints)
        try:
            built = triton.compile(source, target=GPUTarget(*HEAD[target]), options=options)
        except OverLimit as over:
            return "over_limit", f"{target}: {over} bytes of shared memory, where a block has {most}", found
        except Exception as error:
            return (
                "compile_error",
                f"{target}: {function.__name__}: {type(error).__name__}: {error}"[:4000],
                found,
            )
        registers, spills = used(built)
        shared, warps = int(built.metadata.shared), int(built.metadata.num_warps)
        found.append([function.__name__, registers, shared, spills, warps, programs])
    return "ok", "", found


def used(built):
    """(registers a thread, spilled bytes) of a compiled kernel."""
    if text := built.asm.get("amdgcn"):
        count, spilled = (
            re.search(rf"\.{name}:\s*(\d+)", text) for name in ("vgpr_count", "vgpr_spill_count")
        )
        return int(count.group(1)) if count else 0, 4 * int(spilled.group(1)) if spilled else 0
    import triton

    tool = Path(triton.__file__).parent / "backends" / "nvidia" / "bin" / "cuobjdump"
    Path("kernel.cubin").write_bytes(built.asm["cubin"])
    done = subprocess.run([tool, "--dump-resource-usage", "kernel.cubin"], capture_output=True, text=True)
    registers, stack = (re.search(rf"{name}:(\d+)", done.stdout) for name in ("REG", "STACK"))
    return int(registers.group(1)) if registers else 0, int(stack.group(1)) if stack else 0
