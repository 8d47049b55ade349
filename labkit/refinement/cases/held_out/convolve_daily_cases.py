"""Convolve a series of daily new cases with a delay profile, giving the expected arrivals for every day.

In: cases and profile, lists of int (of any sign and size). Out: a list of int of len(cases) + len(profile) -
1 numbers, of which number d is the sum of cases[i] * profile[d - i] over all i where both exist; [] when
either list is empty.
"""

from operator import mul

FAMILY = "numeric"

EXAMPLES = [
    (([], [1]), []),
    (([1], []), []),
    (([3], [4]), [12]),
    (([1, 2, 3], [1]), [1, 2, 3]),
    (([1, 2, 3], [0, 1, 5]), [0, 1, 7, 13, 15]),
    (([-1, 2], [3, -4, 1]), [-3, 10, -9, 2]),
    (([0, 0], [7000]), [0, 0]),
    (([10**20, -1], [10**20, 1]), [10**40, 0, -1]),
]


def value_on(series, day):
    if 0 <= day < len(series):
        return series[day]
    return 0


def convolve_daily_cases(cases, profile):
    if len(cases) == 0 or len(profile) == 0:
        return []
    days = len(cases) + len(profile) - 1
    expected = []
    for day in range(days):
        total = 0
        for start in range(days):
            total += value_on(cases, start) * value_on(profile, day - start)
        expected.append(total)
    return expected


def inputs(seed=0, size=1.0):
    """Long series with a short profile, two long series, and a sparse outbreak record with corrections."""
    import random

    rng = random.Random(seed)
    wave = [rng.randrange(500 + 10 * (day % 90)) for day in range(int(700 * size))]
    delay = [max(0, 100 - (day - 9) ** 2) for day in range(max(2, int(40 * size)))]
    first, second = ([rng.randrange(10000) for _ in range(int(450 * size))] for _ in range(2))
    sparse = [rng.choice((-3, 7, 1000)) if rng.random() < 0.03 else 0 for _ in range(int(500 * size))]
    return [(wave, delay), (first, second), (sparse, second[: len(second) // 2])]


def solution_scatter_add(cases, profile):
    """Every pair once, added where it belongs: O(n * m)."""
    expected = [0] * (len(cases) + len(profile) - 1) if cases and profile else []
    for i, count in enumerate(cases):
        for j, weight in enumerate(profile):
            expected[i + j] += count * weight
    return expected


def solution_sliding_dot_products(cases, profile):
    """Dot products of slices with the reversed profile, in map and sum: O(n * m) in C."""
    if not cases or not profile:
        return []
    if len(cases) < len(profile):
        cases, profile = profile, cases
    pad = [0] * (len(profile) - 1)
    padded, turned = pad + cases + pad, profile[::-1]
    size = len(turned)
    return [sum(map(mul, padded[day : day + size], turned)) for day in range(len(cases) + size - 1)]


def solution_non_zero_pairs(cases, profile):
    """Only days that are not zero, gathered in a dict: O(non-zero pairs)."""
    sums = {}
    weights = [(j, weight) for j, weight in enumerate(profile) if weight]
    for i, count in enumerate(cases):
        if count:
            for j, weight in weights:
                sums[i + j] = sums.get(i + j, 0) + count * weight
    return [sums.get(day, 0) for day in range(len(cases) + len(profile) - 1)] if cases and profile else []


def solution_karatsuba(cases, profile):
    """Karatsuba's three half-size products on lists of equal length: O(n ** 1.58)."""

    def product(a, b):
        size = len(a)
        if size <= 24:
            out = [0] * (2 * size - 1)
            for i, x in enumerate(a):
                if x:
                    out[i : i + size] = [old + x * y for old, y in zip(out[i : i + size], b)]
            return out
        half = size // 2
        low, high = product(a[:half], b[:half]), product(a[half:], b[half:])
        rest = size - half
        a_sum, b_sum = a[half:], b[half:]
        a_sum[:half] = map(int.__add__, a[:half], a_sum)
        b_sum[:half] = map(int.__add__, b[:half], b_sum)
        middle = product(a_sum, b_sum)
        out = low + [0] + high
        for i in range(2 * rest - 1):
            out[half + i] += middle[i] - high[i] - (low[i] if i < len(low) else 0)
        return out

    if not cases or not profile:
        return []
    size = max(len(cases), len(profile))
    whole = product(cases + [0] * (size - len(cases)), profile + [0] * (size - len(profile)))
    return whole[: len(cases) + len(profile) - 1]


def solution_one_big_product(cases, profile):
    """Both series packed into one big integer each (Kronecker substitution), multiplied once."""
    if not cases or not profile:
        return []
    bound = max(1, *map(abs, cases)) * max(1, *map(abs, profile)) * min(len(cases), len(profile))
    width = bound.bit_length() // 8 + 1
    days = len(cases) + len(profile) - 1

    def pack(series):
        plus = b"".join([max(value, 0).to_bytes(width, "little") for value in series])
        minus = b"".join([max(-value, 0).to_bytes(width, "little") for value in series])
        return int.from_bytes(plus, "little") - int.from_bytes(minus, "little")

    half = 1 << 8 * width - 1
    shift = int.from_bytes(half.to_bytes(width, "little") * days, "little")
    data = (pack(cases) * pack(profile) + shift).to_bytes(days * width + 1, "little")
    return [int.from_bytes(data[at : at + width], "little") - half for at in range(0, days * width, width)]
