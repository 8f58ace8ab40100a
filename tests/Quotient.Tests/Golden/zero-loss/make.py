"""A 2-16-3 net of a loss near 1e-21, and its loss, gradient norm and largest Gauss-Newton eigenvalues to 20 digits.

Trained by plain gradient descent, then the last layer is multiplied by 12, so that logits near a hundred lose digits in double. All figures
are computed by mpmath with 40 digits from the parameters as written. Run: /usr/bin/python3 make.py (needs python3-numpy, python3-mpmath).
"""
import json
from pathlib import Path

import numpy as np
from mpmath import exp, log1p, mp, mpf, nstr, sqrt

mp.dps = 40
N, D, H, C = 30, 2, 16, 3
random = np.random.default_rng(1)
y = np.arange(N) % C
x = random.standard_normal((N, D)) + 3 * np.stack([np.cos(2.1 * y), np.sin(2.1 * y)], 1)
w1, b1 = random.standard_normal((H, D)), random.standard_normal(H)
w2, b2 = random.standard_normal((C, H)) / 4, np.zeros(C)
for step in range(3000):
    a = x @ w1.T + b1
    h = np.maximum(a, 0)
    z = h @ w2.T + b2
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    g = (p - np.eye(C)[y]) / N
    back = (g @ w2) * (a > 0)
    w2, b2, w1, b1 = w2 - 0.1 * g.T @ h, b2 - 0.1 * g.sum(0), w1 - 0.1 * back.T @ x, b1 - 0.1 * back.sum(0)
w2, b2 = 12 * w2, 12 * b2

exact = lambda array: [[mpf(float(v)) for v in row] for row in np.atleast_2d(array)]
xs, w1s, w2s, (b1s,), (b2s,) = exact(x), exact(w1), exact(w2), exact(b1), exact(b2)


def pull(h, a, row, d):
    """d as a row of adjoints of the logits, pulled back to all parameters."""
    back = [sum(w2s[k][j] * d[k] for k in range(C)) if a[j] > 0 else mpf(0) for j in range(H)]
    return [b * v for b in back for v in row] + back + [e * v for e in d for v in h] + list(d)


factors, gradient, loss = [], [mpf(0)] * (H * D + H + C * H + C), mpf(0)
for row, label in zip(xs, y):
    a = [sum(w * v for w, v in zip(ws, row)) + b for ws, b in zip(w1s, b1s)]
    h = [max(v, mpf(0)) for v in a]
    z = [sum(w * v for w, v in zip(ws, h)) + b for ws, b in zip(w2s, b2s)]
    powers = [exp(v - z[label]) for v in z]
    p = [v / sum(powers) for v in powers]
    loss += log1p(sum(v for c, v in enumerate(powers) if c != label)) / N
    gradient = [s + v / N for s, v in zip(gradient, pull(h, a, row, [p[c] - (c == label) for c in range(C)]))]
    factors += [pull(h, a, row, [sqrt(p[c] / N) * ((k == c) - p[k]) for k in range(C)]) for c in range(C)]

# Each pass of power iteration on the double eigenvectors squares their error.
rough = np.linalg.svd(np.array(factors, dtype=float), full_matrices=False)[2][:2]
eigenvalues = []
for vector in rough:
    v = [mpf(float(e)) for e in vector]
    for _ in range(3):
        image = [sum(f * e for f, e in zip(row, v)) for row in factors]
        v = [sum(row[i] * e for row, e in zip(factors, image)) for i in range(len(v))]
        for other in eigenvalues:
            v = [e - sum(a * b for a, b in zip(v, other[1])) * o for e, o in zip(v, other[1])]
        norm = sqrt(sum(e * e for e in v))
        v = [e / norm for e in v]
    eigenvalues.append((sum(sum(f * e for f, e in zip(row, v)) ** 2 for row in factors), v))

Path(__file__).with_name("zero-loss.json").write_text(json.dumps({
    "architecture": f"{D}-{H}-{C}",
    "parameters": [float(v) for part in (w1, b1, w2, b2) for v in part.ravel()],
    "inputs": [float(v) for v in x.ravel()],
    "labels": [int(v) for v in y],
    "loss": float(nstr(loss, 20)),
    "gradientNorm": float(nstr(sqrt(sum(g * g for g in gradient)), 20)),
    "eigenvalues": [float(nstr(value, 20)) for value, _ in eigenvalues],
}, indent=1))
