"""Which variable each name stands for, and what kind of use it is.

Kinds that bind: assign (``x = value``, one plain target), augment, for, param, import, def, bind (any other).
Kinds that only read: index, slice, in (``.. in x``), iter, truth, return, call (``x(..)``), read (any other;
detail is the reading function). Kinds to look into: method (``x.m(..)``, detail is its name), attribute,
argument (of a function of the program, detail is its name). Kinds that change or share the value: store
(``x[..] = ..`` at any depth), alias (``y = x``), share (a second name elsewhere), other (unknown function).
"""

from __future__ import annotations

import ast

from .program import COMPREHENSIONS, Program, Use, Var, called, words

MUTATORS = words(
    "append extend insert pop remove clear sort reverse add discard update setdefault popitem appendleft "
    "popleft extendleft rotate write writelines update intersection_update difference_update "
    "symmetric_difference_update subtract move_to_end send read readline __next__ __setitem__ __delitem__ "
    "__iadd__ __imul__ __ior__ __isub__ __iand__ __ixor__"
)
STR_METHODS = words(
    "lower upper strip lstrip rstrip startswith endswith isdigit isalpha isalnum isspace isupper islower "
    "split rsplit splitlines join replace find rfind title capitalize zfill format encode casefold isdecimal "
    "isnumeric isidentifier isprintable isascii swapcase ljust rjust center partition rpartition "
    "removeprefix removesuffix rindex expandtabs"
)
PURE_METHODS = STR_METHODS | words(
    "index count copy get keys values items union intersection difference issubset issuperset isdisjoint "
    "most_common translate match search findall group bit_length "
    "groups groupdict start end span fullmatch finditer"
)
# Functions (also of modules) that neither change nor keep their arguments, elements apart.
READERS = words(
    "len sum min max sorted set list tuple frozenset any all str repr print isinstance bool int float abs "
    "round dict range Counter deque deepcopy copy combinations permutations product join accumulate sqrt "
    "isqrt gcd bisect bisect_left bisect_right nsmallest nlargest prod hash type divmod pow ord chr ceil "
    "floor log log2 hypot comb"
)
# Methods that give a part of their object.
PARTS = words("get setdefault values items pop")
# Of several arguments, these give one back as it is.
CHOOSERS = words("min max get sum")
# Methods that copy the elements of their arguments.
COPYING = words("extend update")
LAZY = words("enumerate zip reversed map filter")


def resolve(program: Program) -> list[Var]:
    """Every variable of the program, its uses in source order."""
    bound = [(node, name) for node in program.nodes for name in _bound_names(node)]
    owned = {(_binding_scope(program, node), name) for node, name in bound}
    # names with a `global` or `nonlocal` anywhere count as one variable that any function may change
    pooled = {name for node in program.find(ast.Global, ast.Nonlocal) for name in node.names}
    reads = [(node, node.id) for node in program.find(ast.Name) if isinstance(node.ctx, ast.Load)]
    variables: dict[tuple[ast.AST, str], Var] = {}
    for node, name in sorted(bound + reads, key=lambda pair: program.order[pair[0]]):
        binds = not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load)
        start = _binding_scope(program, node) if binds else program.scopes[node]
        owner = program.tree if name in pooled else _owner(program, start, name, owned)
        if owner is not None:
            use = _binding(program, node) if binds else _reading(program, node)
            # a function that returns a variable of the function around it gives it a second name
            if use.kind == "return" and program.function(node) is not owner:
                use = Use(node, "share", use.site)
            variables.setdefault((owner, name), Var(name, owner)).uses.append(use)
    return list(variables.values())


def _bound_names(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return [name]
        case ast.alias(name=name, asname=asname):
            return [asname or name.split(".")[0]]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case ast.MatchMapping(rest=str(name)):
            return [name]
    # functions, classes, handlers, patterns
    return [node.name] if isinstance(getattr(node, "name", None), str) else []


def _binding_scope(program: Program, node: ast.AST) -> ast.AST:
    scope = program.scopes[node]
    if isinstance(program.parents.get(node), ast.NamedExpr):
        while isinstance(scope, COMPREHENSIONS):
            scope = program.scopes[scope]
    return scope


def _owner(program: Program, scope: ast.AST, name: str, owned: set) -> ast.AST | None:
    """The scope that owns a name seen in ``scope``; None for builtins."""
    start = scope
    while (scope, name) not in owned or (isinstance(scope, ast.ClassDef) and scope is not start):
        # the names of a class body are not seen by the functions in it
        if isinstance(scope, ast.Module):
            return None
        scope = program.scopes[scope]
    return scope


def _binding(program: Program, node: ast.AST) -> Use:
    above = program.parents[node]
    match node, above:
        case ast.arg(), _:
            return Use(node, "param", above)
        case ast.alias(), _:
            return Use(node, "import", above)
        case ((ast.FunctionDef() | ast.AsyncFunctionDef()), _):
            return Use(node, "def", node)
        case ast.Name(), ast.Assign(targets=[_]) | ast.AnnAssign(value=ast.expr()):
            return Use(node, "assign", above)
        case ast.Name(), ast.AugAssign():
            return Use(node, "augment", above)
    while isinstance(above, (ast.Tuple, ast.List, ast.Starred)):
        above = program.parents[above]
    return Use(node, "for" if isinstance(above, (ast.For, ast.comprehension)) else "bind", above)


def _reading(program: Program, node: ast.Name) -> Use:
    """Follow ``node[..].attribute[..]`` outwards and see what becomes of it."""
    top: ast.AST = node
    while isinstance(above := program.parents[top], (ast.Subscript, ast.Attribute)) and above.value is top:
        call = program.parents[above]
        if isinstance(above, ast.Attribute) and isinstance(call, ast.Call) and call.func is above:
            if above.attr in PARTS and part_changed(program, call):
                return Use(node, "store", call)
            if top is node:
                return Use(node, "method", call, above.attr)
            return Use(node, "index" if above.attr in PURE_METHODS else "store", call)
        top = above
    if top is node:
        return _plain_reading(program, node, above)
    if not isinstance(top.ctx, ast.Load):
        return Use(node, "store", top)
    access = program.parents[node]
    if isinstance(top, ast.Attribute) and top.attr in MUTATORS:
        # `push = xs.append`: whoever has the method may change the list
        return Use(node, "other", top)
    if isinstance(access, ast.Attribute):
        return Use(node, "attribute", access, access.attr)
    return Use(node, "slice" if isinstance(access.slice, ast.Slice) else "index", access)


def part_changed(program: Program, node: ast.AST) -> bool:
    """Whether the value of an expression is changed on the spot: ``d.get(k).append(x)``, ``f(x)[0] = 1``."""
    while isinstance(above := program.parents[node], (ast.Subscript, ast.Attribute)) and above.value is node:
        call = program.parents[above]
        if isinstance(above, ast.Attribute) and isinstance(call, ast.Call) and call.func is above:
            if above.attr not in PURE_METHODS:
                return True
            above = call
        elif not isinstance(above.ctx, ast.Load) or getattr(above, "attr", "") in MUTATORS:
            return True
        node = above
    return isinstance(above, ast.AugAssign) and above.target is node


def _plain_reading(program: Program, node: ast.Name, above: ast.AST) -> Use:
    match above:
        case ast.Call(func=func):
            return Use(node, "call", above) if func is node else _given(program, node, above)
        case ast.Compare(left=left):
            place = -1 if left is node else above.comparators.index(node)
            member = place >= 0 and isinstance(above.ops[place], (ast.In, ast.NotIn))
            return Use(node, "in" if member else "read", above)
        case ast.For(iter=source) | ast.comprehension(iter=source) if source is node:
            return Use(node, "iter", above)
        case ast.Subscript() | ast.Slice() | ast.FormattedValue() | ast.BinOp() | ast.AugAssign():
            return Use(node, "read", above)
        case ast.Starred() | ast.UnaryOp():
            return Use(node, "truth" if isinstance(getattr(above, "op", None), ast.Not) else "read", above)
        case ast.Assign() | ast.AnnAssign():
            targets = getattr(above, "targets", None) or [above.target]
            named = not any(isinstance(part, ast.Subscript | ast.Attribute) for part in targets)
            return Use(node, "alias" if named else "share", above)
    return Use(node, _flow(program, node), above)


def _flow(program: Program, node: ast.AST) -> str:
    """Where a value goes that passes through ``and``/``or``, a conditional expression or a tuple."""
    above, whole = program.parents[node], True
    while isinstance(above, (ast.BoolOp, ast.IfExp, ast.Tuple)) and node is not getattr(above, "test", None):
        whole &= not isinstance(above, ast.Tuple)
        node, above = above, program.parents[above]
    if node is getattr(above, "test", None) or node in getattr(above, "ifs", ()):
        return "truth"
    if whole and isinstance(above, ast.Assign) and all(isinstance(part, ast.Name) for part in above.targets):
        return "alias"
    return "return" if isinstance(above, ast.Return) else "share"


def _given(program: Program, node: ast.Name, call: ast.Call) -> Use:
    """What a call does with a variable that it gets as a positional argument."""
    name, plain = called(call), isinstance(call.func, ast.Name)
    if plain and name in program.functions:
        return Use(node, "argument", call, name)
    if name in CHOOSERS and (len(call.args) > 1 if plain else node is not call.args[0]):
        return Use(node, "share", call, name)
    if name in READERS | PURE_METHODS | COPYING:
        return Use(node, "read", call, name)
    if plain and name in LAZY:
        holder = program.parents[call]
        if isinstance(holder, (ast.For, ast.comprehension)) and holder.iter is call:
            return Use(node, "iter", holder, name)
        used_up = isinstance(holder, ast.Call) and called(holder) in READERS
        return Use(node, "read" if used_up else "share", call, name)
    # `out.append(xs)` keeps a second name for xs; an unknown function may do anything with it
    return Use(node, "share" if name in MUTATORS else "other", call)
