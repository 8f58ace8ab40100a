"""Gradients and curvature of small ReLU nets in float64, by the plainest route that PyTorch offers.

Nothing here uses the formulas that Quotient uses: Hessian products are double backward, the Gauss-Newton matrix is a sum
over samples of dense J_n^T (d2 l_n / df2) J_n, and Fisher matrices are sums of outer products of gradients.
"""
from functools import partial

import numpy as np
import torch
from torch.autograd import grad
from torch.autograd.functional import hessian, jacobian
from torch.nn.functional import cross_entropy, relu


class Net:
    """Dense layers with ReLU between; theta is flat: per layer weight (out x in, row-major), then bias."""

    def __init__(self, widths, bias):
        self.shapes = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            self.shapes.append((fan_out, fan_in))
            if bias:
                self.shapes.append((fan_out,))
        self.bias = bias
        self.size = sum(int(np.prod(shape)) for shape in self.shapes)

    def layers(self, theta):
        """[(weight, bias or None)], views of theta."""
        tensors = [part.view(shape) for part, shape in
                   zip(theta.split([int(np.prod(shape)) for shape in self.shapes]), self.shapes)]
        return list(zip(tensors[::2], tensors[1::2])) if self.bias else [(weight, None) for weight in tensors]

    def forward(self, theta, x, preactivations=None):
        """The outputs, N x C. Appends each hidden layer's pre-activations to the list, where one is given."""
        layers = self.layers(theta)
        for index, (weight, bias) in enumerate(layers):
            x = x @ weight.T if bias is None else x @ weight.T + bias
            if index + 1 < len(layers):
                if preactivations is not None:
                    preactivations.append(x.detach())
                x = relu(x)
        return x

    def distance_to_kink(self, theta, x):
        """The smallest |pre-activation| of a hidden unit; infinity without hidden layers."""
        values = []
        self.forward(theta, x, values)
        return min((value.abs().min().item() for value in values), default=np.inf)


def loss_of(name):
    """The mean loss of outputs f, given labels (ce, ce,smoothing=0.1) or targets (mse: half the squared distance)."""
    if name.startswith("ce"):
        return partial(cross_entropy, label_smoothing=float(name.partition("=")[2] or 0))
    return lambda f, y: 0.5 * ((f - y) ** 2).sum() / len(f)


def hessian_product(net, loss, theta, x, y, v):
    """(loss, gradient, H v) by double backward."""
    theta = theta.clone().requires_grad_()
    value = loss(net.forward(theta, x), y)
    gradient, = grad(value, theta, create_graph=True)
    # A net of one layer under mse has a gradient linear in theta, which is still a graph.
    product, = grad(gradient @ v, theta)
    return value.item(), gradient.detach(), product


def dense(net, loss_name, theta, x, y):
    """Hessian, Gauss-Newton, empirical Fisher, model Fisher, and the Jacobian (N x C x P), each dense."""
    loss, count = loss_of(loss_name), len(x)
    h = hessian(lambda t: loss(net.forward(t, x), y), theta)
    j = jacobian(lambda t: net.forward(t, x), theta)
    f = net.forward(theta, x)
    gauss_newton, empirical, fisher = (torch.zeros_like(h) for _ in range(3))
    for n in range(count):
        def sample_loss(output, target=y[n:n + 1]):
            return loss(output[None], target)
        curvature = hessian(sample_loss, f[n])
        gauss_newton += j[n].T @ curvature @ j[n] / count
        leaf = theta.clone().requires_grad_()
        g, = grad(loss(net.forward(leaf, x[n:n + 1]), y[n:n + 1]), leaf)
        empirical += torch.outer(g, g) / count
        fisher += model_fisher(net, loss_name, theta, x[n:n + 1], j[n]) / count
    return h, gauss_newton, empirical, fisher, j


def model_fisher(net, loss_name, theta, sample, j):
    """E[g g^T] of one sample, over targets drawn from the model: classes by softmax (ce), or y ~ N(f, I) (mse)."""
    if loss_name == "mse":
        return j.T @ j  # E[(J^T e)(J^T e)^T] with E[e e^T] = I
    total = torch.zeros(len(theta), len(theta), dtype=theta.dtype)
    for c in range(j.shape[0]):
        leaf = theta.clone().requires_grad_()
        log_p = net.forward(leaf, sample).log_softmax(1)[0, c]
        g, = grad(-log_p, leaf)
        total += log_p.exp().detach() * torch.outer(g, g)
    return total
