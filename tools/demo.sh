#!/bin/sh
# Two layers of the trained network in models/, activations of real test images, golden model and Verilog in lockstep under
# the three precision policies. conv3 takes three row blocks, conv4 two passes of the tile.
set -eu
cd "$(dirname "$0")/.."

REDY=${REDY:-generator/ReDy.Cli/bin/Release/net10.0/redy}
network=models/fashion-small

layer() {
  echo "$network/quantised/$1.weights.npy,$network/activations/$1.inputs.npy,$network/quantised/$1.requantise.npz"
}

echo "Tile: $network/tile.yaml. Layers: conv3 and conv4 of $network on real Fashion-MNIST test images."
"$REDY" generate "$network/tile.yaml" --output runs/demo/verilog
exec "$REDY" compare "$network/tile.yaml" --layer "$(layer conv3)" --layer "$(layer conv4)" --output runs/demo
