"""Trains the network of network.py on Fashion-MNIST and writes fashion-residual.onnx and training.json.

    python3 train.py                  # the committed recipe
    python3 train.py --epochs 1 --output trial

Nothing is selected during training: the weights of the last epoch are the result. Data set and split are those of
../fashion-small. Batch normalisation stays in the ONNX file as training left it: whoever reads the file folds it.
"""

import argparse
import json
import os
import platform
import sys
import time

import numpy as np
import torch
from torch import nn

from network import Network

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(FOLDER, os.pardir, "fashion-small"))
import dataset      # noqa: E402  (the folder above must be on the path first)
from preparation import as_tensor, augmented      # noqa: E402

NAME = "fashion-residual.onnx"
SEED = 20240608
THREADS = 1             # a sum's order depends on it, hence so do the bytes of the result
EPOCHS = 18
BATCH = 128
PEAK_LEARNING_RATE = 6e-3
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.05


def accuracy(network, images, labels):
    """Share of the images that the network classifies correctly."""
    network.eval()
    with torch.no_grad():
        guesses = torch.cat([network(as_tensor(images[first:first + 500])).argmax(1)
                             for first in range(0, len(images), 500)]).numpy()
    return int((guesses == labels).sum()) / len(images)


def train(epochs, report_accuracy):
    """Trains for the given number of epochs, printing progress, and returns the network."""
    images, labels = dataset.training()
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
            loss = nn.functional.cross_entropy(scores, targets[torch.from_numpy(chosen)],
                                               label_smoothing=LABEL_SMOOTHING)
            loss.backward()
            optimiser.step()
            schedule.step()
            loss_sum += loss.item()
            if epoch == 1 and (batch + 1) % 50 == 0:
                print(f"epoch 1: batch {batch + 1} of {batches}, mean loss {loss_sum / (batch + 1):.4f}, "
                      f"{time.monotonic() - start:.0f} s", flush=True)
        print(f"epoch {epoch} of {epochs}: mean loss {loss_sum / batches:.4f}, "
              f"validation accuracy {report_accuracy(network):.4f}, {time.monotonic() - start:.0f} s", flush=True)
    return network, time.monotonic() - start


def export(network, path):
    """Writes the ONNX file: input `image` [M, 1, 28, 28], output `scores` [M, 10], M free."""
    network.eval()
    torch.onnx.export(network, torch.zeros(1, 1, 28, 28), path, opset_version=13, input_names=["image"],
                      output_names=["scores"], dynamic_axes={"image": {0: "images"}, "scores": {0: "images"}},
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)


def main():
    """Trains, evaluates once on the test images, and writes the two files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", default=FOLDER, help="folder to write to")
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)

    network, seconds = train(arguments.epochs, lambda network: accuracy(network, *dataset.validation()))
    record = {
        "epochs": arguments.epochs,
        "seed": SEED,
        "threads": THREADS,
        "seconds": round(seconds),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "float_accuracy": {
            "validation": accuracy(network, *dataset.validation()),
            "test": accuracy(network, *dataset.test()),
        },
    }
    export(network, os.path.join(arguments.output, NAME))
    with open(os.path.join(arguments.output, "training.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(record, file, indent=2)
        file.write("\n")
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()
