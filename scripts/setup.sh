# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the other scripts: goes to the root of the repository, and has functions for what each needs.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# What every build needs, by the names that Debian and Ubuntu have for it.
# shellcheck disable=SC2034  # used by those that source this
packages=(g++ cmake ninja-build pkg-config libboost-dev libmpfr-dev libgmp-dev libfmt-dev libcli11-dev nlohmann-json3-dev
          libbenchmark-dev libgtest-dev libsimde-dev python3 binutils git)

# say <text>...: what a script is about to do, apart from what its commands print.
say() { printf '== %s\n' "$*" >&2; }

# need_tools <tool>...: exit code 3 where one is not in PATH.
need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || {
      say "there is no $tool here, which this needs"
      exit 3
    }
  done
}

# cores: how many processors may be used.
cores() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }

# cuda_toolkit: the first number of the CUDA toolkit's version in PATH; 0 where there is none.
cuda_toolkit() {
  local release=
  if command -v nvcc >/dev/null; then release=$(nvcc --version 2>/dev/null | sed -n 's/.*release \([0-9]*\)\..*/\1/p') || true; fi
  echo "${release:-0}"
}

# need_packages <package>...: installs those that are missing, on a system that has apt. Says which, and asks for root
# only where something is missing. Exit code 3 where it cannot.
need_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is no Debian or Ubuntu; going on without looking for: $*"
    return
  fi
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "missing: ${missing[*]}"
      say "install them as root, then run this again: apt-get install --no-install-recommends ${missing[*]}"
      exit 3
    fi
    as_root=(sudo)
  fi
  say "installing what is missing: ${missing[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C)
  # What is installed is for everybody, whatever the caller's umask.
  (
    umask 022
    # Of two that install at once one waits; for the lists apt-get itself does not.
    tries=0
    until said=$("${as_root[@]}" apt-get update -qq </dev/null 2>&1); do
      [[ $said == *"Could not get lock"* ]] && ((++tries < 120)) || break
      sleep 5
    done
    [[ -z $said ]] || printf '%s\n' "$said" >&2
    "${as_root[@]}" apt-get install -qq --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}" </dev/null
  ) || {
    say "apt-get could not install: ${missing[*]}"
    exit 3
  }
}

# build <preset> <target> [cmake option...]: configures and builds in build/<preset>, on every core.
build() {
  local preset=$1 target=$2
  shift 2
  need_tools cmake ninja
  say "building $target in build/$preset"
  cmake --preset "$preset" "$@" >&2
  cmake --build --preset "$preset" --target "$target" --parallel "$(cores)" >&2
}
