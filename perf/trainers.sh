#!/usr/bin/env bash
# Trains the nets whose errors perf/README.md reports and prints a line for each: perf/trainers.sh [mnist] [fashion] [relu] [order] [binary-order].
# Needs `quotient` on the path and QUOTIENT_DATA; writes models and JSON to the folder OUT (artifacts/trainers by default).
set -euo pipefail
out=${OUT:-artifacts/trainers}
mkdir -p "$out"

# train NAME OPTIONS…: a net, and its last line.
train() {
    local name=$1
    shift
    quotient train "$@" --device "${DEVICE:-cpu}" --quiet --out "$out/$name.safetensors" --json "$out/$name.json"
    /usr/bin/python3 - "$out/$name.json" <<'PY'
import json, os, sys
run = json.load(open(sys.argv[1]))
last, best = run["training"][-1], min(epoch["testError"] for epoch in run["training"])
print(f"{os.path.basename(sys.argv[1])[:-5]:28} epoch {last['epoch']:3}  train {100 * last['trainError']:6.3f} %  test {100 * last['testError']:5.2f} %"
      f"  least test {100 * best:5.2f} %  {run['seconds']:6.1f} s")
PY
}

binary=(--arch binary:784-501-501-10 --optimiser binarynet --schedule cosine:100 --epochs 100)
for what in "${@:-mnist}"; do
    case $what in
    mnist) train binarynet-mnist "${binary[@]}" --learning-rate 300 --data mnist:train --test mnist:test ;;
    fashion) train binarynet-fashion "${binary[@]}" --learning-rate 100 --data fashion-mnist:train --test fashion-mnist:test ;;
    relu)
        train relu-mnist --arch 784-512-512-10 --optimiser sgd --schedule cosine:60 --epochs 60 --stop-at-zero-error \
            --data mnist:train --test mnist:test
        ;;
    order | binary-order)
        arch=784-256-256-10 optimisers="rsgd sgd adv"
        [ "$what" = order ] || { arch=binary:784-501-501-10 optimisers="rbinarynet binarynet adv-binarynet"; }
        for seed in 0 1 2; do
            for optimiser in $optimisers; do
                train "$optimiser-$seed" --arch "$arch" --optimiser "$optimiser" --epochs 40 --seed "$seed" \
                    --data 'mnist:train[0:10000]' --test mnist:test
            done
        done
        ;;
    *) echo "unknown: $what" >&2 && exit 2 ;;
    esac
done
