"""Compute the greatest profit from at most k trades (buy one share, later sell it) on a series of prices.

In: prices, a list of int >= 0, one a day, and k, an int >= 0. At most one share is held at a time; a share
may be sold and another bought on the same day. Out: the greatest total profit, an int; 0 where no trade
gains, for fewer than two prices and for k = 0.
"""

import heapq

FAMILY = "DP"

EXAMPLES = [
    (([], 2), 0),
    (([5], 2), 0),
    (([1, 5], 0), 0),
    (([9, 7, 4, 1], 3), 0),
    (([1, 5, 2, 8], 1), 7),
    (([1, 5, 2, 8], 2), 10),
    (([3, 2, 6, 5, 0, 3], 2), 7),
    (([1, 2, 3, 4], 9), 3),
    (([2, 9, 1, 4, 0, 6, 6], 2), 13),
]


def max_profit_with_k_trades(prices, k):
    if len(prices) < 2:
        return 0
    profits = [[0] * len(prices) for _ in range(k + 1)]
    for trades in range(1, k + 1):
        for today in range(1, len(prices)):
            best = profits[trades][today - 1]
            for bought in range(today):
                gain = prices[today] - prices[bought] + profits[trades - 1][bought]
                if gain > best:
                    best = gain
            profits[trades][today] = best
    return profits[k][-1]


def inputs(seed=0, size=1.0):
    """A random walk, a seasonal price with noise, and calm prices with crashes."""
    import random

    rng = random.Random(seed)
    walk, calm, value = [], [], 500
    for _ in range(int(300 * size)):
        value = max(1, value + rng.randint(-9, 9))
        walk.append(value)
        calm.append(100 + rng.randrange(3) - (60 if rng.random() < 0.05 else 0))
    season = [200 + 10 * abs(day % 30 - 15) + rng.randrange(40) for day in range(int(400 * size))]
    return [(walk, max(1, int(30 * size))), (season, max(1, int(24 * size))), (calm, max(1, int(40 * size)))]


def solution_one_pass_per_trade(prices, k):
    """The table row by row with the best purchase so far: O(k * n) time, O(n) memory."""
    row = [0] * len(prices)
    for _ in range(min(k, len(prices) // 2)):
        best, purchase, new = 0, float("-inf"), []
        for price, before in zip(prices, row):
            if before - price > purchase:
                purchase = before - price
            if price + purchase > best:
                best = price + purchase
            new.append(best)
        if new == row:
            break
        row = new
    return row[-1] if row else 0


def solution_states_per_day(prices, k):
    """Day by day, the best cash with and without a share for each number of trades: O(n * k)."""
    k = min(k, len(prices) // 2)
    free, held = [0] * (k + 1), [float("-inf")] * (k + 1)
    for price in prices:
        for trade in range(1, k + 1):
            held[trade] = max(held[trade], free[trade - 1] - price)
            free[trade] = max(free[trade], held[trade] + price)
    return free[k]


def solution_merged_valleys_and_peaks(prices, k):
    """Valley-peak pairs kept on a stack and merged into independent gains, the k largest: O(n log k)."""
    gains, stack, at, size = [], [], 0, len(prices)
    while at < size:
        while at + 1 < size and prices[at + 1] <= prices[at]:
            at += 1
        valley = prices[at]
        while at + 1 < size and prices[at + 1] >= prices[at]:
            at += 1
        peak = prices[at]
        at += 1
        while stack and stack[-1][0] >= valley:
            low, high = stack.pop()
            gains.append(high - low)
        while stack and stack[-1][1] <= peak:
            low, high = stack.pop()
            gains.append(high - valley)
            valley = low
        stack.append((valley, peak))
    gains.extend(high - low for low, high in stack)
    return sum(heapq.nlargest(k, gains))


def solution_fee_search(prices, k):
    """Unlimited trades at a fee, binary search for the fee that gives k trades: O(n log price)."""

    def trade(fee):
        cash, held = (0, 0), (float("-inf"), 0)
        for price in prices:
            bought = cash[0] - price - fee, cash[1] - 1
            cash, held = max(cash, (held[0] + price, held[1])), max(held, bought)
        return cash[0], -cash[1]

    low, high = 0, max(prices, default=0)
    if k == 0 or trade(0)[1] <= k:
        return trade(0)[0] if k else 0
    while low + 1 < high:
        fee = (low + high) // 2
        low, high = (low, fee) if trade(fee)[1] <= k else (fee, high)
    return trade(high)[0] + high * k


def solution_drop_the_worst_merge(prices, k):
    """All rising runs are taken, then the cheapest run or gap is removed until k are left: O(runs ** 2)."""
    moves = []
    for before, after in zip(prices, prices[1:]):
        change = after - before
        if moves and (moves[-1] > 0) == (change > 0) and change:
            moves[-1] += change
        elif change and (moves or change > 0):
            moves.append(change)
    if moves and moves[-1] < 0:
        moves.pop()
    while len(moves) > 2 * k:
        at = min(range(len(moves)), key=lambda i: abs(moves[i]))
        if at == 0 or at == len(moves) - 1:
            del moves[max(0, at - 1) : at + 2]
        else:
            moves[at - 1 : at + 2] = [sum(moves[at - 1 : at + 2])]
    return sum(move for move in moves if move > 0)
