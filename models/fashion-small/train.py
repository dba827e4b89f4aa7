"""Trains the network of network.py on Fashion-MNIST and writes weights.npz and training.json.

    python3 train.py                  # the committed recipe
    python3 train.py --epochs 1 --output trial

Batch normalisation helps training only: it is folded into weights and bias before they are written, and the figures
are those of the folded network. Nothing is selected during training; the weights of the last epoch are the result.
The same machine and library give the same bytes: seeds and the number of threads are fixed.
"""

import argparse
import json
import os
import platform
import time

import numpy as np
import torch
from torch import nn

import dataset
from network import LAYERS, float_inference
from preparation import as_tensor, augmented

SEED = 20240607
THREADS = 1             # a sum's order depends on it, hence so do the bytes of the result
EPOCHS = 24
BATCH = 128
PEAK_LEARNING_RATE = 4e-3
WEIGHT_DECAY = 5e-4
DROPOUT = 0.3


class Network(nn.Module):
    """The layers of network.py with batch normalisation before each ReLU."""

    def __init__(self):
        super().__init__()
        products, norms = [], []
        for layer in LAYERS:
            channels = layer.input_shape[2]
            products.append(nn.Conv2d(channels, layer.outputs, layer.kernel, layer.stride, layer.padding,
                                      bias=not layer.relu))
            norms.append(nn.BatchNorm2d(layer.outputs) if layer.relu else nn.Identity())
        self.products = nn.ModuleList(products)
        self.norms = nn.ModuleList(norms)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, tensor):
        """Images [M, 1, 28, 28] in 0..1 -> class scores [M, 10]."""
        for layer, product, norm in zip(LAYERS, self.products, self.norms):
            if layer.kind == "dense":
                tensor = self.dropout(tensor)
            tensor = norm(product(tensor))
            if layer.relu:
                tensor = torch.relu(tensor)
            if layer.pool > 1:
                tensor = nn.functional.max_pool2d(tensor, layer.pool)
        return tensor.flatten(1)

    def folded(self):
        """The weights without batch normalisation: "<layer>.weights" float32 [K, N], "<layer>.bias" float32 [N]."""
        result = {}
        for layer, product, norm in zip(LAYERS, self.products, self.norms):
            weights = product.weight.detach().double()               # [N, channel, kernel row, kernel column]
            if layer.relu:
                gain = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
                weights = weights * gain[:, None, None, None]
                bias = norm.bias.detach().double() - norm.running_mean.double() * gain
            else:
                bias = product.bias.detach().double()
            lowered = weights.permute(2, 3, 1, 0).reshape(layer.k, layer.outputs)
            result[layer.name + ".weights"] = np.ascontiguousarray(lowered.numpy(), "<f4")
            result[layer.name + ".bias"] = np.ascontiguousarray(bias.numpy(), "<f4")
        return result


def accuracy(weights, images, labels):
    """Share of the images that the folded network classifies correctly."""
    correct = 0
    for start in range(0, len(images), 500):
        scores = float_inference(weights, images[start:start + 500])
        correct += int((scores.argmax(axis=1) == labels[start:start + 500]).sum())
    return correct / len(images)


def train(epochs):
    """Trains for the given number of epochs, printing progress, and returns the folded weights."""
    images, labels = dataset.training()
    validation_images, validation_labels = dataset.validation()
    random = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    network = Network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_LEARNING_RATE, total_steps=epochs * batches)
    targets = torch.from_numpy(labels.astype(np.int64))
    start = time.monotonic()
    for epoch in range(1, epochs + 1):
        network.train()
        order = random.permutation(len(images))
        loss_sum = 0.0
        for batch in range(batches):
            chosen = order[batch * BATCH:(batch + 1) * BATCH]
            optimiser.zero_grad()
            scores = network(as_tensor(augmented(images[chosen], random)))
            loss = nn.functional.cross_entropy(scores, targets[torch.from_numpy(chosen)])
            loss.backward()
            optimiser.step()
            schedule.step()
            loss_sum += loss.item()
            if epoch == 1 and (batch + 1) % 50 == 0:
                print(f"epoch 1: batch {batch + 1} of {batches}, mean loss {loss_sum / (batch + 1):.4f}, "
                      f"{time.monotonic() - start:.0f} s", flush=True)
        network.eval()
        with torch.no_grad():
            guesses = torch.cat([network(as_tensor(validation_images[first:first + 500])).argmax(1)
                                 for first in range(0, len(validation_images), 500)]).numpy()
        print(f"epoch {epoch} of {epochs}: mean loss {loss_sum / batches:.4f}, "
              f"validation accuracy {(guesses == validation_labels).mean():.4f}, {time.monotonic() - start:.0f} s",
              flush=True)
    return network.folded(), time.monotonic() - start


def main():
    """Trains, evaluates once on the test images, and writes the two files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", default=os.path.dirname(os.path.abspath(__file__)), help="folder to write to")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)

    weights, seconds = train(arguments.epochs)
    record = {
        "epochs": arguments.epochs,
        "seed": SEED,
        "threads": THREADS,
        "seconds": round(seconds),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "float_accuracy": {
            "validation": accuracy(weights, *dataset.validation()),
            "test": accuracy(weights, *dataset.test()),
        },
    }
    os.makedirs(arguments.output, exist_ok=True)
    np.savez(os.path.join(arguments.output, "weights.npz"), **weights)
    with open(os.path.join(arguments.output, "training.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(record, file, indent=2)
        file.write("\n")
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()
