#!/usr/bin/env bash
# Restores the packages, then runs a benchmark of test/Benchmarks by its name. Further arguments go to the program:
#   build/bench.sh Streaming [rows]
#   build/bench.sh Sparse
#   build/bench.sh Step [page.md] [turns=…] [only=… | only=file]
#   build/bench.sh Growth [page.md] [only=…]
#   build/bench.sh Depth docs/deep-networks.md
#   build/bench.sh HardProblems [order | adding | copy | depth] [T=length] [seeds=number]
#   build/bench.sh Endurance
#   build/bench.sh Tables [page.md | study | categories] [sets=…] [seeds=…] [folds=…] [only=…]
#   build/bench.sh Faults [--seeds first:count] [--half even|odd|all] [--mend every] [--list]
#   build/bench.sh Diagnostics [rounds]
#   build/bench.sh Serving [robust [count] | soak [minutes]]
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

name=${1:-}
if [[ ! -f $root/test/Benchmarks/$name/$name.csproj ]]; then
  echo "bench: name one of" "$(cd "$root/test/Benchmarks" && echo */)" >&2
  exit 2
fi
shift

"$root/build/setup.sh"
exec dotnet run --project "$root/test/Benchmarks/$name" -c Release -- "$@"
