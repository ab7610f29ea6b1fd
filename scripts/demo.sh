#!/usr/bin/env bash
# Installs what is missing, builds and installs dflare (to build/install), builds examples/quickstart against it, and runs
# that: a classifier of digits is trained, compressed in three ways, and tested under everyday changes of the images. The tests of the
# coarser compressions are meant to fail. Then the 4-bit model is repaired and tested again. Exit status 0: deviations were found, twice alike,
# one of them was replayed, and the repair met its gates.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -eq 0 ] || die "scripts/demo.sh takes no arguments, but was given: $*"

install=$DFLARE_ROOT/$DFLARE_BUILD/install
quickstart=$DFLARE_ROOT/$DFLARE_BUILD/quickstart

build_quickstart() {
  cmake -S examples/quickstart -B "$quickstart" -G Ninja "-DCMAKE_PREFIX_PATH=$install" \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache &&
    cmake --build "$quickstart" --parallel "$(nproc)"
}

# findings FOLDER: how many there are below it.
findings() {
  if [ -d "$1" ]; then find "$1" -name mutant.png | wc -l; else echo 0; fi
}

scripts/install-deps.sh --for demo
configure
build_targets dflare_package
run_step "Installing it to $DFLARE_BUILD/install" install cmake --install "$DFLARE_BUILD" --prefix "$install"
run_step "Building examples/quickstart against it" quickstart build_quickstart

cd "$quickstart"
rm -rf models seeds unseen dflare-findings from_manifest repair
printf '\nTraining a LeNet-5 on digits, and compressing it (some 10 s):\n'
./make_models || die "make_models failed (exit status $?)"

printf '\nTesting the compressed models on digits that are turned, moved and lit differently (some 20 s). The coarser ones are meant to fail:\n'
status=0
./digits_test | tee digits_test.log || status=$?
[ "$status" -eq 1 ] || die "digits_test ended with exit status $status, but 1 was expected: failed expectations"

printf '\nThe same once more, from the manifest digits.yaml, without any C++ (some 20 s):\n'
status=0
"$install/bin/dflare-test" digits.yaml --dflare_out=from_manifest >manifest.log 2>&1 || status=$?
grep '^\[ dflare ' manifest.log || true
[ "$status" -eq 1 ] || {
  tail -n 40 manifest.log >&2
  die "dflare-test ended with exit status $status, but 1 was expected: failed expectations"
}

summary=
while read -r suite pair model; do
  by_test=$(findings "dflare-findings/Digits.$suite") by_manifest=$(findings "from_manifest/$pair")
  [ "$by_test" -eq "$by_manifest" ] ||
    die "Digits.$suite found $by_test deviations, but $pair of digits.yaml $by_manifest; expected as many"
  summary+=$(printf '  %-26s %d of 300 seed inputs lead to a clear deviation' "$model" "$by_test")$'\n'
done <<EOF
Weights8Bit weights_8bit models/lenet5_w8.pt
Weights4Bit weights_4bit models/lenet5_w4.pt
Pruned50 pruned_50 models/lenet5_prune50.pt
EOF

# The deviation of largest regret that 4-bit weights brought.
replay=$(sed -n '/RUN.*Weights4Bit/,/FAILED/s/^Replay the first: *dflare-test //p' digits_test.log)
[ -n "$replay" ] || die "digits_test printed no line to replay a finding; see $quickstart/digits_test.log"
status=0
bash -c "\"\$0\" $replay" "$install/bin/dflare-test" >replay.log 2>&1 || status=$?
[ "$status" -eq 1 ] && grep -q '^It deviates' replay.log || {
  cat replay.log >&2
  die "the finding did not replay (exit status $status)"
}

printf '\nRepairing the model of 4-bit weights on these images, and testing it again on others (a minute):\n'
status=0
"$install/bin/dflare-repair" repair.yaml --progress off >repair.log 2>&1 || status=$?
[ "$status" -eq 0 ] || {
  cat repair.log >&2
  die "dflare-repair did not repair the model (exit status $status)"
}
sed -n '1p;/^ *before  *control  *repaired/p;/worst unseen.*repaired/p;/first unseen.*repaired/p;/mean worst regret/p;/everyday()/p;/labels unlike/p;/distinct weights/p' repair.log

cat <<EOF

----------------------------------------------------------------------------------------------------
dflare compared models/lenet5.pt with three compressed versions of it and found:
$summary
One of them, replayed in a process of its own: $(sed -n 's/^It deviates[^:]*: //p' replay.log)
$(sed -n 's/^\(seed\|mutant\|difference\)  *\(\/.*\)/  \2/p' replay.log)
All others lie beside it, below $quickstart/dflare-findings/
Replay it:  $(printf '%q' "$install/bin/dflare-test") $replay
Repaired model: $quickstart/repair/repaired.pt (report.txt beside it; still 4-bit weights)
Read next:  README.md, and in examples/quickstart: digits_test.cpp (the tests), digits.yaml (the same as manifest)
EOF
