#!/usr/bin/env bash
# Builds what perf/gpu.sh needs on a GPU machine without network and .NET: the command, the tests (as a program that runs itself),
# perf/Quotient.Perf and the .NET runtime, as archives in artifacts/gpu/, which git ignores.
#
#   perf/gpu-pack.sh            # then carry artifacts/gpu/ to the machine and run: perf/gpu.sh artifacts/gpu
set -euo pipefail
cd "$(dirname "$0")/.."
readonly OUTPUT=artifacts/gpu LIMIT_MIB=64
readonly BUILD=artifacts/gpu-build

publish() {
  echo "publishing $2"
  dotnet publish "$1" -c Release -r linux-x64 --no-self-contained -o "$BUILD/publish/$2" \
    -p:SatelliteResourceLanguages=en -p:DebugType=none -p:UseAppHost=false -v quiet -nologo "${@:3}"
}

# The runtime that builds of this machine run on: the launcher, the host and the newest framework.
runtime() {
  local root framework
  root="$(dirname "$(readlink -f "$(command -v dotnet)")")"
  framework="$(ls -d "$root"/shared/Microsoft.NETCore.App/10.* | sort -V | tail -n 1)"
  mkdir -p "$BUILD/runtime/shared/Microsoft.NETCore.App"
  cp -r "$root/dotnet" "$root/host" "$root/LICENSE.txt" "$root/ThirdPartyNotices.txt" "$BUILD/runtime/"
  cp -r "$framework" "$BUILD/runtime/shared/Microsoft.NETCore.App/"
}

pack() {
  echo "packing $1"
  tar -C "$BUILD" --sort=name -cf - "$1" | xz -T0 --lzma2=preset=9,dict=128MiB > "$OUTPUT/$1.tar.xz"
}

[ "$(uname -m)" = x86_64 ] || { echo "the runtime is taken from this machine, which must be x86-64" >&2; exit 2; }
rm -rf "$OUTPUT" "$BUILD"
mkdir -p "$OUTPUT" "$BUILD"
publish src/Quotient.Cli cli
publish perf/Quotient.Perf perf
publish tests/Quotient.Tests tests -p:QuotientTestProgram=true
find "$BUILD/publish" -maxdepth 2 -name '*.xml' -delete
runtime
pack publish
pack runtime
rm -rf "$BUILD"

total=$(du -cb "$OUTPUT"/*.tar.xz | tail -n 1 | cut -f 1)
du -h "$OUTPUT"/*.tar.xz
if [ "$total" -gt $((LIMIT_MIB << 20)) ]; then
  echo "the archives have $((total >> 20)) MiB together; they must have at most $LIMIT_MIB" >&2
  exit 1
fi
