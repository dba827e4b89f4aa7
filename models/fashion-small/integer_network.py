"""Integer-only inference of the quantised network: int32 accumulators, int64 products, shifts. No floating point.

Activations are unsigned 8-bit codes with zero point 0, weights signed 8-bit, and per layer

    y = x @ weights                                            int32, [.., N]
    q = clamp(floor((y + bias) * multiplier / 2^shift + 1/2) + zero_point, 0, 255)

with ReLU on y + bias first where the layer has one. Half rounds up. The last layer is not requantised: its result is
y + bias.
"""

from dataclasses import dataclass

import numpy as np

from network import LAYERS, Layer, lower, max_pool

ACTIVATION_MAXIMUM = 255
BATCH = 100     # images at a time: bounds the memory of the lowered inputs (conv2 and conv3: 22 MB as int32)


@dataclass(frozen=True)
class QuantisedLayer:
    """A layer with its integers. `multiplier`, `shift` and `zero_point` are None where the result is y + bias."""

    layer: Layer
    weights: np.ndarray                     # int8 [K, N]
    bias: np.ndarray                        # int32 [N], in units of the accumulator
    multiplier: np.ndarray | None = None    # int32 [N], 0..65535
    shift: np.ndarray | None = None         # int32 [N], 0..62
    zero_point: int | None = None

    def accumulate(self, rows):
        """y + bias for lowered inputs [.., K], int32: |y| <= 255 * 128 * K stays below 2^31 for K <= 65,793."""
        return rows.astype(np.int32) @ self.weights.astype(np.int32) + self.bias

    def requantise(self, sums):
        """8-bit codes from y + bias."""
        if self.layer.relu:
            sums = np.maximum(sums, 0)
        products = sums.astype(np.int64) * self.multiplier
        halves = np.left_shift(np.int64(1), self.shift.astype(np.int64)) >> 1       # 0 where the shift is 0
        codes = ((products + halves) >> self.shift) + self.zero_point
        return np.clip(codes, 0, ACTIVATION_MAXIMUM).astype(np.uint8)

    def products(self, rows):
        """What the layer's matrix product delivers, before pooling: 8-bit codes, or int32 y + bias."""
        sums = self.accumulate(rows)
        return sums if self.multiplier is None else self.requantise(sums)

    def forward(self, tensor):
        """Input tensor -> output tensor of the layer, pooling included."""
        return max_pool(self.layer, self.products(lower(self.layer, tensor)))


def run(quantised_layers, images):
    """Applies the given layers, in order, to uint8 tensors [M, rows, columns, channels], a batch at a time."""
    results = []
    for start in range(0, len(images), BATCH):
        tensor = images[start:start + BATCH]
        for quantised in quantised_layers:
            tensor = quantised.forward(tensor)
        results.append(tensor)
    return np.concatenate(results)


def accuracy(quantised_layers, images, labels):
    """Share of the images that the whole network classifies correctly; the first of equal scores wins."""
    assert len(quantised_layers) == len(LAYERS)
    scores = run(quantised_layers, images).reshape(len(images), -1)
    return int((scores.argmax(axis=1) == labels).sum()) / len(images)
