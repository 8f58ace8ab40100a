#!/usr/bin/env bash
# Everything that is to be done on a machine with a GPU, in one go: the device and its driver, the tests on CUDA and on the GPU's
# OpenCL, compute-sanitizer over the cases of the operations, the benchmark, the comparison with PyTorch and JAX, and the tuner.
#
#   perf/gpu.sh [--stages describe,tests,sanitizer,bench,compare,tune] [--devices cuda,opencl] [--tiny] [FOLDER]
#
# FOLDER holds what perf/gpu-pack.sh packed (publish.tar.xz and runtime.tar.xz) or, unpacked, publish/ and perhaps runtime/; the
# machine then needs neither network nor .NET. Without it, `dotnet` builds here. Writes <device>-<date>.md and .json, and logs
# beside them, into $OUT, else into perf/results; what the tuner finds goes into tuned/ there, to be put into kernels/tuned, and is
# not in the programs of this run. QUOTIENT_TUNE_SECONDS says how long it may take for each kind of device. QUOTIENT_PYTHON names the Python that has PyTorch and JAX. No stage stops the
# others; the exit code is 1 where one failed.
set -uo pipefail
cd "$(dirname "$0")/.."

stages=describe,tests,sanitizer,bench,compare,tune devices=cuda,opencl tiny='' folder=''
while [ $# -gt 0 ]; do
  case "$1" in
    --stages) stages="${2?--stages needs a value}"; shift 2 ;;
    --devices) devices="${2?--devices needs a value}"; shift 2 ;;
    --tiny) tiny=--tiny; shift ;;
    -*) echo "gpu.sh does not know '$1'" >&2; exit 2 ;;
    *) folder="$1"; shift ;;
  esac
done

readonly results="${OUT:-perf/results}"
readonly summary="$(mktemp)"
failed=0
mkdir -p "$results"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

wants() { [[ ",$stages," == *",$1,"* ]]; }
say() { printf '\n== %s\n' "$*"; }
note() { echo "- $*" | tee -a "$summary"; }
fail() { note "$*"; failed=1; }

# ---- what is run ----------------------------------------------------------------------------------------------------------

unpack() {
  local archive
  for archive in publish runtime; do
    if [ -f "$folder/$archive.tar.xz" ] && [ ! -d "$folder/unpacked/$archive" ]; then
      mkdir -p "$folder/unpacked"
      tar -xJf "$folder/$archive.tar.xz" -C "$folder/unpacked" ||
        python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$folder/$archive.tar.xz" "$folder/unpacked"
    fi
  done
  [ -d "$folder/publish" ] || folder="$folder/unpacked"
}

build() {
  folder=artifacts/gpu-local
  dotnet publish src/Quotient.Cli -c Release -o "$folder/publish/cli" -v quiet -nologo &&
    dotnet publish perf/Quotient.Perf -c Release -o "$folder/publish/perf" -v quiet -nologo &&
    dotnet publish tests/Quotient.Tests -c Release -o "$folder/publish/tests" -v quiet -nologo -p:QuotientTestProgram=true
}

if [ -n "$folder" ]; then unpack; else build || exit 2; fi
if [ -x "$folder/runtime/dotnet" ]; then
  DOTNET_ROOT="$(realpath "$folder/runtime")"
  export DOTNET_ROOT PATH="$DOTNET_ROOT:$PATH"
fi
command -v dotnet > /dev/null || { echo "there is no dotnet: neither in PATH nor in '$folder/runtime'" >&2; exit 2; }
quotient() { dotnet "$folder/publish/cli/quotient.dll" "$@"; }
perf() { dotnet "$folder/publish/perf/Quotient.Perf.dll" "$@"; }
readonly tests="$folder/publish/tests/Quotient.Tests.dll"
[ -f "$tests" ] || { echo "'$folder' holds no publish/tests; perf/gpu-pack.sh makes it" >&2; exit 2; }

if [ -z "${QUOTIENT_PYTHON:-}" ]; then
  for python in python3 /usr/bin/python3; do
    if command -v "$python" > /dev/null && "$python" -c 'import torch' 2> /dev/null; then
      QUOTIENT_PYTHON="$(command -v "$python")"
      break
    fi
  done
  export QUOTIENT_PYTHON="${QUOTIENT_PYTHON:-python3}"
fi

# ---- stages ---------------------------------------------------------------------------------------------------------------

describe() {
  say "device and driver"
  if command -v nvidia-smi > /dev/null; then
    nvidia-smi
    note "$(nvidia-smi --query-gpu=name,memory.total,driver_version,clocks.max.sm,clocks.max.mem,power.limit --format=csv,noheader | head -n 1)"
  else
    note "nvidia-smi is not on this machine"
  fi
  quotient devices | tee "$results/devices.txt"
  [ "${PIPESTATUS[0]}" -eq 0 ] && note "self-test: every device is right" || fail "self-test: a device is not right, see devices.txt"
}

# The tests of one kind of device: those that carry its name, such as OpTests("cuda:0") and those of the device itself.
run_tests() {
  local log="$results/tests-$1.log" code
  say "tests on $1"
  dotnet "$tests" --filter "FullyQualifiedName~$1|Name~$1" --progress off --output Detailed > "$log" 2>&1
  code=$?
  grep -E '^failed |^Test run summary|^  (total|failed|succeeded|skipped|duration):' "$log" | tail -n 40
  local counts
  counts="$(grep -E '^  (total|failed|succeeded|skipped):' "$log" | tr -s ' \n' ' ')"
  case $code in
    0) note "tests on $1: passed;$counts" ;;
    8) fail "tests on $1: none ran, the device is not here" ;;
    *) fail "tests on $1: exit code $code;$counts see $(basename "$log")" ;;
  esac
}

# The cases of every operation, under each tool, for so many seconds each. A tool may refuse the machine, which is no error of ours.
run_sanitizer() {
  local tool log seconds="${QUOTIENT_SANITIZER_SECONDS:-140}" code refusal
  say "compute-sanitizer"
  command -v compute-sanitizer > /dev/null || { note "compute-sanitizer is not on this machine"; return; }
  log="$(mktemp)"
  : > "$results/sanitizer.log"
  for tool in memcheck initcheck racecheck synccheck; do
    QUOTIENT_TEST_SEED=1 timeout "$seconds" compute-sanitizer --tool "$tool" --target-processes all --error-exitcode 99 --print-limit 20 \
      dotnet "$tests" --filter 'FullyQualifiedName~OpTests&FullyQualifiedName~cuda&Name~Single_precision' --progress off > "$log" 2>&1
    code=$?
    cat "$log" >> "$results/sanitizer.log"
    refusal="$(grep -i -m 1 'device not supported\|failed to initialize\|unable to inject' "$log")"
    if [ -n "$refusal" ]; then
      note "compute-sanitizer, $tool: does not run here ($refusal)"
    elif [ $code -eq 124 ] && ! grep -q -E '^=========\s+(Invalid|Uninitialized|Error|Race|Barrier|Program hit)' "$log"; then
      note "compute-sanitizer, $tool: nothing found in $seconds s, which did not suffice for all cases"
    elif [ $code -eq 0 ]; then
      note "compute-sanitizer, $tool: nothing found"
    else
      fail "compute-sanitizer, $tool: exit code $code, see sanitizer.log"
    fi
  done
  rm -f "$log"
}

run_bench() {
  say "quotient bench on $1"
  quotient bench --device "$1" ${tiny:+--quick} --json "$results/bench-$1.json" || fail "bench on $1: exit code $?"
}

compare() {
  local peer=cpu
  [ "$1" = cuda ] || command -v nvidia-smi > /dev/null && peer=cuda
  say "comparison with PyTorch and JAX, ours on $1, theirs on $peer, by $QUOTIENT_PYTHON"
  perf gpu --device "$1" --peer-device "$peer" --out "$results" $tiny || fail "comparison on $1: exit code $?"
}

# The tuner stops by itself; the limit is for a driver that does not come back.
run_tuner() {
  local log="$results/tune-$1.log" seconds="${QUOTIENT_TUNE_SECONDS:-300}" code
  say "tuner on $1"
  [ -z "$tiny" ] || seconds=20
  timeout -k 10 $((seconds + 90)) dotnet "$folder/publish/perf/Quotient.Perf.dll" tune --device "$1" --seconds "$seconds" \
    --out "$results/tuned" > "$log" 2>&1
  code=$?
  grep -E '\| kept \||^stopped' "$log"
  if [ $code -eq 0 ]; then
    note "tuner on $1: $(grep -c '| kept |' "$log") tiles beat their default, $(grep -c '^skipped' "$log") candidates skipped; $(tail -n 1 "$log")"
  else
    fail "tuner on $1: exit code $code, see $(basename "$log")"
  fi
}

wants describe && describe
for device in ${devices//,/ }; do wants tests && run_tests "$device"; done
wants compare && compare "${devices%%,*}"
for device in ${devices//,/ }; do wants bench && run_bench "$device"; done
wants sanitizer && run_sanitizer
for device in ${devices//,/ }; do wants tune && run_tuner "$device"; done

say "summary"
cat "$summary"
written="$(ls -t "$results"/*-"$(date -u +%F)".md 2> /dev/null | head -n 1)"
{ printf '\n## Device, tests, tools\n\n'; cat "$summary"; } >> "${written:-$results/summary-$(date -u +%F).md}"
rm -f "$summary"
exit $failed
