#!/usr/bin/env bash
# Runs what Windows runs, run.ps1 and test.ps1, under PowerShell, which comes as a .NET tool and runs here too.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script
cd "$root"

mkdir -p artifacts
dotnet tool restore </dev/null >/dev/null
dotnet pwsh -NoProfile -File build/run.ps1 </dev/null
dotnet pwsh -NoProfile -File build/test.ps1 --filter ClassName~ClipperTests </dev/null | tee artifacts/windows.txt
grep -q '^[1-9][0-9]* passed, 0 failed' artifacts/windows.txt
