#!/usr/bin/env bash
# Makes the packages, installs them in empty projects as a stranger does, and runs these; test/Packages. Arguments go to `dotnet test`.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

exec dotnet test "$root/test/Packages" -c Release --nologo "$@" </dev/null
