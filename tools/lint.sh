#!/bin/sh
# Style of the C# sources (the compiler's own rules are errors of the build already) and of the shell scripts.
set -eu
cd "$(dirname "$0")/.."

dotnet format ReDy.sln whitespace --verify-no-changes --no-restore
if command -v shellcheck > /dev/null 2>&1; then
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
else
  echo "shellcheck is not installed: shell scripts were not checked" >&2
fi
