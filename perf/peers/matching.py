"""
Weight matching as Git Re-Basin describes it (Ainsworth, Hayase, Srinivasa 2023, algorithm 1), in NumPy: layers in random order, each assigned by
the sum of the products of the weights on both sides of it, until no layer gains. SciPy's linear_sum_assignment where it can be imported, else
the shortest augmenting paths below, vectorised.
"""
import common
import numpy as np
import time

try:
    from scipy.optimize import linear_sum_assignment
except ImportError:
    linear_sum_assignment = None


def assign(scores):
    """The columns of the largest sum."""
    if linear_sum_assignment is not None:
        return linear_sum_assignment(scores, maximize=True)[1]
    cost, n = -scores, len(scores)
    v = cost.min(0)
    owner, columns = np.full(n, -1), np.full(n, -1)
    for column, row in enumerate(cost.argmin(0)):
        if columns[row] < 0:
            owner[column], columns[row] = row, column
    for free in np.flatnonzero(columns < 0):
        distance, source = cost[free] - v, np.full(n, free)
        is_open = np.ones(n, bool)
        while True:
            column = np.where(is_open, distance, np.inf).argmin()
            length = distance[column]
            if owner[column] < 0:
                break
            is_open[column] = False
            row = owner[column]
            way = length + cost[row] - v - (cost[row, column] - v[column])
            shorter = is_open & (way < distance)
            distance[shorter], source[shorter] = way[shorter], row
        passed = ~is_open
        v[passed] += distance[passed] - length
        while True:
            row = source[column]
            owner[column], columns[row], column = row, column, columns[row]
            if row == free:
                break
    return columns


def layers(flat, widths):
    """Weights with their biases as a last column."""
    result, at = [], 0
    for inputs, outputs in zip(widths, widths[1:]):
        weight = flat[at:at + inputs * outputs].reshape(outputs, inputs)
        at += weight.size
        result.append((weight, flat[at:at + outputs]))
        at += outputs
    return result


def similarity(a, b, orders):
    total = 0.0
    for layer, ((wa, ba), (wb, bb)) in enumerate(zip(a, b)):
        rows, columns = orders[layer + 1], orders[layer]
        total += (wa * wb[rows][:, columns]).sum() + (ba * bb[rows]).sum()
    return total


def match(a, b, generator, starts):
    best = None
    for start in range(starts):
        sizes = [a[0][0].shape[1]] + [len(bias) for _, bias in a]
        orders = [np.arange(size) for size in sizes]
        for layer in range(1, len(a)):
            if start > 0:
                orders[layer] = generator.permutation(sizes[layer])
        for sweep in range(100):
            gained = False
            for layer in generator.permutation(np.arange(1, len(a))):
                (wa, ba), (wb, bb) = a[layer - 1], b[layer - 1]
                (na, _), (nb, _) = a[layer], b[layer]
                scores = wa @ wb[:, orders[layer - 1]].T + np.outer(ba, bb) + na.T @ nb[orders[layer + 1]]
                rows = np.arange(len(scores))
                before = scores[rows, orders[layer]].sum()
                found = assign(scores)
                if scores[rows, found].sum() > before + 1e-12:
                    orders[layer], gained = found, True
            if not gained:
                break
        value = similarity(a, b, orders)
        best = max(value, best) if best is not None else value
    return best


parser = common.arguments(__doc__)
parser.add_argument("--other", required=True, help="file.npy with the flat parameters of the network to match, in standard form, as --first")
parser.add_argument("--first", required=True)
parser.add_argument("--starts", type=int, default=1)
args = parser.parse_args()
widths = [int(width) for width in args.widths.split("-")]
a, b = (layers(np.load(file).ravel().astype(np.float64), widths) for file in (args.first, args.other))
seconds = []
for repeat in range(args.repeats):
    begin = time.perf_counter()
    best = match(a, b, np.random.default_rng(args.seed), args.starts)
    seconds.append(time.perf_counter() - begin)
common.emit({"seconds": {"weights": {"min": min(seconds)}}, "similarity": best, "starts": args.starts,
             "assignment": "numpy" if linear_sum_assignment is None else "scipy"})
