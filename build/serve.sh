#!/usr/bin/env bash
# Serves a model on http://localhost:5000, with a page to try it on; without one it first trains a small one on the wines of docs/samples/data.
#   build/serve.sh [model.onnx] [options of docs/samples/InferenceService]
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

"$root/build/setup.sh"
if [[ ${1:-} == *.onnx ]]; then
  model=$1
  shift
else
  model=$root/artifacts/wine.onnx
  [[ -f $model ]] || dotnet run --project "$root/docs/samples/InferenceModel" -c Release -- "$model"
fi
exec dotnet run --project "$root/docs/samples/InferenceService" -c Release -- --model "$model" --urls http://localhost:5000 "$@"
