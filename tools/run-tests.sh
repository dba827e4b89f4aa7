#!/bin/sh
# Runs the built tests and prints, last, the sum over all test projects: "N passed, N failed".
# Usage: tools/run-tests.sh [CONFIGURATION] [further arguments of 'dotnet test', such as --filter EXPRESSION]
set -eu
cd "$(dirname "$0")/.."

configuration=${1:-Release}
[ $# -gt 0 ] && shift
results=build/test-results
rm -rf "$results"

status=0
dotnet test ReDy.sln --no-build --nologo -c "$configuration" --logger trx --results-directory "$results" -v q "$@" || status=$?

# Each project leaves one file with one line of counters.
passed=0
failed=0
for file in "$results"/*.trx; do
  [ -e "$file" ] || continue
  counters=$(grep -o '<Counters [^>]*>' "$file" || true)
  count() { echo "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
  p=$(count passed)
  f=$(count failed)
  e=$(count error)
  a=$(count aborted)
  t=$(count timeout)
  passed=$((passed + ${p:-0}))
  failed=$((failed + ${f:-0} + ${e:-0} + ${a:-0} + ${t:-0}))
done

if [ $((passed + failed)) -eq 0 ]; then
  echo "error: no test ran" >&2
  status=1
elif [ "$failed" -gt 0 ]; then
  status=1
elif [ "$status" -ne 0 ]; then
  echo "error: dotnet test ended with $status although no test failed; see its messages above" >&2
fi

echo "$passed passed, $failed failed"
exit "$status"
