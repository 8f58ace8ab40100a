"""Convolutional nets as PyTorch's users write them; theta is their parameters() one after another."""
import torch
from torch import nn
from torch.nn import functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(4))
        self.pools = nn.ModuleList(nn.MaxPool2d(2) for _ in range(2))

    def forward(self, x):
        x = self.pools[0](self.relus[0](self.conv1(x)))
        x = self.pools[1](self.relus[1](self.conv2(x))).flatten(1)
        return self.fc3(self.relus[3](self.fc2(self.relus[2](self.fc1(x)))))


class AlexNetSmall(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 64, 5, padding=2), nn.Conv2d(64, 64, 5, padding=2)
        self.fc1, self.fc2, self.fc3 = nn.Linear(3136, 384), nn.Linear(384, 192), nn.Linear(192, 10)
        self.relus = nn.ModuleList(nn.ReLU() for _ in range(4))
        self.pools = nn.ModuleList(nn.MaxPool2d(3, 2) for _ in range(2))

    def forward(self, x):
        x = self.pools[0](self.relus[0](self.conv1(x)))
        x = self.pools[1](self.relus[1](self.conv2(x))).flatten(1)
        return self.fc3(self.relus[3](self.fc2(self.relus[2](self.fc1(x)))))


def small_vgg():
    """conv:3x12x12,8c3p1,bn,relu,8c3p1,bn,relu,max2,12c3p1n,bn,relu,12c3p1,bn,relu,max2,10"""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 12, 3, padding=1), nn.BatchNorm2d(12),
        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(108, 10))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        self.stride, self.added = stride, outputs - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        if self.stride > 1:  # shortcut A: every second place, and channels of zeros on either side
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        return self.relu2(x + y)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        self.layer1 = nn.Sequential(Block(16, 16, 1), Block(16, 16, 1), Block(16, 16, 1))
        self.layer2 = nn.Sequential(Block(16, 32, 2), Block(32, 32, 1), Block(32, 32, 1))
        self.layer3 = nn.Sequential(Block(32, 64, 2), Block(64, 64, 1), Block(64, 64, 1))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


def signs(z):
    return torch.where(z >= 0, 1.0, -1.0).to(z.dtype)


class BinaryConv2d(nn.Conv2d):
    """The kernel through a map (its signs, or itself), over the root of its fan-in."""
    weights = staticmethod(signs)

    def forward(self, x):
        return F.conv2d(x, self.weights(self.weight), None, self.stride, self.padding) / self.weight[0].numel() ** 0.5


class BinaryLinear(nn.Linear):
    weights = staticmethod(signs)

    def forward(self, x):
        return x @ self.weights(self.weight).T / self.in_features ** 0.5


class Sign(nn.Module):
    """Signs; a hard tanh in the surrogate."""
    activation = staticmethod(signs)

    def forward(self, z):
        return self.activation(z)


def binary_words():
    """binary:conv:2x9x9,6c3p1,bn,relu,max2,8c3s2,bn,relu,5"""
    return nn.Sequential(
        BinaryConv2d(2, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.MaxPool2d(2), Sign(),
        BinaryConv2d(6, 8, 3, stride=2, bias=False), nn.BatchNorm2d(8), Sign(), nn.Flatten(), BinaryLinear(8, 5, bias=False))


def binary_lenet():
    """binary,real-first:lenet,input=1×16×16,classes=4"""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.MaxPool2d(2), Sign(), BinaryConv2d(6, 16, 5, bias=False), nn.MaxPool2d(2), Sign(), nn.Flatten(),
        BinaryLinear(64, 120, bias=False), Sign(), BinaryLinear(120, 84, bias=False), Sign(), BinaryLinear(84, 4, bias=False))


def binary_relu():
    """binary,relu:conv:2x7x8,5c3x2s2x1p1,relu,max2,6c2,relu,gap,4"""
    return nn.Sequential(
        BinaryConv2d(2, 5, (3, 2), (2, 1), 1, bias=False), nn.ReLU(), nn.MaxPool2d(2), BinaryConv2d(5, 6, 2, bias=False), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), BinaryLinear(6, 4, bias=False))
