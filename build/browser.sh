#!/usr/bin/env bash
# Tries the page of docs/samples/InferenceService in a real browser. Chromium comes from Debian where it is missing, which takes the right to install
# packages; elsewhere the variable CHROMIUM names one. Pictures of the page are left in test/InferenceService.Browser/bin.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

if [[ -z ${CHROMIUM:-} && ! -x /usr/bin/chromium ]]; then
  echo 'browser: installing chromium'
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
exec dotnet test "$root/test/InferenceService.Browser" -c Release --nologo "$@" </dev/null
