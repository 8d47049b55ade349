"""Replace every secret in a text by "***".

In: text, a str; secrets, a list of str, maybe with repeats and empty ones (these are ignored). Out: a
str. The text is read from left to right; where one or more secrets begin, the longest of them is
replaced and reading goes on after it. What was replaced is not read again. Without secrets the text is
returned as it is.
"""

import re

FAMILY = "string"

EXAMPLES = [
    (("", ["a"]), ""),
    (("token=abc", []), "token=abc"),
    (("token=abc", ["", "abc"]), "token=***"),
    (("abcabcd", ["abc", "abcd", "abc"]), "******"),
    (("abcd", ["bcd", "abc"]), "***d"),
    (("aaaa", ["aa"]), "******"),
    (("a.c abc", ["a.c", "z"]), "*** abc"),
    (("xabcx xabd", ["abce", "bc", "xabcxy", "abd"]), "xa***x x***"),
]


def mask_secrets(text, secrets):
    masked = ""
    while text:
        found = [secret for secret in secrets if secret and text.startswith(secret)]
        found = sorted(found, key=len, reverse=True)
        if found:
            masked = masked + "***"
            text = text[len(found[0]) :]
        else:
            masked = masked + text[0]
            text = text[1:]
    return masked


def inputs(seed=0, size=1.0):
    """Inputs: source text of the standard library, with its own names and some random keys as secrets."""
    import random
    import re
    import sysconfig
    from pathlib import Path

    rng = random.Random(seed)
    modules = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    result = []
    for count, names, keys in ((9000, 50, 20), (20_000, 8, 4), (3500, 200, 100)):
        text, length = "", max(50, int(count * size))
        while len(text) < length:
            text += rng.choice(modules).read_text(encoding="utf-8")
        start = rng.randrange(len(text) - length + 1)
        text = text[start : start + length]
        known = sorted(set(re.findall(r"\w{3,}", text)))
        secrets = rng.sample(known, min(len(known), names))
        for _ in range(keys):
            key = f"{rng.choice(['sk', 'ghp', 'AKIA'])}_{rng.getrandbits(64):016x}"
            secrets += [key, key[:9]]
            place = rng.randrange(len(text))
            text = text[:place] + key + text[place:]
        rng.shuffle(secrets)
        result.append((text, secrets))
    return result


def solution_pattern(text, secrets):
    """One regular expression with the secrets longest first: alternatives tried in C."""
    ordered = sorted({secret for secret in secrets if secret}, key=lambda secret: (-len(secret), secret))
    return re.sub("|".join(map(re.escape, ordered)), "***", text) if ordered else text


def solution_trie_pattern(text, secrets):
    """One regular expression factored by common beginnings, so little is tried twice: near linear in C."""

    def factored(words):
        by_letter, ends = {}, False
        for word in words:
            if word:
                by_letter.setdefault(word[0], []).append(word[1:])
            else:
                ends = True
        if not by_letter:
            return ""
        parts = [re.escape(letter) + factored(rest) for letter, rest in by_letter.items()]
        return f"(?:{'|'.join(parts)})" + ("?" if ends else "")

    wanted = sorted({secret for secret in secrets if secret})
    return re.sub(factored(wanted), "***", text) if wanted else text


def solution_lengths(text, secrets):
    """Slices of the text looked up in a set, for each length that occurs: n times lengths."""
    wanted = set(secrets) - {""}
    lengths = sorted({len(secret) for secret in wanted}, reverse=True)
    parts, place = [], 0
    while place < len(text):
        for length in lengths:
            if text[place : place + length] in wanted:
                parts.append("***")
                place += length
                break
        else:
            parts.append(text[place])
            place += 1
    return "".join(parts)


def solution_trie(text, secrets):
    """Walk a trie of nested dicts from each place: n times depth reached."""
    root = {}
    for secret in secrets:
        node = root
        for letter in secret:
            node = node.setdefault(letter, {})
        node[""] = True
    parts, place, copied = [], 0, 0
    while place < len(text):
        node, at, end = root, place, 0
        while at < len(text) and text[at] in node:
            node = node[text[at]]
            at += 1
            if "" in node:
                end = at
        if end:
            parts += [text[copied:place], "***"]
            place = copied = end
        else:
            place += 1
    return "".join(parts) + text[copied:]


def solution_find_all(text, secrets):
    """All places of each secret by find, the longest for each place, then one pass: secrets times n in C."""
    longest = {}
    for secret in set(secrets) - {""}:
        place = text.find(secret)
        while place >= 0:
            longest[place] = max(len(secret), longest.get(place, 0))
            place = text.find(secret, place + 1)
    parts, copied = [], 0
    for place in sorted(longest):
        if place >= copied:
            parts += [text[copied:place], "***"]
            copied = place + longest[place]
    return "".join(parts) + text[copied:]
