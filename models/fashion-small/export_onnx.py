"""Writes fashion-small.onnx from weights.npz: the float network as other programs read it. Needs torch; no training.

Input `image` [M, 1, 28, 28] in 0..1, output `scores` [M, 10], M free. The values are those of weights.npz, in ONNX's order
(output, channel, row, column).
"""

import os

import numpy as np
import torch
from torch import nn

from network import LAYERS

FOLDER = os.path.dirname(os.path.abspath(__file__))
NAME = "fashion-small.onnx"


class Exported(nn.Module):
    """The layers of network.py with the weights of weights.npz: convolutions, and dense layers on the flattened tensor."""

    def __init__(self, weights):
        super().__init__()
        for layer in LAYERS:
            channels, kernel = layer.input_shape[2], layer.kernel
            values = weights[layer.name + ".weights"].reshape(kernel, kernel, channels, layer.outputs).transpose(3, 2, 0, 1)
            if layer.kind == "conv":
                product = nn.Conv2d(channels, layer.outputs, kernel, layer.stride, layer.padding)
            else:
                product = nn.Linear(layer.k, layer.outputs)
                values = values.reshape(layer.outputs, layer.k)
            product.weight.data = torch.from_numpy(np.ascontiguousarray(values))
            product.bias.data = torch.from_numpy(weights[layer.name + ".bias"])
            setattr(self, layer.name, product)

    def forward(self, tensor):
        """[M, 1, 28, 28] -> [M, 10]."""
        for layer in LAYERS:
            if layer.kind == "dense":
                tensor = tensor.flatten(1)
            tensor = getattr(self, layer.name)(tensor)
            if layer.relu:
                tensor = torch.relu(tensor)
            if layer.pool > 1:
                tensor = nn.functional.max_pool2d(tensor, layer.pool)
        return tensor


def main():
    """Writes the file beside this one."""
    with np.load(os.path.join(FOLDER, "weights.npz")) as weights:
        network = Exported(weights).eval()
    torch.onnx.export(network, torch.zeros(1, 1, 28, 28), os.path.join(FOLDER, NAME), opset_version=13,
                      input_names=["image"], output_names=["scores"],
                      dynamic_axes={"image": {0: "images"}, "scores": {0: "images"}})


if __name__ == "__main__":
    main()
