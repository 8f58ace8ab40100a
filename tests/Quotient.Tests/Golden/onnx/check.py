"""Checks ONNX files that Quotient wrote: `/usr/bin/python3 check.py FILE GOLDEN FILE GOLDEN …`, with onnx and PyTorch.

Each passes the checker of the onnx package with strict shape inference; each, node by node in PyTorch, float64, gives the logits that
expected.json has under the name GOLDEN, to 1e-12 of the largest. Prints a line for each; the exit status is 1 where one fails.
"""
import json
import pathlib
import sys

import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

EXPECTED = json.loads((pathlib.Path(__file__).parent / "expected.json").read_text())


def padded(x, pads, value=0.0):
    top, left, bottom, right = pads
    return F.pad(x, (left, right, top, bottom), value=value)


def average(x, kernel_shape, strides, pads, count_include_pad=0, ceil_mode=0):
    def total(values):
        return F.avg_pool2d(values, kernel_shape, strides, ceil_mode=bool(ceil_mode), divisor_override=1)

    ones = torch.ones_like(x)
    return total(padded(x, pads)) / total(padded(ones, pads, float(count_include_pad)))


def maximum(x, kernel_shape, strides, pads, ceil_mode=0):
    return F.max_pool2d(padded(x, pads, -torch.inf), kernel_shape, strides, ceil_mode=bool(ceil_mode))


def channels(x, pads):
    n, before, top, left, m, behind, bottom, right = pads.tolist()
    assert (n, m) == (0, 0)
    return F.pad(x, (left, right, top, bottom, before, behind))


OPERATORS = {
    "Conv": lambda x, w, b=None, *, kernel_shape, strides, pads: F.conv2d(padded(x, pads), w, b, strides),
    "MaxPool": maximum,
    "AveragePool": average,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "BatchNormalization": lambda x, w, b, mean, var, *, epsilon, momentum: F.batch_norm(x, mean, var, w, b, eps=float(f"{epsilon:.6g}")),
    "Gemm": lambda x, w, b=0, *, alpha, transB: alpha * (x @ (w.T if transB else w)) + b,
    "Add": lambda x, y: x + y,
    "Relu": F.relu,
    "Flatten": lambda x, *, axis: x.flatten(axis),
    "Pad": channels,
    "Identity": lambda x: x,
}


def run(graph, x):
    values = {graph.input[0].name: x}
    for tensor in graph.initializer:
        value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        values[tensor.name] = value.double() if value.is_floating_point() else value
    for node in graph.node:
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes)
    return values[graph.output[0].name]


failed = False
for path, golden in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
        shape = [dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim[1:]]
        x = torch.tensor(EXPECTED[golden]["x"], dtype=torch.float64).reshape(4, *shape)
        wanted = torch.tensor(EXPECTED[golden]["logits"], dtype=torch.float64)
        difference = ((run(model.graph, x).flatten() - wanted).abs().max() / wanted.abs().max()).item()
        failed |= difference > 1e-12
        print(f"{golden}: {difference:.1e}")
    except Exception as error:  # whatever it is, the file is at fault
        failed = True
        print(f"{golden}: {error}")
sys.exit(failed)
