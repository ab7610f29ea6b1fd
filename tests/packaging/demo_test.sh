# scripts/demo.sh with stand-ins for what it builds: what it takes for a success, and what not.
. "$(dirname "$0")/expect.sh"

mkdir -p project tools project/build/install/bin project/build/quickstart
cp -r "$source/scripts" project/
demo() { expect_status "$1" env "PATH=$work/tools:$PATH" project/scripts/demo.sh "${@:2}"; }
dflare_test=project/build/install/bin/dflare-test
dflare_repair=project/build/install/bin/dflare-repair
quickstart=project/build/quickstart

# What each stand-in does where all goes well.
success() {
  program tools/cmake ''
  program project/scripts/install-deps.sh ''
  program $quickstart/make_models ''
  program $quickstart/digits_test 'for test in Weights8Bit Weights4Bit Pruned50; do
  mkdir -p "dflare-findings/Digits.$test/3"
  touch "dflare-findings/Digits.$test/3/mutant.png"
  printf "[ RUN      ] Digits.$test\nReplay the first:  dflare-test --dflare_replay=of_$test\n[  FAILED  ] Digits.$test\n"
done
exit 1'
  program $dflare_test 'case "$1" in
  digits.yaml)
    for pair in weights_8bit weights_4bit pruned_50; do
      mkdir -p "from_manifest/$pair/3"
      touch "from_manifest/$pair/3/mutant.png"
      echo "[ dflare   ] $pair: as it should be"
    done ;;
  --dflare_replay=of_Weights4Bit) printf "mutant   /there/mutant.png\nIt deviates: the original says 3, the compressed model 5.\n" ;;
  *) exit 2 ;;
esac
exit 1'
  program $dflare_repair 'echo "Repaired. All of it."'
}

success
demo 0
expect_output "Repaired. All of it."
expect_output "models/lenet5_w4.pt 1 of 300 seed inputs lead to a clear deviation"
expect_output "the original says 3, the compressed model 5."
expect_output "/there/mutant.png"
expect_output "with\\ space/project/build/install/bin/dflare-test --dflare_replay=of_Weights4Bit"

demo 1 now
expect_output "scripts/demo.sh takes no arguments, but was given: now"

program tools/cmake 'echo broken here; exit 3'
demo 1
expect_output "Configuring dflare ... FAILED"
expect_output "broken here"
expect_output "ended with exit status 3"

success
program $quickstart/make_models 'exit 4'
demo 1
expect_output "make_models failed (exit status 4)"

for status in 0 2 139; do
  success
  sed -i "s/^exit 1\$/exit $status/" $quickstart/digits_test
  demo 1
  expect_output "digits_test ended with exit status $status, but 1 was expected"
  success
  sed -i "s/^exit 1\$/exit $status/" $dflare_test
  demo 1
  expect_output "dflare-test ended with exit status $status, but 1 was expected"
done

success
sed -i 's/Weights8Bit Weights4Bit Pruned50/Weights8Bit Weights4Bit/' $quickstart/digits_test
sed -i 's/weights_8bit weights_4bit pruned_50/weights_8bit weights_4bit/' $dflare_test
demo 0
expect_output "models/lenet5_prune50.pt 0 of 300 seed inputs lead to a clear deviation"

success
sed -i 's/^exit 1$/mkdir dflare-findings\/Digits.Pruned50\/4; touch dflare-findings\/Digits.Pruned50\/4\/mutant.png; exit 1/' $quickstart/digits_test
demo 1
expect_output "Digits.Pruned50 found 2 deviations, but pruned_50 of digits.yaml 1; expected as many"

success
sed -i 's/Replay the first/Nothing/' $quickstart/digits_test
demo 1
expect_output "digits_test printed no line to replay a finding"

success
sed -i 's/It deviates/It agrees/' $dflare_test
demo 1
expect_output "It agrees"
expect_output "the finding did not replay (exit status 1)"

success
program $dflare_repair 'echo "Not repaired: gates not met"; exit 1'
demo 1
expect_output "Not repaired: gates not met"
expect_output "dflare-repair did not repair the model (exit status 1)"
finish
