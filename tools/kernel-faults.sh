#!/bin/sh
# Faults planted by hand in the functional model's kernels, each in a copy of the sources: the comparison of all engines with
# the naive reference must fail for every one of them. Prints one line per fault.
set -eu
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z golden-model tests/ReDy.GoldenModel.Tests tests/Directory.Build.props Directory.Build.props Directory.Packages.props \
  .editorconfig global.json ReDy.sln | xargs -0 cp --parents -t "$copy"
engines=golden-model/ReDy.GoldenModel/Functional/Engines
status=0

# fault NAME FILE PATTERN REPLACEMENT: the sed pattern must change the file, and the agreement test must fail.
fault() {
  cp "$engines/$2" "$copy/$engines/$2"
  sed -i "s/$3/$4/" "$copy/$engines/$2"
  if cmp -s "$engines/$2" "$copy/$engines/$2"; then
    echo "$1: the pattern is not in $2" >&2
    status=2
    return
  fi
  dotnet build "$copy/tests/ReDy.GoldenModel.Tests" --nologo -v q -c Release > "$copy/build.log" || { cat "$copy/build.log" >&2; exit 2; }
  if dotnet test "$copy/tests/ReDy.GoldenModel.Tests" --no-build --nologo -c Release --filter "FullyQualifiedName~AgreementTests" > "$copy/test.log" 2>&1; then
    echo "$1: NOT caught"
    status=1
  else
    echo "$1: caught: $(grep -m 1 -o 'seed [0-9]* point [0-9]*: .*' "$copy/test.log")"
  fi
  cp "$engines/$2" "$copy/$engines/$2"
}

if grep -q avx512_vbmi /proc/cpuinfo; then
  fault "wrapping instead of saturating addition (avx512-vbmi)" VbmiLanes.cs "Avx512BW.AddSaturate(a, b)" "a + b"
fi
fault "wrapping instead of saturating addition (avx2)" Avx2Lanes.cs "Avx2.AddSaturate(a, b)" "a + b"
fault "wrong plane mask: a segment covers one step too many" LookupSegments.cs "~(0xfu << first)" "~(0x1fu << first)"
fault "screening bound too loose: one wordline more" ScreenedProductEngine.cs "<= drivenWordlines ?" "<= drivenWordlines + 1 ?"
fault "lost top bit of the cells (lookup)" LookupTables.cs "b < cellBits; b++)\$" "b < Math.Max(1, cellBits - 1); b++)"
fault "lost top bit of the activations (popcounts)" PopcountEngine.cs "lastStep = BitOperations.Log2(steps)" "lastStep = Math.Max(0, BitOperations.Log2(steps) - 1)"
fault "outputs kept in 32 bits although they exceed them" LayerPlan.cs "layer.Rows <= int.MaxValue" "layer.Rows <= long.MaxValue"
exit $status
