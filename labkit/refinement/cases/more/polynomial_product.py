"""Multiply polynomials, as for the distribution of a sum of dice or loaded spinners.

In: factors, a list of polynomials, each a list of int coefficients, lowest power first, maybe with zeros at
the end.
Out: the list of the coefficients of the product, lowest power first, the last one not zero; the zero
polynomial is []. No factors: [1].
"""

import heapq

FAMILY = "numeric"

EXAMPLES = [
    (([],), [1]),
    (([[0, 0]],), []),
    (([[-3, 0, 1, 0]],), [-3, 0, 1]),
    (([[1, 1], [1, -1]],), [1, 0, -1]),
    (([[0, 1, 1, 1], [0, 1, 1, 1]],), [0, 0, 1, 2, 3, 2, 1]),
    (([[2, 5], [], [1]],), []),
]


def coefficient(left, right, power):
    total = 0
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            if i + j == power:
                total = total + a * b
    return total


def polynomial_product(factors):
    product = [1]
    for factor in factors:
        product = [coefficient(product, factor, power) for power in range(len(product) + len(factor))]
        while product and product[-1] == 0:
            product.pop()
    return product


def inputs(seed=0, size=1.0):
    """A fistful of different dice, a few long polynomials with negative numbers, and many linear factors."""
    import random

    rng = random.Random(f"polynomial_product {seed}")
    shrink = size**0.5
    dice = [[0] + [1] * rng.choice((4, 6, 6, 8, 10)) for _ in range(max(2, int(22 * shrink)))]
    filters = [[rng.randint(-99, 99) for _ in range(max(2, int(55 * shrink)))] for _ in range(3)]
    lines = [[rng.randint(-9, 9), 1] for _ in range(max(2, int(80 * shrink)))]
    return [(dice,), (filters,), (lines,)]


def trimmed(polynomial):
    last = max((power for power, value in enumerate(polynomial) if value), default=-1)
    return polynomial[: last + 1]


def multiplied(left, right):
    product = [0] * (len(left) + len(right) - 1) if left and right else []
    for i, a in enumerate(left):
        for j, b in enumerate(right, i):
            product[j] += a * b
    return product


def solution_power_dict(factors):
    """A dict from power to coefficient, copied for each factor: O(terms), middling."""
    product = {0: 1}
    for factor in factors:
        longer = {}
        for power, value in product.items():
            for shift, number in enumerate(factor):
                longer[power + shift] = longer.get(power + shift, 0) + value * number
        product = {power: value for power, value in longer.items() if value}
    return [product.get(power, 0) for power in range(max(product, default=-1) + 1)]


def solution_schoolbook(factors):
    """Add each term's multiple into a list, one factor after the other: O(terms)."""
    product = [1]
    for factor in factors:
        product = multiplied(product, trimmed(factor))
    return trimmed(product)


def solution_smallest_first(factors):
    """Always multiply the two shortest, from a heap, so that lengths stay balanced."""
    heap = [(len(factor), place, trimmed(factor)) for place, factor in enumerate(factors)]
    heapq.heapify(heap)
    while len(heap) > 1:
        (_, place, left), (_, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        product = multiplied(left, right)
        heapq.heappush(heap, (len(product), place, product))
    return heap[0][2] if heap else [1]


def solution_karatsuba(factors):
    """Halve the list of factors, Karatsuba's three products for the long ones."""

    def times(left, right):
        if min(len(left), len(right)) < 40:
            return multiplied(left, right)
        half = max(len(left), len(right)) // 2
        a, b, c, d = left[:half], left[half:], right[:half], right[half:]
        product = [0] * (len(left) + len(right))
        low, high = times(a, c), times(b, d)
        for shift, part, weight in ((0, low, 1), (half, low, -1), (2 * half, high, 1), (half, high, -1)):
            for power, value in enumerate(part, shift):
                product[power] += weight * value
        for power, value in enumerate(times(added(a, b), added(c, d)), half):
            product[power] += value
        return trimmed(product)

    def added(left, right):
        short, long = sorted((left, right), key=len)
        return [a + b for a, b in zip(short, long)] + long[len(short) :]

    def over(first, last):
        if last - first < 2:
            return trimmed(factors[first]) if first < last else [1]
        return times(over(first, (first + last) // 2), over((first + last) // 2, last))

    return trimmed(over(0, len(factors)))


def solution_big_int(factors):
    """Kronecker: pack coefficients into one big int with room for the largest result, multiply, unpack."""
    bound, length = 1, 1
    for factor in factors:
        bound *= max(1, sum(map(abs, factor)))
        length += max(0, len(factor) - 1)
    width = bound.bit_length() // 8 + 1
    product = 1
    for factor in factors:
        plus = b"".join([max(value, 0).to_bytes(width, "little") for value in factor])
        minus = b"".join([max(-value, 0).to_bytes(width, "little") for value in factor])
        product *= int.from_bytes(plus, "little") - int.from_bytes(minus, "little")
    half = 1 << (8 * width - 1)
    offset = int.from_bytes(half.to_bytes(width, "little") * length, "little")
    packed = (product + offset).to_bytes(width * length + 1, "little")
    cells = range(0, width * length, width)
    return trimmed([int.from_bytes(packed[cell : cell + width], "little") - half for cell in cells])
