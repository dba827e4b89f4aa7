"""The residual network: a stem, three stages of two residual blocks, global average pooling, one dense layer."""

from torch import nn

STEM = 16
STAGES = (24, 48, 96)       # channels; each stage halves rows and columns in its first block
BLOCKS = 2                  # residual blocks of a stage


class Block(nn.Module):
    """Two 3x3 convolutions with batch normalisation, added to the input, which a 1x1 convolution adapts where shapes differ."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, tensor):
        """[M, inputs, rows, columns] -> [M, outputs, rows / stride, columns / stride], rounded up."""
        inner = self.norm1(self.conv1(tensor)).relu()
        return (self.norm2(self.conv2(inner)) + self.shortcut(tensor)).relu()


class Network(nn.Module):
    """Images [M, 1, 28, 28] in 0..1 -> class scores [M, 10]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, STEM, 3, 1, 1, bias=False), nn.BatchNorm2d(STEM), nn.ReLU())
        blocks, channels = [], STEM
        for outputs in STAGES:
            for block in range(BLOCKS):
                blocks.append(Block(channels, outputs, 2 if block == 0 else 1))
                channels = outputs
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(channels, 10)

    def forward(self, tensor):
        """[M, 1, 28, 28] -> [M, 10]."""
        return self.dense(self.pool(self.blocks(self.stem(tensor))).flatten(1))
