#!/usr/bin/env bash
# Follows README.md as somebody who has nothing but the SDK: an empty home, an empty package folder, a fresh clone of what is committed. Prints minutes and commands to
# the first model, the first explanation and the first served prediction, as docs/first-hour.md has them.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
place=$(mktemp -d)
served=
trap 'if [[ -n $served ]]; then kill "$served" 2>/dev/null || true; fi; rm -rf "$place"' EXIT

# The feeds are the machine's, and all that it knows of them.
mkdir -p "$place/home/.nuget/NuGet"
cp "${HOME}"/.nuget/NuGet/*.[cC]onfig "$place/home/.nuget/NuGet/" 2>/dev/null || true
export HOME=$place/home DOTNET_CLI_HOME=$place/home NUGET_PACKAGES=$place/home/packages MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

SECONDS=0 commands=0
step() { commands=$((commands + 1)); echo "\$ $*"; "$@" </dev/null >"$place/log" 2>&1 || { cat "$place/log"; exit 1; }; }
reached() { echo "$1: $((SECONDS / 60)) min $((SECONDS % 60)) s, $commands commands"; }

cd "$place"
step git clone -q "$root" clone
cd clone
step dotnet msbuild build/Pack.proj -nologo -v:q
step dotnet nuget add source "$PWD/artifacts/packages" --name gradientstability
cd "$place"
step dotnet new install Microsoft.ML.GradientStability.Templates
step dotnet new gradientstability-pipeline -o Wine
cd Wine
step dotnet run
grep -E 'held-out accuracy' "$place/log"
test -s model.zip && test -s model.onnx
reached 'first model'
grep -A 2 'accuracy lost' "$place/log"
test -s report.html
reached 'first explanation'
cd "$place"
step dotnet new gradientstability-service -o WineService
cd WineService
step dotnet build
commands=$((commands + 1))
echo '$ dotnet run -- --model ../Wine/model.onnx --urls http://127.0.0.1:5059 &'
dotnet bin/Debug/net10.0/WineService.dll --model ../Wine/model.onnx --urls http://127.0.0.1:5059 </dev/null >"$place/served" 2>&1 &
served=$!
for _ in {1..100}; do curl -fs http://127.0.0.1:5059/health/ready >/dev/null && break; sleep 0.2; done
commands=$((commands + 1))
row=$(awk -F, 'NR==1{n=NF; for(i=1;i<n;i++) h[i]=$i} NR==2{for(i=1;i<n;i++) printf "%s\"%s\":%s", (i>1?",":""), h[i], $i}' ../Wine/wine.csv)
echo '$ curl http://127.0.0.1:5059/predict -H content-type:application/json -d {…}'
curl -fsS http://127.0.0.1:5059/predict -H 'content-type: application/json' -d "{$row}"
echo
reached 'first served prediction'
