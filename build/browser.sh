#!/usr/bin/env bash
# Runs the tests of pages in headless Chromium, test/Browser; CHROMIUM names the browser where it is not on the PATH.
# With a folder named, their screenshots are written there:  build/browser.sh pictures
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [[ ! -x $CHROMIUM ]]; then
  echo "browser: missing: Chromium. Install it (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chrome build/browser.sh" >&2
  exit 1
fi
export CHROMIUM
if (($# > 0)); then
  mkdir -p "$1"
  PICTURES=$(CDPATH='' cd -- "$1" && pwd)
  export PICTURES
fi

exec dotnet test "$root/test/Browser" -c Release --nologo
