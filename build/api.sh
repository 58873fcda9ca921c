#!/usr/bin/env bash
# Writes the public members of each package into its PublicAPI.Unshipped.txt, those that PublicAPI.Shipped.txt has not. What the file says is what a
# reviewer reads; a build fails where it says something else than the code.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

for api in "$root"/src/*/PublicAPI.Unshipped.txt; do
  project=$(dirname -- "$api")
  printf '#nullable enable\n' >"$api"
  dotnet build "$project" -c Release --nologo -v m -p:TreatWarningsAsErrors=false </dev/null |
    sed -n "s/^.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API.*\/$(basename -- "$project").csproj\]$/\1/p" | LC_ALL=C sort -u >"$api.new"
  cat "$api.new" >>"$api"
  rm "$api.new"
  echo "api: $(basename -- "$project"), $(($(wc -l <"$api") - 1)) members"
done
