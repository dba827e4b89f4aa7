"""The network's shape, shared by training, quantisation and verification, and the lowering of a layer to a matrix.

Tensors are (image, row, column, channel). Every layer is a matrix product: its input is lowered to rows of K numbers
(im2col), its weights are a [K, N] matrix. The order along K is fixed:

    k = (kernel_row * kernel_columns + kernel_column) * in_channels + in_channel

A dense layer is the same with a kernel as large as its input, so its K runs over (row, column, channel) too.
"""

from dataclasses import dataclass

import numpy as np

IM2COL_ORDER = "k = (kernel_row * kernel_columns + kernel_column) * in_channels + in_channel"


@dataclass(frozen=True)
class Layer:
    """One matrix-vector layer. Shapes are (rows, columns, channels); `pool` is the side of the max pooling after it."""

    name: str
    kind: str            # "conv" or "dense"
    input_shape: tuple   # of the tensor that the layer receives
    outputs: int         # N: output channels
    kernel: int          # square side; a dense layer's kernel covers its whole input
    stride: int
    padding: int         # zeros on each of the four sides
    pool: int            # 1: none; 2: 2x2 max pooling with stride 2
    relu: bool

    @property
    def k(self):
        """Rows of the lowered weight matrix."""
        return self.kernel * self.kernel * self.input_shape[2]

    @property
    def product_shape(self):
        """(rows, columns, channels) of the matrix product, before pooling."""
        rows = (self.input_shape[0] + 2 * self.padding - self.kernel) // self.stride + 1
        columns = (self.input_shape[1] + 2 * self.padding - self.kernel) // self.stride + 1
        return rows, columns, self.outputs

    @property
    def output_shape(self):
        """(rows, columns, channels) that the next layer receives."""
        rows, columns, channels = self.product_shape
        return rows // self.pool, columns // self.pool, channels


LAYERS = (
    Layer("conv1", "conv", (28, 28, 1), 32, kernel=3, stride=1, padding=1, pool=2, relu=True),
    Layer("conv2", "conv", (14, 14, 32), 32, kernel=3, stride=1, padding=1, pool=1, relu=True),
    Layer("conv3", "conv", (14, 14, 32), 64, kernel=3, stride=1, padding=1, pool=2, relu=True),
    Layer("conv4", "conv", (7, 7, 64), 64, kernel=3, stride=2, padding=1, pool=1, relu=True),
    Layer("dense1", "dense", (4, 4, 64), 64, kernel=4, stride=1, padding=0, pool=1, relu=True),
    Layer("dense2", "dense", (1, 1, 64), 10, kernel=1, stride=1, padding=0, pool=1, relu=False),
)

for _before, _after in zip(LAYERS, LAYERS[1:]):
    assert _before.output_shape == _after.input_shape, (_before, _after)


def lower(layer, tensor):
    """Lowers a tensor [M, rows, columns, channels] to [M, product rows, product columns, K]. Padding is zero."""
    border = layer.padding
    padded = np.pad(tensor, ((0, 0), (border, border), (border, border), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (layer.kernel, layer.kernel), axis=(1, 2))
    windows = windows[:, ::layer.stride, ::layer.stride]    # [M, rows, columns, channel, kernel row, kernel column]
    rows, columns, _ = layer.product_shape
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(len(tensor), rows, columns, layer.k)


def max_pool(layer, tensor):
    """Max pooling after the layer's activation; the identity where the layer has none."""
    if layer.pool == 1:
        return tensor
    images, rows, columns, channels = tensor.shape
    side = layer.pool
    return tensor.reshape(images, rows // side, side, columns // side, side, channels).max(axis=(2, 4))


def float_inference(weights, images):
    """The trained network in float64 on uint8 images: the reference that quantisation is measured against.

    `weights` maps "<layer>.weights" to [K, N] and "<layer>.bias" to [N]. Returns the last layer's outputs, [M, 10].
    """
    tensor = images.astype(np.float64) / 255
    for layer in LAYERS:
        matrix = weights[layer.name + ".weights"].astype(np.float64)
        tensor = lower(layer, tensor) @ matrix + weights[layer.name + ".bias"]
        tensor = max_pool(layer, np.maximum(tensor, 0) if layer.relu else tensor)
    return tensor.reshape(len(images), -1)
