"""Run Conway's game of life on an unbounded board.

In: cells, a list of distinct (row, column) ints, the living cells, in any order; steps, an int >= 0.
Out: the sorted list of the (row, column) of the cells alive after steps generations. A living cell lives on
with two or three living neighbours of eight, a dead one comes to life with exactly three.
"""

from collections import Counter, defaultdict

FAMILY = "simulation"

EXAMPLES = [
    (([], 5), []),
    (([(0, 0)], 0), [(0, 0)]),
    (([(1, 2), (1, 0), (1, 1)], 1), [(0, 1), (1, 1), (2, 1)]),
    (([(0, 0), (0, 1), (1, 0), (1, 1)], 9), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    (([(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)], 4), [(1, 2), (2, 3), (3, 1), (3, 2), (3, 3)]),
    (([(-1, 0), (0, 0), (1, 0)], 3), [(0, -1), (0, 0), (0, 1)]),
]


def neighbours(cell):
    around = [(cell[0] + i, cell[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    around.remove(cell)
    return around


def life_generations(cells, steps):
    alive = sorted(cells)
    for _ in range(steps):
        born = []
        for cell in alive:
            for place in [cell] + neighbours(cell):
                living = len([other for other in neighbours(place) if other in alive])
                if place not in born and (living == 3 or (living == 2 and place in alive)):
                    born.append(place)
        alive = sorted(born)
    return alive


def inputs(seed=0, size=1.0):
    """A random soup, the R-pentomino grown for a while, and gliders that fly apart."""
    import random

    rng = random.Random(f"life_generations {seed}")
    side = max(3, int(11 * size**0.5))
    soup = [(row, column) for row in range(side) for column in range(side) if rng.random() < 0.35]
    turn, down, across = rng.choice((-1, 1)), rng.randrange(-50, 50), rng.randrange(-50, 50)
    shape = ((0, 1), (0, 2), (1, 0), (1, 1), (2, 1))
    pentomino = [(turn * row + down, column + across) for row, column in shape]
    gliders = []
    for number in range(max(1, int(9 * size))):
        down, across = 12 * (number % 3), 12 * (number // 3) + rng.randrange(3)
        turn = rng.choice((-1, 1))
        for row, column in ((0, 1), (1, 2), (2, 0), (2, 1), (2, 2)):
            gliders.append((turn * row + down, column + across))
    soup_steps, pentomino_steps, glider_steps = [max(1, int(steps * size)) for steps in (12, 40, 16)]
    return [(soup, soup_steps), (pentomino, pentomino_steps), (gliders, glider_steps)]


def solution_set_of_cells(cells, steps):
    """The same questions asked of a set, candidates in a set too: O(9 * 8 * cells) a step, middling."""
    alive = set(cells)
    for _ in range(steps):
        following = set()
        for place in alive.union(*map(neighbours, alive)):
            living = sum(other in alive for other in neighbours(place))
            if living == 3 or (living == 2 and place in alive):
                following.add(place)
        alive = following
    return sorted(alive)


def solution_counter(cells, steps):
    """Each living cell adds one to its neighbours in a Counter: O(8 * cells) a step."""
    alive = set(cells)
    for _ in range(steps):
        counts = Counter(
            [(row + i, column + j) for row, column in alive for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
        )
        alive = {cell for cell, count in counts.items() if count == 3 or (count == 2 and cell in alive)}
    return sorted(alive)


def solution_numbers(cells, steps):
    """Cells as single ints row * width + column, wide enough for all steps; a plain dict counts."""
    if not cells:
        return []
    top, left = min(row for row, _ in cells) - steps, min(column for _, column in cells) - steps
    width = max(column for _, column in cells) + steps + 3 - left
    around = (-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1)
    alive = {(row - top + 1) * width + column - left + 1 for row, column in cells}
    for _ in range(steps):
        counts = {}
        for cell in alive:
            for step in around:
                counts[cell + step] = counts.get(cell + step, 0) + 1
        alive = {cell for cell, count in counts.items() if count == 3 or (count == 2 and cell in alive)}
    return [(cell // width + top - 1, cell % width + left - 1) for cell in sorted(alive)]


def solution_board(cells, steps):
    """A full board of bytes with a margin for all steps, every place counted: O(area) a step."""
    if not cells:
        return []
    top, left = min(row for row, _ in cells) - steps - 1, min(column for _, column in cells) - steps - 1
    width = max(column for _, column in cells) + steps + 2 - left
    height = max(row for row, _ in cells) + steps + 2 - top
    board = bytearray(width * height)
    for row, column in cells:
        board[(row - top) * width + column - left] = 1
    for _ in range(steps):
        new = bytearray(width * height)
        for place in range(width + 1, len(board) - width - 1):
            living = (
                sum(board[place - width - 1 : place - width + 2])
                + board[place - 1]
                + board[place + 1]
                + sum(board[place + width - 1 : place + width + 2])
            )
            new[place] = living == 3 or (living == 2 and board[place])
        board = new
    return [(place // width + top, place % width + left) for place, cell in enumerate(board) if cell]


def solution_rows_of_bits(cells, steps):
    """A big int of bits a row, neighbours of a whole row added at once by bitwise full adders."""
    left = min([column for _, column in cells], default=0) - steps - 1
    rows = defaultdict(int)
    for row, column in cells:
        rows[row] |= 1 << (column - left)
    for _ in range(steps):
        following = defaultdict(int)
        for row in {near for row in rows for near in (row - 1, row, row + 1)}:
            above, here, below = rows.get(row - 1, 0), rows.get(row, 0), rows.get(row + 1, 0)
            ones = twos = many = 0
            for bits in (above << 1, above, above >> 1, here << 1, here >> 1, below << 1, below, below >> 1):
                many |= twos & ones & bits
                twos ^= ones & bits
                ones ^= bits
            alive = twos & ~many & (ones | here)
            if alive:
                following[row] = alive
        rows = following
    return [
        (row, place + left)
        for row in sorted(rows)
        for place, bit in enumerate(bin(rows[row])[:1:-1])
        if bit == "1"
    ]
