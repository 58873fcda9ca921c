#!/usr/bin/env bash
# Sets the machine up where needed, then runs the benchmark test/Benchmarks/Streaming. Arguments go to the program: the number of rows.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

"$root/build/setup.sh"
exec dotnet run --project "$root/test/Benchmarks/Streaming" -c Release -- "$@"
