#!/usr/bin/env bash
# Sets this machine up: finds where ML.NET, TorchSharp and ONNX Runtime can come from (DependencySource.props says what there is
# to choose from), installs what that needs, and remembers it in .deps/. What was answered before is not asked again.
#
#   DependencySource=official|polyfill build/setup.sh     decides instead of probing
set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root"

libraries=(libtorch-dev libopenblas0-openmp)
tools=(cmake make g++)
libdir=/usr/lib/x86_64-linux-gnu
npm_package=com.github.asus4.onnxruntime
npm_version=0.4.9
npm_integrity=sha512-BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==
npm_folder=.deps/npm/node_modules/$npm_package
native=src/Polyfills/TorchSharp/native
shim=.deps/native/lib/libgradientstability_torch.so
log=.deps/setup.log

say() { printf 'setup: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# step TEXT COMMAND...: one line with the seconds it took; the log holds what the last command said.
step() {
  local text=$1 start=$SECONDS
  shift
  printf 'setup: %s ... ' "$text"
  if "$@" </dev/null >"$log" 2>&1; then
    printf '%d s\n' $((SECONDS - start))
  else
    printf 'failed\n'
    tail -n 15 "$log" >&2
    fail "could not $text; the whole log: $log"
  fi
}

digest() { sha256sum | cut -c1-16; }

# ---- which source: official where the feeds have it

# What can be restored hangs on the versions asked for, and on the feeds of this user and of the folders above.
probe_inputs() {
  local folder=$root
  cat build/{Packages,Common}.props build/Dependencies.targets build/Probe.proj
  cat ~/.nuget/NuGet/NuGet.Config ~/.nuget/config/*.config ~/.config/NuGet/NuGet.Config || true
  while :; do
    cat "$folder"/[Nn]u[Gg]et.[Cc]onfig || true
    [[ $folder != / ]] || break
    folder=$(dirname -- "$folder")
  done
} 2>/dev/null

probe() {
  local start=$SECONDS answer=found
  printf 'setup: ask the feeds for the official packages ... '
  dotnet restore build/Probe.proj -p:ProbeAll=true --nologo -v q --disable-build-servers </dev/null >"$log" 2>&1 || answer='not there'
  printf '%s, %d s\n' "$answer" $((SECONDS - start))
  [[ $answer == found ]]
}

# ---- what the polyfills need

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

has_onnxruntime() {
  [[ -s $npm_folder/Plugins/Linux/x64/libonnxruntime.so ]] && grep -qsF "$npm_integrity" .deps/npm/node_modules/.package-lock.json
}

missing_packages() {
  local name
  for name in "${libraries[@]}"; do installed "$name" || echo "$name"; done
  for name in "${tools[@]}"; do command -v "$name" >/dev/null || echo "$name"; done
  has_onnxruntime || command -v npm >/dev/null || echo npm
}

# LibTorch calls the BLAS that Debian's alternatives choose: the reference one is 15 times slower a thread, and the pthread build
# of OpenBLAS does not obey torch.set_num_threads. The first two names load the third.
misdirected_blas() {
  local name
  for name in libblas.so.3 liblapack.so.3 libopenblas.so.0; do
    [[ $(readlink -f "$libdir/$name") == "$libdir"/openblas-openmp/* ]] || echo "$name"
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# need_root WHAT COMMAND: the command is what the reader may run instead.
need_root() {
  if ((EUID == 0)); then return; fi
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }; }; then return; fi
  fail "$1. Run as root: $2"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@"; }

# The lists of packages may be missing, or older than the archive.
install_packages() {
  apt_get install --no-install-recommends "$@" || { apt_get update && apt_get install --no-install-recommends "$@"; }
}

choose_blas() {
  local name
  for name in "$@"; do
    as_root update-alternatives --set "$name-x86_64-linux-gnu" "$libdir/openblas-openmp/$name" || return
  done
}

restore_onnxruntime() {
  rm -rf .deps/npm && mkdir -p .deps/npm &&
    npm install --prefix .deps/npm --no-audit --no-fund --no-package-lock --ignore-scripts "$npm_package@$npm_version" || return
  has_onnxruntime || { echo "$npm_package $npm_version is not the package that this script was written for."; return 1; }
  # 350 MB for other systems.
  rm -rf "$npm_folder"/{Editor,Plugins/{Android,iOS~,macOS,Windows}}
}

shim_inputs() {
  dpkg-query -W libtorch-dev
  find "$native" -type f -exec sha256sum {} + | LC_ALL=C sort
}

build_shim() {
  # CMake refuses a cache that was made for another folder.
  grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root/$native" .deps/native/build/CMakeCache.txt || rm -rf .deps/native
  CMAKE_BUILD_PARALLEL_LEVEL=$(nproc)
  export CMAKE_BUILD_PARALLEL_LEVEL
  cmake -S "$native" -B .deps/native/build -DCMAKE_BUILD_TYPE=Release &&
    cmake --build .deps/native/build &&
    cmake --install .deps/native/build --prefix .deps/native
}

set_up_polyfills() {
  local missing blas
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]})); then
    if ! command -v apt-get >/dev/null || [[ $(dpkg --print-architecture) != amd64 ]]; then
      fail "missing: ${missing[*]}, packages of Debian 12 on amd64. Elsewhere a NuGet feed has to hold the official packages."
    fi
    need_root "missing: ${missing[*]}" "apt-get install ${missing[*]}"
    step "install ${missing[*]}" install_packages "${missing[@]}"
  fi

  mapfile -t blas < <(misdirected_blas)
  if ((${#blas[@]})); then
    need_root "${blas[*]} in $libdir: not those of OpenBLAS with OpenMP" \
      "update-alternatives --set NAME-x86_64-linux-gnu $libdir/openblas-openmp/NAME for each of these names"
    step "choose OpenBLAS with OpenMP as the BLAS of this machine" choose_blas "${blas[@]}"
    mapfile -t blas < <(misdirected_blas)
    ((${#blas[@]} == 0)) || fail "${blas[*]} in $libdir do not lead to openblas-openmp; see update-alternatives --display."
  fi

  has_onnxruntime || step 'restore ONNX Runtime from npm' restore_onnxruntime

  shim_key=$(shim_inputs | digest)
  [[ $shim_key == "$known_shim_key" && -s $shim ]] || step 'build the LibTorch shim' build_shim
}

# ---- the steps

case ${DependencySource:-} in
  '' | official | polyfill) ;;
  *) fail "DependencySource is '$DependencySource'; it can be 'official' or 'polyfill'." ;;
esac

sdks=$(dotnet --list-sdks 2>/dev/null) || true
[[ $sdks =~ (^|$'\n')[1-9][0-9]+\. ]] || fail "missing: the .NET 10 SDK. Get it from https://dot.net/download; 'dotnet' has to be on the PATH."

mkdir -p .deps
known='' source='' probe_key='' shim_key='' known_shim_key=''
if [[ -f .deps/known ]]; then
  known=$(<.deps/known)
  read -r source probe_key known_shim_key <<<"$known"
  shim_key=$known_shim_key
fi

if [[ -n ${DependencySource:-} ]]; then
  source=$DependencySource probe_key=given
elif [[ $probe_key != "$(probe_inputs | digest)" ]]; then
  probe_key=$(probe_inputs | digest)
  if probe; then source=official; else source=polyfill; fi
fi

if [[ $source == polyfill ]]; then set_up_polyfills; fi

if [[ $known != "$source $probe_key $shim_key" || ! -f .deps/source.props ]]; then
  cat >.deps/source.props <<XML
<Project>
  <PropertyGroup>
    <DependencySource Condition="'\$(DependencySource)' == ''">$source</DependencySource>
  </PropertyGroup>
</Project>
XML
  echo "$source $probe_key $shim_key" >.deps/known
fi
say "ready, DependencySource=$source ($SECONDS s)"
