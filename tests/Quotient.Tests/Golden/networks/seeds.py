"""Writes seeds.json: initial parameters by a second implementation of the generator, written from Salmon et al. (2011).

Run: python3 seeds.py   (the standard library only)
"""

import json
import math
import pathlib
import struct

MASK = 0xFFFFFFFF
SEED = 20260
STREAM = 0x494E495400000000


def philox(key, counter):
    """Philox 4x32-10: the paper's figure of the S-P network, ten rounds."""
    k = [key & MASK, key >> 32]
    c = list(counter)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & MASK, (first >> 32) ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def words(stream, element):
    """The two 53-bit integers of the block that serves an element and its neighbour."""
    block = element // 2
    x, y, z, w = philox(SEED, [block & MASK, block >> 32, stream & MASK, stream >> 32])
    return (x | y << 32) >> 11, (z | w << 32) >> 11


def uniform(stream, element):
    return words(stream, element)[element % 2] / 2**52 - 1


def normal(stream, element):
    radius, angle = words(stream, element)
    radius = math.sqrt(-2 * math.log((radius + 1) / 2**53))
    turn = 2 * math.pi * angle / 2**53
    return radius * (math.sin(turn) if element % 2 else math.cos(turn))


def to_float(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def main():
    # Dense 3 to 5, with bias: tensor 0 has 15 elements, tensor 1 five.
    assert philox(0, [0, 0, 0, 0]) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    fan_in, fan_out = 3, 5

    def draw(scale, weight, bias=None):
        values = [scale * weight(STREAM, i) for i in range(fan_in * fan_out)]
        return values + [scale * bias(STREAM + 1, i) if bias else 0.0 for i in range(fan_out)]

    seeds = {
        "PyTorch": draw(1 / math.sqrt(fan_in), uniform, uniform),
        "GlorotUniform": draw(math.sqrt(6 / (fan_in + fan_out)), uniform),
        "He": [to_float(value) for value in draw(math.sqrt(2 / fan_in), normal)],
        "GlorotNormal": [to_float(value) for value in draw(math.sqrt(2 / (fan_in + fan_out)), normal)],
    }
    text = json.dumps({"seed": SEED, "parameters": seeds}, indent=1) + "\n"
    (pathlib.Path(__file__).parent / "seeds.json").write_text(text)


main()
