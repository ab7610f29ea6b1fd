# usage: header_test.sh SOURCE_TREE COMPILER HEADER INCLUDE_FOLDER...
# The header compiles alone and twice in a row, without a warning of its own; and what it includes is what it may.
set -euo pipefail
source=$(realpath "$1") compiler=$2 header=$3
shift 3
flags=(-std=c++17 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Werror)
for folder; do
  folder=$(realpath -m "$folder")
  case "$folder" in
    /usr/include) ;;  # the compiler's own, whose order matters
    "$source"/build*) flags+=(-isystem "$folder") ;;  # a LibTorch from PyPI
    "$source"/*) flags+=("-I$folder") ;;
    *) flags+=(-isystem "$folder") ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <dflare/%s>\n#include <dflare/%s>\n' "$header" "$header" >"$work/user.cpp"
"$compiler" "${flags[@]}" -MD -MF "$work/user.d" "$work/user.cpp" || {
  echo "dflare/$header does not compile alone: what it needs it has to include itself" >&2
  exit 1
}
included=$(tr ' \\' '\n\n' <"$work/user.d")
grep -q "/dflare/$header\$" <<<"$included" || {
  echo "the compiler's list of included files lacks dflare/$header, so that it says nothing: $included" >&2
  exit 1
}

# expect ONLY_HEADER LIBRARY PATTERN: that header includes the library's, and no other does.
expect() {
  local found
  found=$(grep -vF -e "$source/lib/" -e "$source/gtest_plugin/" -e "$source/repair/" <<<"$included" | grep -E "$3" | head -n 3 || true)
  if [ "$header" = "$1" ]; then
    [ -n "$found" ] || { echo "dflare/$header includes nothing of $2, or the pattern '$3' does not know it" >&2; exit 1; }
  elif [ -n "$found" ]; then
    echo "dflare/$header includes $2, which only dflare/$1 may: $found" >&2
    exit 1
  fi
}
expect torch.hpp LibTorch '/(torch|ATen|c10|caffe2)/'
expect gmock.hpp GoogleMock '/gmock/'
