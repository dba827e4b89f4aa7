#!/bin/sh
# Random legal configurations, each generated, linted, simulated with stalls and resets, and compared.
# Usage: tools/campaign.sh [arguments of 'redy campaign', such as --points 20 --seed 7 --replay 3]
set -eu
cd "$(dirname "$0")/.."
exec "${REDY:-generator/ReDy.Cli/bin/Release/net10.0/redy}" campaign "$@"
