"""Makes the golden values in this folder: `/usr/bin/python3 make.py`, with PyTorch and numpy.

Trains small nets in float64. Inputs are rounded to four decimals; results are written with as many digits as it takes to
read the same double back. A file holds, with P parameters, N samples:

  widths, loss ("ce": mean cross-entropy on logits, "ce,smoothing=0.1" with smoothed labels; "mse": mean over samples of half the squared distance)
  x (N rows), labels (N) or targets (N rows), theta (P; per layer weight out x in row-major, then bias)
  runs: optimiser ("sgd" or "adam"), its constants by PyTorch's names, batchSize (the samples in their own order, the last
    batch smaller), and for some epochs the loss over the whole set and theta (P), both after that epoch
"""
import json
import os
import sys

# One thread and one BLAS kernel: the same bits wherever this runs.
TUNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "HASWELL"}
if any(os.environ.get(key) != value for key, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

import numpy as np
import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))
EPOCHS = (1, 2, 5)

RUNS = [
    ("sgd", {"lr": 0.1}),
    ("sgd", {"lr": 0.1, "momentum": 0.9}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.1, "weight_decay": 0.03}),
    ("sgd", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}),
    ("adam", {"lr": 0.01}),
    ("adam", {"lr": 0.02, "betas": [0.8, 0.99], "eps": 1e-6, "weight_decay": 0.02}),
]


def rounded(rng, *shape):
    return torch.tensor(np.round(rng.standard_normal(shape), 4))


def build(widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def train(widths, loss, x, y, theta, name, constants, batch_size):
    """The loss and the parameters after each of EPOCHS passes over batches in the samples' own order."""
    net = build(widths)
    torch.nn.utils.vector_to_parameters(theta.clone(), net.parameters())
    optimiser = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name](net.parameters(), **constants)
    reached = {}
    for epoch in range(1, max(EPOCHS) + 1):
        for first in range(0, len(x), batch_size):
            optimiser.zero_grad()
            loss(net(x[first:first + batch_size]), y[first:first + batch_size]).backward()
            optimiser.step()
        if epoch in EPOCHS:
            parameters = torch.nn.utils.parameters_to_vector(net.parameters()).detach()
            reached[epoch] = {"loss": loss(net(x), y).item(), "theta": parameters.tolist()}
    return {"optimiser": name, **constants, "batchSize": batch_size, "epochs": reached}


def write(name, widths, loss_name, count, seed, runs=RUNS):
    rng = np.random.default_rng(seed)
    net = build(widths)
    size = sum(parameter.numel() for parameter in net.parameters())
    x, theta = rounded(rng, count, widths[0]), torch.round(0.5 * rounded(rng, size), decimals=4)
    labels, targets = torch.tensor(rng.integers(widths[-1], size=count)), rounded(rng, count, widths[-1])
    classes, smoothing = loss_name.startswith("ce"), float(loss_name.partition("=")[2] or 0)
    y = labels if classes else targets
    loss = torch.nn.CrossEntropyLoss(label_smoothing=smoothing) if classes else lambda z, t: 0.5 * ((z - t) ** 2).sum(1).mean()
    golden = {
        "widths": widths, "loss": loss_name, "x": x.tolist(),
        **({"labels": labels.tolist()} if classes else {"targets": targets.tolist()}), "theta": theta.tolist(),
        "runs": [
            train(widths, loss, x, y, theta, optimiser, constants, batch_size)
            for optimiser, constants in runs for batch_size in (count, 4)
        ],
    }
    with open(os.path.join(FOLDER, name + ".json"), "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")
    print(name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.double)
    write("ce", [5, 6, 4, 3], "ce", 11, 1)
    write("mse", [4, 7, 2], "mse", 9, 2)
    write("ce-smoothed", [5, 6, 4, 3], "ce,smoothing=0.1", 11, 3, [RUNS[4], RUNS[6]])
