#!/usr/bin/env bash
# Runs the tests that need a real browser, test/*.Browser. Chromium comes from Debian where it is missing, which takes the right to install packages;
# elsewhere the variable CHROMIUM names one. Pictures of the pages are left in the bin folders of these projects.
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 # no build process outlives this script

if [[ -z ${CHROMIUM:-} && ! -x /usr/bin/chromium ]]; then
  echo 'browser: installing chromium'
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
status=0
for project in "$root"/test/*.Browser; do
  dotnet test "$project" -c Release --nologo "$@" </dev/null || status=$?
done
exit "$status"
