"""What training does to the images before a network sees them; fashion-residual trains with it, too."""

import numpy as np
import torch

SHIFT = 2               # augmentation: up to this many pixels in either direction, and a mirror image half the time


def augmented(images, random):
    """Mirrors half of the images and shifts each by up to SHIFT pixels; what moves in is black."""
    count, rows, columns, _ = images.shape
    mirrored = random.random(count) < 0.5
    images = np.where(mirrored[:, None, None, None], images[:, :, ::-1], images)
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)))
    down = random.integers(0, 2 * SHIFT + 1, count)
    right = random.integers(0, 2 * SHIFT + 1, count)
    return padded[np.arange(count)[:, None, None],
                  (down[:, None] + np.arange(rows))[:, :, None],
                  (right[:, None] + np.arange(columns))[:, None, :]]


def as_tensor(images):
    """uint8 [M, rows, columns, 1] -> float32 [M, 1, rows, columns] in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2), np.float32)) / 255
