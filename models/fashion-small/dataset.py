"""Fashion-MNIST as the Debian package `dataset-fashion-mnist` installs it.

The environment variable FASHION_MNIST names another folder with the same four .gz files.
"""

import gzip
import hashlib
import os

import numpy as np

DEFAULT_FOLDER = "/usr/share/datasets/fashion-mnist"

# SHA-256 of the uncompressed idx files, so that a different packing of the same data is accepted and other data is not.
SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}

# The last images of the training file are held back: they choose, they never train or calibrate.
VALIDATION_IMAGES = 5_000


def _read_idx(name):
    """Reads one idx file of unsigned bytes and returns it as a uint8 array of the shape in its header."""
    path = os.path.join(os.environ.get("FASHION_MNIST", DEFAULT_FOLDER), name + ".gz")
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise SystemExit(f"{path} is missing: install the Debian package dataset-fashion-mnist, "
                         "or set FASHION_MNIST to the folder that holds the four .gz files") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256[name]:
        raise SystemExit(f"{path} is not the expected data: SHA-256 {digest}, expected {SHA256[name]}")
    dimensions = content[3]
    shape = np.frombuffer(content, ">i4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _with_channel(images):
    """[M, 28, 28] -> [M, 28, 28, 1]: the network's tensors are (image, row, column, channel)."""
    return images[..., np.newaxis]


def training():
    """The 55,000 images (uint8, [M, 28, 28, 1]) and labels that train and calibrate."""
    return (_with_channel(_read_idx("train-images-idx3-ubyte")[:-VALIDATION_IMAGES]),
            _read_idx("train-labels-idx1-ubyte")[:-VALIDATION_IMAGES])


def validation():
    """The 5,000 held-back training images and labels: whatever is chosen is chosen on these."""
    return (_with_channel(_read_idx("train-images-idx3-ubyte")[-VALIDATION_IMAGES:]),
            _read_idx("train-labels-idx1-ubyte")[-VALIDATION_IMAGES:])


def test():
    """The 10,000 test images and labels: only for final figures and for the exported activations."""
    return _with_channel(_read_idx("t10k-images-idx3-ubyte")), _read_idx("t10k-labels-idx1-ubyte")
