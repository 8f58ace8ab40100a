"""Makes optima.json: the largest sums of assignments of matrices of whole numbers that AssignmentTests.cs draws by the same formula.

SciPy's linear_sum_assignment finds them where it can be imported; else the Hungarian method in whole numbers, below. Either is checked:
prices u and v with u_i + v_j >= S_ij whose sum is the optimum prove that there is no better one.
"""
import json
import os

import numpy as np

try:
    from scipy.optimize import linear_sum_assignment
except ImportError:
    linear_sum_assignment = None

MASK = 0xFFFFFFFF


def integers(count, seed):
    """Multiplications and shifts of the index, modulo 2^32."""
    h = (2654435761 * np.arange(count, dtype=np.uint64) + seed) & MASK
    h ^= h >> 16
    h = (2246822519 * h) & MASK
    h ^= h >> 13
    h = (3266489917 * h) & MASK
    return h ^ (h >> 16)


def hungarian(scores):
    """The largest sum, with prices that prove it: rows enter one by one, each by a shortest path to a free column."""
    cost, n = -scores, len(scores)
    u, v = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    owner = np.zeros(n + 1, np.int64)
    for row in range(1, n + 1):
        owner[0], column = row, 0
        slack, way = np.full(n + 1, np.iinfo(np.int64).max), np.zeros(n + 1, np.int64)
        used = np.zeros(n + 1, bool)
        while owner[column] != 0:
            used[column] = True
            i = owner[column]
            reduced = cost[i - 1] - u[i] - v[1:]
            shorter = ~used[1:] & (reduced < slack[1:])
            slack[1:][shorter], way[1:][shorter] = reduced[shorter], column
            free = np.flatnonzero(~used)
            free = free[free > 0]
            column = free[np.argmin(slack[free])]
            delta = slack[column]
            u[owner[used]] += delta
            v[used] -= delta
            slack[~used] -= delta
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    assert (cost - u[1:, None] - v[None, 1:] >= 0).all()
    total = sum(int(scores[owner[j] - 1, j - 1]) for j in range(1, n + 1))
    assert total == -int(u[1:].sum() + v[1:].sum())
    return total


def optimum(scores):
    found = hungarian(scores)
    if linear_sum_assignment is not None:
        rows, columns = linear_sum_assignment(scores, maximize=True)
        assert found == int(scores[rows, columns].sum())
    return found


cases = [{"count": count, "range": span, "seed": seed} for count, span, seed in
         [(512, 1000000, 1), (512, 40, 2), (512, 2, 3), (97, 1000, 4)]]
for case in cases:
    matrix = (integers(case["count"] ** 2, case["seed"]) % case["range"]).astype(np.int64).reshape(case["count"], -1)
    case["optimum"] = optimum(matrix)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "optima.json"), "w") as file:
    file.write("[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]\n")
