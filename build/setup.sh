#!/usr/bin/env bash
# Checks for the .NET SDK and restores the packages of the solution; what is restored already takes seconds.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

sdks=$(dotnet --list-sdks 2>/dev/null) || true
if [[ ! $sdks =~ (^|$'\n')[1-9][0-9]+\. ]]; then
  echo "setup: missing: the .NET 10 SDK. Get it from https://dot.net/download; 'dotnet' has to be on the PATH." >&2
  exit 1
fi
dotnet restore "$root/Microsoft.ML.GradientStability.sln" --nologo -v q </dev/null
echo "setup: ready ($SECONDS s)"
