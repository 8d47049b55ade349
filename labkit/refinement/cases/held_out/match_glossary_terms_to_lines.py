"""List for every glossary term the lines of a document in which it occurs.

In: terms, a list of unique str of one or more words, and lines, a list of str. The words of a term or line
are the maximal runs of letters a-z, digits and apostrophes after lower(); a term occurs in a line where its
words follow one another there as words. Out: a dict from term to the ascending list of line numbers (from 1),
each once, in the order of terms; terms that occur nowhere, or without words, have []. Empty terms give {}.
"""

import re

FAMILY = "text"

EXAMPLES = [
    (([], ["a line"]), {}),
    ((["tax"], []), {"tax": []}),
    ((["Tax"], ["Tax; tax", "taxes", "no TAX"]), {"Tax": [1, 3]}),
    (
        (["net income", "income"], ["Net income is income.", "net  -  income", "income net"]),
        {"net income": [1, 2], "income": [1, 2, 3]},
    ),
    ((["--", "a a"], ["a", "a b a", "a a a"]), {"--": [], "a a": [3]}),
    ((["don't"], ["Don't do", "don t"]), {"don't": [1]}),
    ((["b c", "a b"], ["a b c", "", "ab c"]), {"b c": [1], "a b": [1]}),
]

WORD = re.compile(r"[a-z0-9']+")


def contains_term(line, term):
    line_words = re.findall(r"[a-z0-9']+", line.lower())
    term_words = re.findall(r"[a-z0-9']+", term.lower())
    for start in range(len(line_words)):
        if term_words and line_words[start : start + len(term_words)] == term_words:
            return True
    return False


def match_glossary_terms_to_lines(terms, lines):
    return {
        term: [number + 1 for number in range(len(lines)) if contains_term(lines[number], term)]
        for term in terms
    }


def inputs(seed=0, size=1.0):
    """A report with common words, a long glossary for few lines, and lines repeated from a template."""
    import random

    rng = random.Random(seed)
    words = (
        "the of net income tax rate asset cost deferred share value fair cash flow interest "
        "loan capital equity liability lease credit market group firm's board audit index fund"
    ).split()
    words += [f"item{i}" for i in range(200)]

    def phrase(count):
        return " ".join(words[int(len(words) * rng.random() ** 2.5)] for _ in range(count))

    out = []
    for count, rows, repeat in ((60, 330, 1), (300, 80, 1), (40, 400, 20)):
        terms = {phrase(rng.choice((1, 2, 2, 3))).title(): None for _ in range(int(count * size))}
        base = [phrase(rng.randrange(4, 14)).capitalize() + "." for _ in range(max(1, rows // repeat))]
        out.append((list(terms), [rng.choice(base) for _ in range(int(rows * size))]))
    return out


def solution_words_split_once(terms, lines):
    """Every line and term split once, slices compared: O(terms * words of lines)."""
    split = [WORD.findall(line.lower()) for line in lines]
    result = {}
    for term in terms:
        want = WORD.findall(term.lower())
        size, found = len(want), []
        for number, words in enumerate(split, 1):
            if want and any(
                words[at : at + size] == want for at, word in enumerate(words) if word == want[0]
            ):
                found.append(number)
        result[term] = found
    return result


def solution_padded_substring(terms, lines):
    """Lines as words between blanks, a term is a substring: O(terms * characters), in fast C code."""
    padded, result = [" " + " ".join(WORD.findall(line.lower())) + " " for line in lines], {}
    for term in terms:
        words = WORD.findall(term.lower())
        want = f" {' '.join(words)} "
        result[term] = [number for number, line in enumerate(padded, 1) if words and want in line]
    return result


def solution_n_gram_table(terms, lines):
    """Terms in a dict by their words; every n-gram of a line is looked up: O(words * term lengths)."""
    wanted = {}
    for term in terms:
        wanted.setdefault(tuple(WORD.findall(term.lower())), []).append(term)
    wanted.pop((), None)
    sizes = {len(words) for words in wanted}
    result = {term: [] for term in terms}
    for number, line in enumerate(lines, 1):
        words = WORD.findall(line.lower())
        grams = {gram for size in sizes for gram in zip(*(words[at:] for at in range(size)))}
        for gram in grams & wanted.keys():
            for term in wanted[gram]:
                result[term].append(number)
    return result


def solution_inverted_index(terms, lines):
    """An index from word to lines; only lines with every word of the term are checked: output-sensitive."""
    index, joined = {}, []
    for number, line in enumerate(lines, 1):
        words = WORD.findall(line.lower())
        joined.append(f" {' '.join(words)} ")
        for word in words:
            index.setdefault(word, set()).add(number)
    result = {}
    for term in terms:
        words = WORD.findall(term.lower())
        shared = sorted(set.intersection(*(index.get(word, set()) for word in words))) if words else []
        want = f" {' '.join(words)} "
        result[term] = [number for number in shared if want in joined[number - 1]]
    return result


def solution_word_trie_per_distinct_line(terms, lines):
    """A trie of words walked from every position, each different line once: O(words * longest term)."""
    root = {}
    for term in terms:
        node = root
        for word in WORD.findall(term.lower()):
            node = node.setdefault(word, {})
        if node is not root:
            node.setdefault("", []).append(term)
    result, known = {term: [] for term in terms}, {}
    for number, line in enumerate(lines, 1):
        if line not in known:
            words, found = WORD.findall(line.lower()), set()
            for at in range(len(words)):
                node = root
                for word in words[at:]:
                    node = node.get(word)
                    if node is None:
                        break
                    found.update(node.get("", ()))
            known[line] = found
        for term in known[line]:
            result[term].append(number)
    return result
