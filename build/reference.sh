#!/usr/bin/env bash
# Makes the API reference of the packages from their documentation, artifacts/reference/site; a warning is an error.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script
cd "$root"

rm -rf artifacts/reference
dotnet tool restore </dev/null >/dev/null
for project in Hosting Reports Serving.AspNetCore; do
  dotnet build "src/Microsoft.ML.GradientStability.$project" -c Release --nologo -v q </dev/null
done
dotnet docfx docs/docfx.json --warningsAsErrors --logLevel Warning
echo "reference: $(find artifacts/reference/site/api -name '*.html' | wc -l) pages in artifacts/reference/site"
