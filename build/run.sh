#!/usr/bin/env bash
# Restores the packages, then runs the main job: docs/samples/QuickStart. Arguments go to the program.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

"$root/build/setup.sh"
exec dotnet run --project "$root/docs/samples/QuickStart" -c Release -- "$@"
