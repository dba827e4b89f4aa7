#!/bin/sh
# 200 random changes of the netlist of a small tile's digital modules. The golden model must notice each one at the tile's
# ports, or a judgement in testbenches/mutants/survivors.yaml must say why it cannot.
# Usage: tools/mutants.sh [further options of 'redy mutants', such as --seed N]
set -eu
cd "$(dirname "$0")/.."

REDY=${REDY:-generator/ReDy.Cli/bin/Release/net10.0/redy}
exec "$REDY" mutants testbenches/mutants/tile.yaml --judged testbenches/mutants/survivors.yaml "$@"
