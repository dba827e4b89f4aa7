#!/bin/sh
# Installs what is missing of the Debian packages that the build, the simulations and the tests need. Says what it installs
# and why; asks for root through sudo only if something is missing. With everything in place it takes no time.
set -eu
cd "$(dirname "$0")/.."

missing=""
reasons=""

# need PROBE PACKAGE REASON: PROBE is a command, or the full path of a file.
need() {
  case $1 in
    /*) [ -e "$1" ] && return ;;
    *) command -v "$1" > /dev/null 2>&1 && return ;;
  esac
  missing="$missing $2"
  reasons="$reasons  $2: $3
"
}

need verilator verilator "simulates the Verilog in lockstep with the golden model"
need clang++ clang "compiles the simulations, a third faster ones than g++"
need g++ g++ "brings the C++ standard library that clang++ uses"
need /usr/include/zlib.h zlib1g-dev "compresses waveforms"
need iverilog iverilog "checks the Verilog a second time"
need yosys yosys "checks what synthesis makes of the Verilog, maps it to library cells"
need sta opensta "times the mapped netlist"
cells=qflow-tech-osu018
[ -n "${REDY_LIBERTY:-}" ] || need /usr/share/qflow/tech/osu018/osu018_stdcells.lib "$cells" "the standard cells (OSU, 180 nm) that it is mapped to"
need /usr/share/datasets/fashion-mnist dataset-fashion-mnist "the images of the demonstration"

# 'dotnet --version' fails inside this folder when the SDK that global.json asks for is not installed.
sdk=$(dotnet --version 2> /dev/null || true)
case $sdk in
  [1-9][0-9].*) ;;
  *)
    echo "error: the .NET 10 SDK is missing${sdk:+ (found $sdk)}; install it from https://dotnet.microsoft.com/download and put dotnet into PATH" >&2
    exit 2
    ;;
esac

[ -z "$missing" ] && exit 0

printf 'These Debian packages are missing:\n%s' "$reasons"
if ! command -v apt-get > /dev/null 2>&1; then
  echo "error: there is no apt-get here; install these programs as your system does:$missing" >&2
  exit 2
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null 2>&1; then
    echo "error: installing needs root and there is no sudo; run as root: apt-get install$missing" >&2
    exit 2
  fi
  as_root="sudo"
  echo "Installing them with sudo apt-get install."
fi

# shellcheck disable=SC2086 # the lists of words are meant to split
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; }

# Releases after Debian 12 do not have the cells: the rest is installed without them.
without_cells() {
  case $missing in
    *" $cells"*) apt-cache show "$cells" > /dev/null 2>&1 && return 1 ;;
    *) return 1 ;;
  esac
  missing=${missing%" $cells"*}${missing#*" $cells"}
  echo "note: this release of Debian has no package $cells: for synthesis and its tests name a Liberty file with REDY_LIBERTY, such as the one of Debian 12's package"
  [ -z "$missing" ] || install
}

# The package lists may be old or absent (a fresh container): they are fetched only if the first try fails.
if ! install && ! { $as_root apt-get update && { install || without_cells; }; }; then
  echo "error: apt-get could not install:$missing; see its messages above" >&2
  exit 2
fi
