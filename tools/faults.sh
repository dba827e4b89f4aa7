#!/bin/sh
# Builds the tile, or the golden model, with every hand-made fault of testbenches/faults in turn: each must be caught by a report
# that names the module it is in. Further arguments go to 'dotnet test'.
set -eu
cd "$(dirname "$0")/.."
export REDY_FAULTS=all
exec dotnet test tests/ReDy.Simulation.Tests --no-build --nologo -c "${CONFIGURATION:-Release}" \
  --filter "FullyQualifiedName~FaultTests" --logger "console;verbosity=normal" "$@"
