#!/usr/bin/env bash
# Runs a command under a locale with a decimal comma, in the host program's place: ours must know no
# locale. A whole suite: TESTS_UNDER_HOST_LOCALE=C tests/support/under_comma_locale.sh FOLDER ctest --test-dir build
# (the locale of C alone, as setlocale() sets it: under one of C++ LibTorch saves no model, which many tests do).
#   under_comma_locale.sh FOLDER COMMAND...     FOLDER: for the locale, made where it is missing
set -eu
folder=$1
shift
name=de_DE.UTF-8
if [ ! -e "$folder/$name/LC_NUMERIC" ]; then
  mkdir -p "$folder"
  making=$(mktemp -d "$folder/making.XXXXXX")
  if ! localedef -i de_DE -f UTF-8 "$making/$name" >/dev/null 2>&1; then
    rm -rf "$making"
    echo "skipped: there is no locale $name, and localedef cannot make it (apt-get install locales)"
    exit 77
  fi
  mv -T "$making/$name" "$folder/$name" 2>/dev/null || true  # another test was first
  rm -rf "$making"
fi
# Messages stay English and `ls` in its order: the tests know these of the system.
exec env -u LC_ALL -u LANGUAGE LOCPATH="$folder" LANG="$name" LC_MESSAGES=C LC_COLLATE=C TESTS_UNDER_HOST_LOCALE="${TESTS_UNDER_HOST_LOCALE:-1}" "$@"
