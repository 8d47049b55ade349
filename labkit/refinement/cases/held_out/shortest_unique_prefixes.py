"""Find for every command the shortest abbreviation that no other command starts with.

In: commands, a list of unique non-empty str. Out: a dict from command to abbreviation, in the order of
commands; the abbreviation is the shortest non-empty prefix that is a prefix of this command alone, or the
whole command where there is none (it is a prefix of another command). Empty input gives {}.
"""

from bisect import bisect_left
from collections import Counter
from os.path import commonprefix

FAMILY = "string"

EXAMPLES = [
    (([],), {}),
    ((["push"],), {"push": "p"}),
    ((["pull", "push"],), {"pull": "pul", "push": "pus"}),
    ((["add", "address", "rm"],), {"add": "add", "address": "addr", "rm": "r"}),
    ((["b", "a"],), {"b": "b", "a": "a"}),
    ((["aaa", "aa", "a"],), {"aaa": "aaa", "aa": "aa", "a": "a"}),
    ((["show log", "show", "Show"],), {"show log": "show ", "show": "show", "Show": "S"}),
]


def shortest_unique_prefixes(commands):
    result = {}
    for command in commands:
        prefix = ""
        for char in command:
            prefix += char
            matches = [other for other in commands if other.startswith(prefix)]
            if len(matches) == 1:
                break
        result[command] = prefix
    return result


def inputs(seed=0, size=1.0):
    """Words of a tool's vocabulary, dotted keys with long common beginnings, and short codes."""
    import random

    rng = random.Random(seed)
    verbs = "get set list show delete update create attach detach start stop watch".split()
    nouns = "node pod route volume secret user group policy image queue topic table".split()
    words = {
        f"{rng.choice(verbs)}-{rng.choice(nouns)}{rng.choice(('', '-all', f'-{rng.randrange(90)}'))}"
        for _ in range(int(230 * size))
    }
    keys = {
        f"com.example.{rng.choice(nouns)}.{rng.choice(nouns)}.{rng.choice(verbs)}.{rng.randrange(40)}"
        for _ in range(int(160 * size))
    }
    codes = {"".join(rng.choice("abcxyz") for _ in range(rng.randint(3, 9))) for _ in range(int(350 * size))}
    return [(rng.sample(sorted(names), len(names)),) for names in (words, keys, codes)]


def solution_narrow_the_rivals(commands):
    """Only those that matched the last prefix are tested for the next letter: O(n ** 2) at worst."""
    result = {}
    for command in commands:
        rivals, length = commands, 0
        while len(rivals) > 1 and length < len(command):
            char = command[length]
            rivals = [other for other in rivals if other[length : length + 1] == char]
            length += 1
        result[command] = command[: max(1, length)]
    return result


def solution_count_all_prefixes(commands):
    """A counter of every prefix of every command: O(total length squared per command), much memory."""
    counts = Counter(command[:end] for command in commands for end in range(1, len(command) + 1))
    result = {}
    for command in commands:
        prefixes = (command[:end] for end in range(1, len(command) + 1))
        result[command] = next((prefix for prefix in prefixes if counts[prefix] == 1), command)
    return result


def solution_sorted_neighbours(commands):
    """In sorted order only the two neighbours matter: O(n log n) comparisons."""
    order = sorted(commands)
    need = dict.fromkeys(commands, 1)
    for left, right in zip(order, order[1:]):
        shared = 0
        for a, b in zip(left, right):
            if a != b:
                break
            shared += 1
        need[left] = max(need[left], shared + 1)
        need[right] = shared + 1
    return {command: command[:length] for command, length in need.items()}


def solution_trie(commands):
    """A trie of dicts with counts: O(total length)."""
    root = {}
    for command in commands:
        node = root
        for char in command:
            entry = node.setdefault(char, [0, {}])
            entry[0] += 1
            node = entry[1]
    result = {}
    for command in commands:
        node, length = root, 0
        for char in command:
            length += 1
            count, node = node[char]
            if count == 1:
                break
        result[command] = command[:length]
    return result


def solution_bisect_each_prefix(commands):
    """Binary search for the range of every prefix in the sorted list: O(total length * log n)."""
    order = sorted(commands)
    result = {}
    for command in commands:
        for length in range(1, len(command) + 1):
            prefix = command[:length]
            at = bisect_left(order, prefix)
            if at + 1 == len(order) or not order[at + 1].startswith(prefix):
                break
        result[command] = command[:length]
    return result


def solution_split_by_letter(commands):
    """Divide by common beginning and next letter with an explicit stack: O(total length)."""
    need = dict.fromkeys(commands)
    stack = [(commands, 0)]
    while stack:
        group, depth = stack.pop()
        if len(group) == 1:
            need[group[0]] = group[0][: max(1, depth)]
            continue
        depth = len(commonprefix(group))
        buckets = {}
        for command in group:
            buckets.setdefault(command[depth : depth + 1], []).append(command)
        stack.extend((bucket, depth + 1) for bucket in buckets.values())
    return need
