"""Checks the committed files against one another and against the data, with code of its own.

    python3 verify.py              # all checks; 1 and a list of everything that is wrong if any fails
    python3 verify.py --fast       # without the pass over all test images

Nothing here is shared with the exporter except the reader of the data set: shapes come from model.json, a convolution
is a sum over kernel taps instead of im2col, and exported rows are requantised with Python's unbounded integers.
"""

import argparse
import json
import os
import sys

import numpy as np

import dataset

FOLDER = os.path.dirname(os.path.abspath(__file__))
QUANTISED = os.path.join(FOLDER, "quantised")

# Float sums depend on the machine's BLAS in the last bits: so many of the 10,000 images may be classified otherwise.
FLOAT_TOLERANCE_IMAGES = 3


class Problems:
    """Collects every failed check, so that all are reported at once."""

    def __init__(self):
        self.found = []
        self.checks = 0

    def expect(self, condition, message):
        """Records the message unless the condition holds."""
        self.checks += 1
        if not condition:
            self.found.append(message)


def read_layer(description):
    """The arrays of one layer: "weights" and the members of its .npz."""
    arrays = {"weights": np.load(os.path.join(QUANTISED, description["weights"]))}
    with np.load(os.path.join(QUANTISED, description["requantise"])) as file:
        arrays.update(file)
    return arrays


def check_formats(description, arrays, problems):
    """Shapes, types and ranges of a layer's arrays, and how well multiplier and shift meet the scales."""
    name, k, n = description["name"], description["k"], description["n"]
    rows, columns = description["kernel"]
    problems.expect(k == rows * columns * description["input_shape"][2], f"{name}: k is not the kernel's size")
    expected = {"weights": ("|i1", (k, n)), "bias": ("<i4", (n,)), "relu": ("|u1", ())}
    if description["requantised"]:
        expected.update(multiplier=("<i4", (n,)), shift=("<i4", (n,)), zero_point=("<i4", ()))
    problems.expect(set(arrays) == set(expected), f"{name}: has the arrays {sorted(arrays)}")
    for key, (dtype, shape) in expected.items():
        array = arrays[key]
        problems.expect(array.dtype.str == dtype and array.shape == shape and array.flags.c_contiguous,
                        f"{name}.{key}: {array.dtype.str} {array.shape}, expected {dtype} {shape} in C order")
    problems.expect(int(arrays["relu"]) == int(description["relu"]), f"{name}: relu differs from model.json")
    problems.expect(arrays["weights"].min() >= -127, f"{name}: a weight is -128")
    weight_scale = np.array(description["weight_scale"])
    problems.expect(weight_scale.shape == (n,), f"{name}: weight_scale is not one per output")
    accumulator_scale = weight_scale * description["input_scale"]
    if not description["requantised"]:
        problems.expect(len(set(description["weight_scale"])) == 1, f"{name}: raw scores of unequal scale")
        return
    multiplier, shift = arrays["multiplier"].astype(np.int64), arrays["shift"]
    problems.expect(multiplier.min() >= 0 and multiplier.max() < 2**16, f"{name}: a multiplier exceeds 16 bits")
    problems.expect(shift.min() >= 0 and shift.max() <= 62, f"{name}: a shift lies outside 0..62")
    problems.expect(int(arrays["zero_point"]) == description["output_zero_point"], f"{name}: zero point differs")
    ratio = multiplier / 2.0 ** shift
    wanted = accumulator_scale / description["output_scale"]
    problems.expect(np.all(np.abs(ratio / wanted - 1) <= 2.0**-16), f"{name}: multiplier / 2^shift misses its ratio")
    largest = (255 * np.abs(arrays["weights"].astype(np.int64)).sum(axis=0) + np.abs(arrays["bias"].astype(np.int64)))
    problems.expect(largest.max() < 2**31, f"{name}: an accumulator may exceed 32 bits")


def multiply_by_taps(tensor, description, weights):
    """The layer's matrix product as a sum over kernel taps: [M, rows, columns, channels] -> [.., N]."""
    top, left, bottom, right = description["padding"]
    kernel_rows, kernel_columns = description["kernel"]
    row_stride, column_stride = description["stride"]
    rows, columns, outputs = description["product_shape"]
    images, input_rows, input_columns, channels = tensor.shape
    padded = np.zeros((images, top + input_rows + bottom, left + input_columns + right, channels), tensor.dtype)
    padded[:, top:top + input_rows, left:left + input_columns] = tensor
    result = np.zeros((images, rows, columns, outputs), np.result_type(tensor.dtype, weights.dtype))
    for tap in range(kernel_rows * kernel_columns):
        row, column = divmod(tap, kernel_columns)
        seen = padded[:, row:row + rows * row_stride:row_stride, column:column + columns * column_stride:column_stride]
        result += seen @ weights[tap * channels:(tap + 1) * channels]
    return result


def pool(tensor, description):
    """Max pooling as the maximum over its taps."""
    if description["pool"] is None:
        return tensor
    (side, _), (stride, _) = description["pool"]["size"], description["pool"]["stride"]
    rows, columns, _ = description["output_shape"]
    taps = [tensor[:, row:row + rows * stride:stride, column:column + columns * stride:stride]
            for row in range(side) for column in range(side)]
    return np.maximum.reduce(taps)


def requantise(sums, arrays):
    """8-bit codes of y + bias: quotient, plus one where the remainder is at least half of the divisor."""
    sums = np.maximum(sums, 0) if arrays["relu"] else sums
    divisors = np.int64(1) << arrays["shift"].astype(np.int64)
    quotients, remainders = np.divmod(sums.astype(np.int64) * arrays["multiplier"], divisors)
    return np.clip(quotients + (2 * remainders >= divisors) + arrays["zero_point"], 0, 255)


def infer(images, layers):
    """Integer inference: yields (description, arrays, input tensor, output before pooling) of every layer."""
    tensor = images.astype(np.int32)
    for description, arrays in layers:
        sums = multiply_by_taps(tensor, description, arrays["weights"].astype(np.int32)) + arrays["bias"]
        product = requantise(sums, arrays).astype(np.int32) if description["requantised"] else sums
        yield description, arrays, tensor, product
        tensor = pool(product, description)


def requantise_one(total, multiplier, shift, zero_point, relu):
    """The formula literally, in unbounded integers: clamp(floor(total * multiplier / 2^shift + 1/2) + zero_point)."""
    total = max(total, 0) if relu else total
    return min(max((2 * total * multiplier + 2**shift) // 2**(shift + 1) + zero_point, 0), 255)


def check_rows(layers, problems):
    """Exported rows: their formats, that inference sees them there, and that they give the exported outputs."""
    test_images, test_labels = dataset.test()
    for depth, (description, arrays) in enumerate(layers):
        name, n = description["name"], description["n"]
        files = {key: np.load(os.path.join(QUANTISED, description["activations"][key]))
                 for key in ("inputs", "outputs", "rows")}
        count = description["activations"]["images"] * description["activations"]["positions_per_image"]
        expected = {"inputs": ("|u1", (count, description["k"])), "rows": ("<i4", (count, 4)),
                    "outputs": ("|u1" if description["requantised"] else "<i4", (count, n))}
        for key, (dtype, shape) in expected.items():
            array = files[key]
            problems.expect(array.dtype.str == dtype and array.shape == shape and array.flags.c_contiguous,
                            f"{name}.{key}: {array.dtype.str} {array.shape}, expected {dtype} {shape} in C order")
        index, row, column, label = files["rows"].T
        problems.expect(np.array_equal(np.unique(files["rows"], axis=0), files["rows"]),
                        f"{name}.rows: not ascending by image, row and column, or a position occurs twice")
        problems.expect(np.array_equal(label, test_labels[index]), f"{name}.rows: a label differs from the data set")

        # The matrix product of the exported rows, in plain integers.
        sums = files["inputs"].astype(np.int64) @ arrays["weights"].astype(np.int64) + arrays["bias"]
        if description["requantised"]:
            constants = list(zip(arrays["multiplier"].tolist(), arrays["shift"].tolist()))
            outputs = [[requantise_one(total, *constant, int(arrays["zero_point"]), int(arrays["relu"]))
                        for total, constant in zip(line, constants)] for line in sums.tolist()]
        else:
            outputs = sums
        differing = np.argwhere(np.array(outputs) != files["outputs"])
        problems.expect(len(differing) == 0, f"{name}.outputs: {len(differing)} values differ from inputs @ weights, "
                        f"the first at (row, output) = {differing[:1].tolist()}")

        # What integer inference of the same test images has at those positions.
        chosen, place = np.unique(index, return_inverse=True)
        *_, (_, _, tensor, product) = infer(test_images[chosen], layers[:depth + 1])
        seen = product[place, row, column]
        problems.expect(np.array_equal(seen, files["outputs"]), f"{name}.outputs: differ from integer inference")
        (top, left, _, _), (kernel_rows, kernel_columns) = description["padding"], description["kernel"]
        row_stride, column_stride = description["stride"]
        matches = True
        for line, image, first_row, first_column in zip(files["inputs"], place, row * row_stride - top,
                                                        column * column_stride - left):
            position = 0
            for window_row in range(first_row, first_row + kernel_rows):
                for window_column in range(first_column, first_column + kernel_columns):
                    inside = 0 <= window_row < tensor.shape[1] and 0 <= window_column < tensor.shape[2]
                    channels = line[position:position + tensor.shape[3]]
                    matches &= bool(np.all(channels == (tensor[image, window_row, window_column] if inside else 0)))
                    position += tensor.shape[3]
        problems.expect(matches, f"{name}.inputs: differ from integer inference's tensors")


def check_accuracy(model, layers, problems):
    """Classifies all test images with integers, and with the float weights, and compares with model.json."""
    images, labels = dataset.test()
    with np.load(os.path.join(FOLDER, "weights.npz")) as file:
        weights = dict(file)
    correct = {"quantised": 0, "float": 0}
    for start in range(0, len(images), 100):
        batch = images[start:start + 100]
        *_, (_, _, _, scores) = infer(batch, layers)
        tensor = batch / 255
        for description, _ in layers:
            name = description["name"]
            tensor = multiply_by_taps(tensor, description, weights[name + ".weights"].astype(np.float64))
            tensor = tensor + weights[name + ".bias"]
            tensor = pool(np.maximum(tensor, 0) if description["relu"] else tensor, description)
        for kind, outputs in (("quantised", scores), ("float", tensor)):
            guesses = outputs.reshape(len(batch), -1).argmax(axis=1)
            correct[kind] += int((guesses == labels[start:start + 100]).sum())
    for kind, tolerance in (("quantised", 0), ("float", FLOAT_TOLERANCE_IMAGES)):
        stated = round(model["accuracy"][kind]["test"] * len(images))
        print(f"{kind}: {correct[kind]} of {len(images)} test images, model.json says {stated}")
        problems.expect(abs(correct[kind] - stated) <= tolerance, f"{kind}: accuracy differs from model.json")


def main():
    """Runs the checks and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="leave out the pass over all test images")
    fast = parser.parse_args().fast
    with open(os.path.join(QUANTISED, "model.json"), encoding="utf-8") as file:
        model = json.load(file)
    layers = [(description, read_layer(description)) for description in model["layers"]]
    problems = Problems()
    for description, arrays in layers:
        check_formats(description, arrays, problems)
    for (before, _), (after, _) in zip(layers, layers[1:]):
        problems.expect(before["output_shape"] == after["input_shape"]
                        and before["output_scale"] == after["input_scale"],
                        f"{after['name']}: input differs from the output of {before['name']}")
    check_rows(layers, problems)
    if not fast:
        check_accuracy(model, layers, problems)
    for problem in problems.found:
        print(problem, file=sys.stderr)
    print(f"{problems.checks} checks, {len(problems.found)} failed")
    return 1 if problems.found else 0


if __name__ == "__main__":
    sys.exit(main())
