#!/usr/bin/env bash
# Fuzzes dflare's readers: builds tests/fuzz by clang with AddressSanitizer and UndefinedBehaviorSanitizer, and has libFuzzer run each
# target. Exit status 0: nothing was found.
#   scripts/fuzz.sh [--seconds N] [--jobs N] [READER...]
# --seconds  for each reader; default: 3600
# --jobs     readers at once; default: one a core
# READER     of tests/fuzz, for example idx; default: all
# In build-fuzz/fuzz/READER: corpus/ (kept, and begun with by the next run), log, and what was found as crash-*, timeout-*, oom-*.
# In the end it prints how many lines of each reader's source were covered.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

seconds=3600 jobs=$(nproc) readers=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds | --jobs)
      [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || die "$1 takes a whole number, at least 1, but was given: '${2:-}'"
      if [ "$1" = --seconds ]; then seconds=$2; else jobs=$2; fi
      shift 2
      ;;
    -*) die "scripts/fuzz.sh takes --seconds N, --jobs N and names of readers, but was given: $1" ;;
    *) readers+=("$1"); shift ;;
  esac
done

scripts/install-deps.sh --for fuzz
DFLARE_BUILD=build-fuzz DFLARE_LOGS=build-fuzz/logs DFLARE_PRESET=fuzz
configure

# The build's list: a line each, reader and what of the source counts as its coverage.
list=$DFLARE_BUILD/tests/fuzz/readers
mapfile -t all < <(cut -d ' ' -f 1 "$list")
[ "${#all[@]}" -gt 0 ] || die "the build lists no readers in $list"
[ "${#readers[@]}" -gt 0 ] || readers=("${all[@]}")
for reader in "${readers[@]}"; do
  [[ " ${all[*]} " == *" $reader "* ]] || die "there is no reader '$reader'; expected some of: ${all[*]}"
done
build_targets "${readers[@]/#/fuzz_}"

# Targets write small files all the time: into memory, where there is a file system there.
TMPDIR=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
export ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=0
export UBSAN_OPTIONS=print_stacktrace=1
export DFLARE_BUILD

# fuzz READER SECONDS: libFuzzer's exit status. Leaks are not looked for: after an input that took all memory that never ends.
fuzz() {
  local reader=$1 folder=$PWD/$DFLARE_BUILD/fuzz/$1 program
  program=$PWD/$DFLARE_BUILD/tests/fuzz/fuzz_$reader
  mkdir -p "$folder/corpus"
  rm -f "$folder"/*.profraw
  cd "$folder"
  LLVM_PROFILE_FILE=$folder/examples.profraw "$program" --write-examples "$folder/examples" &&
    LLVM_PROFILE_FILE=$folder/run.profraw timeout "$(($2 + 600))" "$program" corpus examples -max_total_time="$2" -timeout=30 \
      -rss_limit_mb=3000 -detect_leaks=0 -max_len=65536 -use_value_profile=1 -print_final_stats=1 -verbosity=1
}
export -f fuzz

echo "Fuzzing ${#readers[@]} readers, $seconds seconds each, $jobs at once"
status=0
for reader in "${readers[@]}"; do
  mkdir -p "$DFLARE_BUILD/fuzz/$reader"
  rm -f "$DFLARE_BUILD/fuzz/$reader/status"
done
printf '%s\n' "${readers[@]}" |
  xargs -P "$jobs" -I '{}' bash -c '(fuzz {} '"$seconds"') >"$DFLARE_BUILD/fuzz/{}/log" 2>&1; echo $? >"$DFLARE_BUILD/fuzz/{}/status"'

printf '%-14s %12s %9s  %s\n' reader inputs result 'lines covered'
for reader in "${readers[@]}"; do
  folder=$DFLARE_BUILD/fuzz/$reader
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log")
  result=ok
  if [ "$(cat "$folder/status" 2>/dev/null)" != 0 ]; then result=FOUND status=1; fi
  covered=
  # A program that was killed leaves none, or an empty one.
  if [ -s "$folder/run.profraw" ] && llvm-profdata merge -o "$folder/profile" "$folder/run.profraw" 2>>"$folder/log"; then
    covered=$(llvm-cov export -format=lcov "$DFLARE_BUILD/tests/fuzz/fuzz_$reader" -instr-profile="$folder/profile" 2>/dev/null |
      awk -v wanted="$(sed -n "s/^$reader //p" "$list")" '
        /^SF:/ { file = substr($0, 4); counts = 0; n = split(wanted, names, " ")
                 for (i = 1; i <= n; ++i) counts += file ~ ("(^|/)" names[i] "$") }
        counts && /^LF:/ { lines += substr($0, 4) }
        counts && /^LH:/ { hit += substr($0, 4) }
        END { if (lines) printf "%d of %d (%.0f %%)", hit, lines, 100 * hit / lines }')
  fi
  printf '%-14s %12s %9s  %s\n' "$reader" "${runs:-0}" "$result" "$covered"
  if [ "$result" = FOUND ]; then
    grep -m 3 -E 'ERROR: |runtime error|is not taken|SUMMARY' "$folder/log" || tail -n 3 "$folder/log"
  fi
done
[ "$status" -eq 0 ] || die "found inputs that a reader does not survive; they and the logs are in $DFLARE_ROOT/$DFLARE_BUILD/fuzz"
