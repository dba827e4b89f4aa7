"""Quantises weights.npz to 8 bits and exports matrices, requantisation and real activations. Needs numpy only.

    python3 quantise.py export     # writes quantised/ and activations/
    python3 quantise.py check      # exports elsewhere and compares with the committed files; exit 1 if they differ
    python3 quantise.py choose     # prints the validation accuracy of each clipping candidate

The export must be repeatable to the byte. Calibration therefore measures the integer accumulators of the layers that are
already quantised (exact sums) and never sums floating-point numbers, whose rounding depends on the machine's BLAS.
"""

import argparse
import filecmp
import json
import math
import os
import re
import sys
import tempfile

import numpy as np

import dataset
from integer_network import ACTIVATION_MAXIMUM, QuantisedLayer, accuracy, run
from network import IM2COL_ORDER, LAYERS, lower

FOLDER = os.path.dirname(os.path.abspath(__file__))

WEIGHT_MAXIMUM = 127            # symmetric: -128 is not used
MULTIPLIER_BITS = 16
LARGEST_SHIFT = 62
CALIBRATION_IMAGES = 500        # every 110th training image

# The share of a layer's outputs that may lie above the code 255 in calibration. Chosen on the validation images
# (`choose`); the figures stand in README.md.
CLIPPED_SHARE = 0
CLIPPED_SHARE_CANDIDATES = (0, 1e-5, 1e-4, 1e-3, 3e-3)

# Exported activations: from so many test images, so many output positions each. All test images are spread evenly.
EXPORTED_ROWS = {
    "conv1": (16, 64),
    "conv2": (16, 64),
    "conv3": (16, 64),
    "conv4": (32, 16),
    "dense1": (256, 1),
    "dense2": (256, 1),
}


def quantise_weights(layer, weights):
    """float32 [K, N] -> (int8 [K, N], float64 scale [N]). One scale per output; the last layer has one for all.

    The scores of the last layer are compared with one another as raw accumulators, so they must share their unit.
    """
    weights = weights.astype(np.float64)
    peaks = np.abs(weights).max(axis=0)
    if not layer.relu:
        peaks = np.full_like(peaks, peaks.max())
    scale = np.where(peaks > 0, peaks / WEIGHT_MAXIMUM, 1.0)
    return np.rint(weights / scale).astype(np.int8), scale


def quantise_bias(bias, accumulator_scale):
    """float32 [N] -> int32 [N] in units of the accumulator."""
    codes = np.rint(bias.astype(np.float64) / accumulator_scale)
    if np.abs(codes).max() >= 2**31:
        raise SystemExit("a bias does not fit in 32 bits: its output's weights are too small for it")
    return codes.astype(np.int32)


def multiplier_and_shift(ratio):
    """The largest multiplier below 2^16 and the shift with multiplier / 2^shift nearest to the given positive ratio."""
    fraction, exponent = math.frexp(ratio)                      # ratio = fraction * 2^exponent, 0.5 <= fraction < 1
    multiplier, shift = round(fraction * 2**MULTIPLIER_BITS), MULTIPLIER_BITS - exponent
    if multiplier == 2**MULTIPLIER_BITS:
        multiplier, shift = multiplier >> 1, shift - 1
    if shift > LARGEST_SHIFT:
        multiplier, shift = round(ratio * 2**LARGEST_SHIFT), LARGEST_SHIFT
    if shift < 0:
        raise SystemExit(f"the ratio {ratio} of accumulator to output scale needs a multiplier of more than 16 bits")
    return multiplier, shift


def output_scale(values, clipped_share):
    """The real value of one output code, so that the given share of the calibration outputs lies above code 255."""
    above = int(clipped_share * values.size)
    index = values.size - 1 - above
    return float(np.partition(values.ravel(), index)[index]) / ACTIVATION_MAXIMUM


def quantise(weights, clipped_share):
    """Quantises layer after layer, each calibrated on the codes that the layers before it really deliver.

    Returns the quantised layers and, per layer, its scales: "input" (float), "weights" (float64 [N]), "output" (float).
    """
    images, _ = dataset.training()
    tensor = images[::len(images) // CALIBRATION_IMAGES][:CALIBRATION_IMAGES]
    input_scale = 1 / 255                                       # the network was trained on pixels in 0..1
    quantised_layers, scales = [], []
    for layer in LAYERS:
        codes, weight_scale = quantise_weights(layer, weights[layer.name + ".weights"])
        accumulator_scale = input_scale * weight_scale
        bias = quantise_bias(weights[layer.name + ".bias"], accumulator_scale)
        quantised = QuantisedLayer(layer, codes, bias)
        if layer.relu:
            sums = quantised.accumulate(lower(layer, tensor))
            scale = output_scale(np.maximum(sums, 0) * accumulator_scale, clipped_share)
            pairs = [multiplier_and_shift(ratio) for ratio in (accumulator_scale / scale).tolist()]
            quantised = QuantisedLayer(layer, codes, bias, np.array([pair[0] for pair in pairs], np.int32),
                                       np.array([pair[1] for pair in pairs], np.int32), zero_point=0)
        else:
            scale = float(accumulator_scale[0])                 # raw accumulators
        quantised_layers.append(quantised)
        scales.append({"input": input_scale, "weights": weight_scale, "output": scale})
        tensor = run([quantised], tensor)
        input_scale = scale
    return quantised_layers, scales


def exported_positions(layer, images):
    """The rows to export: int32 [M, 3] of (index among the images, output row, output column), ascending.

    Positions follow one walk through the output with a step that is coprime to its size and near its golden section,
    continued from image to image: spread evenly, different from image to image, and free of any random generator.
    """
    _, per_image = EXPORTED_ROWS[layer.name]
    rows, columns, _ = layer.product_shape
    size = rows * columns
    step = round(size * (math.sqrt(5) - 1) / 2)
    while math.gcd(step, size) != 1:
        step += 1
    result = []
    for image in range(images):
        walk = ((image * per_image + visit) * step % size for visit in range(per_image))
        result += [(image, *divmod(position, columns)) for position in sorted(walk)]
    return np.array(result, np.int32)


def save_array(path, array, dtype):
    """Writes a little-endian, C-ordered .npy file; the values must survive the conversion."""
    converted = np.ascontiguousarray(array, dtype)
    assert np.array_equal(converted, array), path
    np.save(path, converted)


def save_layers(folder, quantised_layers):
    """Writes <layer>.weights.npy and <layer>.requantise.npz."""
    for quantised in quantised_layers:
        name = quantised.layer.name
        save_array(os.path.join(folder, name + ".weights.npy"), quantised.weights, "|i1")
        arrays = {"bias": quantised.bias.astype("<i4"), "relu": np.array(quantised.layer.relu, "|u1")}
        if quantised.multiplier is not None:
            arrays["multiplier"] = quantised.multiplier.astype("<i4")
            arrays["shift"] = quantised.shift.astype("<i4")
            arrays["zero_point"] = np.array(quantised.zero_point, "<i4")
        np.savez(os.path.join(folder, name + ".requantise.npz"), **arrays)


def save_activations(folder, quantised_layers):
    """Writes <layer>.inputs.npy, <layer>.outputs.npy and <layer>.rows.npy, from test images."""
    images, labels = dataset.test()
    for depth, quantised in enumerate(quantised_layers):
        layer = quantised.layer
        count, _ = EXPORTED_ROWS[layer.name]
        chosen = np.arange(count) * len(images) // count
        lowered = lower(layer, run(quantised_layers[:depth], images[chosen]))
        image, row, column = exported_positions(layer, count).T
        inputs = lowered[image, row, column]
        outputs = quantised.products(lowered)[image, row, column]
        sources = np.stack([chosen[image], row, column, labels[chosen[image]]], axis=1)
        save_array(os.path.join(folder, layer.name + ".inputs.npy"), inputs, "|u1")
        save_array(os.path.join(folder, layer.name + ".outputs.npy"), outputs, "|u1" if layer.relu else "<i4")
        save_array(os.path.join(folder, layer.name + ".rows.npy"), sources, "<i4")


def describe(quantised_layers, scales):
    """The content of model.json."""
    with open(os.path.join(FOLDER, "training.json"), encoding="utf-8") as file:
        float_accuracy = json.load(file)["float_accuracy"]
    layers = []
    for quantised, scale in zip(quantised_layers, scales):
        layer = quantised.layer
        exported = EXPORTED_ROWS[layer.name]
        layers.append({
            "name": layer.name,
            "kind": layer.kind,
            "k": layer.k,
            "n": layer.outputs,
            "input_shape": list(layer.input_shape),
            "kernel": [layer.kernel, layer.kernel],
            "stride": [layer.stride, layer.stride],
            "padding": [layer.padding] * 4,
            "product_shape": list(layer.product_shape),
            "relu": layer.relu,
            "requantised": quantised.multiplier is not None,
            "pool": None if layer.pool == 1 else {"kind": "max", "size": [layer.pool] * 2, "stride": [layer.pool] * 2},
            "output_shape": list(layer.output_shape),
            "input_scale": scale["input"],
            "input_zero_point": 0,
            "weight_scale": scale["weights"].tolist(),
            "output_scale": scale["output"],
            "output_zero_point": 0,
            "weights": layer.name + ".weights.npy",
            "requantise": layer.name + ".requantise.npz",
            "activations": {
                "inputs": f"../activations/{layer.name}.inputs.npy",
                "outputs": f"../activations/{layer.name}.outputs.npy",
                "rows": f"../activations/{layer.name}.rows.npy",
                "images": exported[0],
                "positions_per_image": exported[1],
            },
        })
    return {
        "name": "fashion-small",
        "dataset": "Fashion-MNIST",
        "shapes": "rows, columns, channels",
        "padding": "top, left, bottom, right",
        "im2col": IM2COL_ORDER,
        "calibration": {"images": CALIBRATION_IMAGES, "clipped_share": CLIPPED_SHARE},
        "accuracy": {
            "float": float_accuracy,
            "quantised": {"validation": accuracy(quantised_layers, *dataset.validation()),
                          "test": accuracy(quantised_layers, *dataset.test())},
        },
        "layers": layers,
    }


def save_json(path, content):
    """Writes JSON with two spaces of indentation and lists of numbers on one line."""
    text = json.dumps(content, indent=2)
    text = re.sub(r"\[[^\[\]{}\"]*\]", lambda numbers: "[" + " ".join(numbers[0][1:-1].split()) + "]", text)
    assert json.loads(text) == content
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")


def load_weights():
    """The float weights of the trained network."""
    with np.load(os.path.join(FOLDER, "weights.npz")) as file:
        return dict(file)


def export(folder):
    """Writes quantised/ and activations/ into the given folder."""
    quantised_layers, scales = quantise(load_weights(), CLIPPED_SHARE)
    content = describe(quantised_layers, scales)
    for name in ("quantised", "activations"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    save_layers(os.path.join(folder, "quantised"), quantised_layers)
    save_json(os.path.join(folder, "quantised", "model.json"), content)
    save_activations(os.path.join(folder, "activations"), quantised_layers)
    figures = content["accuracy"]
    for kind in ("float", "quantised"):
        print(f"{kind}: validation {figures[kind]['validation']:.4f}, test {figures[kind]['test']:.4f}")


def check():
    """Exports again and names every file that differs from the committed one. Returns the exit code."""
    differing = []
    with tempfile.TemporaryDirectory() as folder:
        export(folder)
        for name in ("quantised", "activations"):
            fresh, committed = os.path.join(folder, name), os.path.join(FOLDER, name)
            names = sorted(set(os.listdir(fresh)) | set(os.listdir(committed)))
            _, mismatches, errors = filecmp.cmpfiles(fresh, committed, names, shallow=False)
            differing += [f"{name}/{file}" for file in sorted(mismatches + errors)]
    for file in differing:
        print(f"{file} differs from what weights.npz exports: run `make export`", file=sys.stderr)
    return 1 if differing else 0


def choose():
    """Prints the accuracy on the validation images under each clipping candidate."""
    weights = load_weights()
    for clipped_share in CLIPPED_SHARE_CANDIDATES:
        quantised_layers, scales = quantise(weights, clipped_share)
        print(f"clipped share {clipped_share:g}: validation accuracy "
              f"{accuracy(quantised_layers, *dataset.validation()):.4f}, output scales "
              + " ".join(f"{scale['output']:.4g}" for scale in scales[:-1]), flush=True)


def main():
    """Runs the sub-command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("export", "check", "choose"))
    command = parser.parse_args().command
    if command == "export":
        export(FOLDER)
    elif command == "check":
        return check()
    else:
        choose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
