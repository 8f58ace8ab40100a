"""Makes the ONNX files and state_dicts of this folder, and expected.json: `/usr/bin/python3 make.py`, with PyTorch, onnx and numpy.

Small variants of known architectures, written by PyTorch's own exporter (torch.onnx.export) at opsets 9, 11 and 16, with the batch norms folded
into the convolutions, as it does by default, or left as they are; and the same networks as state_dicts in safetensors files, sorted by
name. expected.json has for each file

  x, logits   4 samples, flat, and what PyTorch computes of them in float64
  tensors     name, shape and values of each tensor in the order of theta: node by node as the graph has them, found by the onnx package;
              for a state_dict in the order of the modules, without its counters and running statistics
  buffers     the same of running statistics
"""
import json
import os
import pathlib
import struct
import sys

# One thread and one BLAS kernel: the same bits wherever this runs.
TUNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "HASWELL"}
if any(os.environ.get(key) != value for key, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
SAMPLES = 4
expected = {}


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 5, padding=2), nn.Conv2d(3, 4, 3)
        self.fc1, self.fc2, self.fc3 = nn.Linear(16, 9), nn.Linear(9, 7), nn.Linear(7, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class AlexNet(nn.Module):
    """With the `view` of torchvision's older models and their dropout."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 5, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(45, 12), nn.ReLU(), nn.Dropout(), nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 5))

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), -1))


class Vgg(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in (4, 4, "max", 6, "max"):
            if width == "max":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
        self.features, self.classifier = nn.Sequential(*layers), nn.Linear(24, 5)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Block(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4)
        self.layer1, self.layer2 = Block(4, 4, 1), Block(4, 6, 2)
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        x = F.adaptive_avg_pool2d(x, 1)
        return self.fc(torch.flatten(x, 1))


class Mlp(nn.Module):
    """One product with its bias as exporters write it for parameters, one linear layer without bias, one with."""

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(6, 8)), nn.Parameter(torch.empty(8))
        self.fc2, self.fc3 = nn.Linear(8, 7, bias=False), nn.Linear(7, 5)

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(x @ self.weight + self.bias))))


class Pad(torch.autograd.Function):
    """F.pad as one node with constant paddings; the exporter writes a dozen that compute these."""

    @staticmethod
    def forward(ctx, x):
        return F.pad(x, (1, 0, 2, 1))

    @staticmethod
    def symbolic(g, x):
        return g.op("Pad", x, g.op("Constant", value_t=torch.tensor([0, 0, 2, 1, 0, 0, 1, 0])), mode_s="constant")


class Same(torch.autograd.Function):
    """A convolution with strides 2 and 3 whose padding is left to SAME_UPPER: here 0 above, 1 below, 1 before, 2 behind."""

    @staticmethod
    def forward(ctx, x, weight):
        return F.conv2d(F.pad(x, (1, 2, 0, 1)), weight, stride=(2, 3))

    @staticmethod
    def symbolic(g, x, weight):
        return g.op("Conv", x, weight, auto_pad_s="SAME_UPPER", strides_i=[2, 3])


class Pools(nn.Module):
    """Padding of every kind, windows beyond it, means with and without its zeros."""

    def __init__(self):
        super().__init__()
        self.conv, self.weight = nn.Conv2d(2, 3, (3, 2), (1, 2)), nn.Parameter(torch.empty(3, 3, 2, 4))
        self.last = nn.Linear(12, 5)

    def forward(self, x):
        x = F.relu(self.conv(Pad.apply(x)))
        x = F.avg_pool2d(x, 3, 1, 1)
        x = F.max_pool2d(x, 2, ceil_mode=True)
        x = F.relu(Same.apply(x, self.weight))
        x = F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False)
        return self.last(x.reshape(x.size(0), -1))


class Means(nn.Module):
    """The mean of a whole image written as a mean, and a reshape to a traced number of samples."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 6, 1)
        self.last = nn.Linear(6, 3)

    def forward(self, x):
        x = F.relu(self.conv2(F.relu(self.conv1(x)))).mean((2, 3), keepdim=True)
        return self.last(x.reshape(int(x.size(0)), 6))


def ready(net, seed, dtype, equal=False):
    """Weights and statistics that tell tensors apart, in evaluation; those of batch norms may be left equal."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if name.endswith("num_batches_tracked"):
                value.fill_(17)
            elif equal and value.dim() == 1:
                pass
            elif name.endswith("running_var"):
                value.copy_(torch.from_numpy(rng.uniform(0.5, 2, value.shape).astype(np.float32)))
            else:
                scale = 1 / np.sqrt(np.prod(value.shape[1:])) if value.dim() > 1 else 0.4
                shift = 1 if name.endswith("weight") and value.dim() == 1 else 0
                value.copy_(torch.from_numpy((shift + scale * rng.standard_normal(value.shape)).astype(np.float32)))
    return net.eval().to(dtype)


def listed(name, values):
    return {"name": name, "shape": list(values.shape), "values": values.double().flatten().tolist()}


def tensors_of(path):
    """Parameters and statistics in the order in which the nodes read them, each as it is stored."""
    graph = onnx.load(str(path)).graph
    stored = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    alias, parameters, statistics = {}, [], []
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
        elif node.op_type == "Transpose" and node.input[0] in stored:
            alias[node.output[0]] = node.input[0]
        elif node.op_type in ("Conv", "Gemm", "MatMul", "Add", "BatchNormalization"):
            for place, name in enumerate(node.input):
                name = alias.get(name, name)
                if name in stored:
                    (statistics if node.op_type == "BatchNormalization" and place > 2 else parameters).append(listed(name, stored[name]))
    return parameters, statistics


def run(net, x):
    with torch.no_grad():
        return net.double()(x.double())


def export(file, net, shape, opset, seed, dtype=torch.float64, dynamic=True, equal=False, **options):
    net = ready(net, seed, dtype, equal)
    x = torch.from_numpy(np.random.default_rng(seed + 100).standard_normal((SAMPLES, *shape)).astype(np.float32)).to(dtype)
    axes = {"input": {0: "batch"}, "logits": {0: "batch"}} if dynamic else None
    torch.onnx.export(
        net, x[:3], str(HERE / file), opset_version=opset, input_names=["input"], output_names=["logits"], dynamic_axes=axes, **options)
    parameters, statistics = tensors_of(HERE / file)
    expected[file] = {"x": x.double().flatten().tolist(), "logits": run(net, x).flatten().tolist(), "tensors": parameters, "buffers": statistics}


def state_dict(file, net, shape, seed):
    """Sorted by name as the usual writer of safetensors does, larger types first; counters are 64-bit integers."""
    net = ready(net, seed, torch.float32)
    state = net.state_dict()
    header, data = {}, b""
    for name in sorted(state, key=lambda name: (-state[name].element_size(), name)):
        payload = state[name].numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[state[name].dtype]
        header[name] = {"dtype": kind, "shape": list(state[name].shape), "data_offsets": [len(data), len(data) + len(payload)]}
        data += payload
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (HERE / file).write_bytes(struct.pack("<Q", len(text)) + text + data)
    x = torch.from_numpy(np.random.default_rng(seed + 100).standard_normal((SAMPLES, *shape)))
    parameters = [listed(name, value) for name, value in net.named_parameters()]
    statistics = [listed(name, value) for name, value in net.named_buffers() if not name.endswith("tracked")]
    expected[file] = {"x": x.flatten().tolist(), "logits": run(net, x).flatten().tolist(), "tensors": parameters, "buffers": statistics}


def external(file, source):
    """The same graph with its numbers in a file beside it."""
    model = onnx.load(str(HERE / source))
    (HERE / (file + ".data")).unlink(missing_ok=True)
    onnx.save_model(
        model, str(HERE / file), save_as_external_data=True, all_tensors_to_one_file=True, location=file + ".data", size_threshold=0)
    expected[file] = expected[source]


IMAGE = (3, 8, 8)
PRESERVED = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
for opset in (11, 16):
    export(f"lenet-{opset}.onnx", LeNet(), (1, 12, 12), opset, 1, torch.float32)
    export(f"alexnet-{opset}.onnx", AlexNet(), (3, 16, 16), opset, 2)
    export(f"vgg-{opset}.onnx", Vgg(), IMAGE, opset, 3)
    export(f"resnet-{opset}.onnx", ResNet(), IMAGE, opset, 4)
    export(f"mlp-{opset}.onnx", Mlp(), (6,), opset, 5)
    export(f"pools-{opset}.onnx", Pools(), (2, 9, 13), opset, 6)
    export(f"means-{opset}.onnx", Means(), (2, 5, 5), opset, 7, dynamic=False)
export("vgg-unfolded.onnx", Vgg(), IMAGE, 16, 8, **PRESERVED)
export("resnet-unfolded.onnx", ResNet(), IMAGE, 11, 9, **PRESERVED)
export("resnet-identities.onnx", ResNet(), IMAGE, 16, 12, equal=True, **PRESERVED)
export("mlp-unfolded.onnx", Mlp(), (6,), 11, 10, do_constant_folding=False)
export("lenet-9.onnx", LeNet(), (1, 12, 12), 9, 11, torch.float32, keep_initializers_as_inputs=True)
external("lenet-external.onnx", "lenet-16.onnx")
for name, net, shape in (("lenet", LeNet(), (1, 12, 12)), ("vgg", Vgg(), IMAGE), ("resnet", ResNet(), IMAGE)):
    state_dict(f"{name}.safetensors", net, shape, 20)
(HERE / "expected.json").write_text(json.dumps(expected, separators=(",", ":")).replace('},"', '},\n"') + "\n")
