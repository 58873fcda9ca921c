#!/usr/bin/env bash
# Restores the packages, builds everything and runs all the tests; the last line counts them.
# Arguments go to `dotnet test`:  build/test.sh --filter ClassName~Clipper
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
solution=$root/Microsoft.ML.GradientStability.sln
results=$root/TestResults
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

rm -rf "$results"

# One test project after the other: each may use every core.
status=0
{ "$root/build/setup.sh" &&
  dotnet build "$solution" -c Release --no-restore --nologo -v q </dev/null &&
  dotnet test "$solution" -c Release --no-build --nologo -m:1 --logger trx --results-directory "$results" "$@" </dev/null; } || status=$?

read -r passed failed < <(cat "$results"/*.trx 2>/dev/null | awk '
  function count(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
  /<Counters / { passed += count("passed"); failed += count("failed") + count("error") + count("timeout") + count("aborted") }
  END { print passed + 0, failed + 0 }')

if ((status != 0 && failed == 0)); then echo "test: the set-up, the build or a test run broke off, see above (exit status $status)"; fi
if ((status == 0 && passed == 0)); then echo 'test: no test ran'; fi
echo "$passed passed, $failed failed"
((status == 0 && passed > 0 && failed == 0))
