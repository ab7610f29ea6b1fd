# scripts/install-deps.sh among stand-ins for apt-get, dpkg-query, id and sudo.
. "$(dirname "$0")/expect.sh"

cp -r "$source/scripts" .
mkdir tools
for tool in bash cat dirname env mkdir nproc setsid tail; do ln -s "$(command -v "$tool")" tools/; done

tool() {
  printf '#!/bin/bash\n%s\n' "$2" >"tools/$1"
  chmod +x "tools/$1"
}
installed_but_for() {
  tool dpkg-query "case \" $* \" in *\" \${!#} \"*) exit 1 ;; esac; echo installed"
}
user_number() { tool id "echo $1"; }
install_deps() {
  rm -f calls
  # Without a terminal of its own, so that nobody can be asked for a password.
  expect_status "$1" setsid --wait env -i PATH="$work/tools" "$work/scripts/install-deps.sh" "${@:2}"
}
tool apt-get "echo \"\$DEBIAN_FRONTEND \$*\" >>'$work/calls'"

user_number 0
installed_but_for
install_deps 0
[ ! -e calls ] || fail "all is installed, but apt-get was called: $(cat calls)"
[ ! -s output ] || fail "all is installed, but it printed: $(cat output)"

installed_but_for cmake python3-torch
install_deps 0
grep -q '^noninteractive .*update$' calls || fail "no apt-get update: $(cat calls)"
grep -q '^noninteractive -y .*install --no-install-recommends cmake python3-torch$' calls || fail "$(cat calls)"
install_deps 0 --for demo
grep -q 'install --no-install-recommends cmake$' calls || fail "$(cat calls)"

install_deps 1 --for fun
expect_output "--for fun: expected build, demo, libtorch, runtimes, test or fuzz"
install_deps 1 cmake
expect_output "unknown arguments: cmake"

tool apt-get "echo 'E: no space left'; exit 100"
install_deps 1
expect_output "E: no space left"
expect_output "ended with exit status 100"
expect_output "/build/logs/install-deps.log"

tool apt-get "case \"\$*\" in *update*) exit 100 ;; esac; echo \"\$*\" >>'$work/calls'"
install_deps 0
grep -q 'install ' calls || fail "a failed update stopped the installation"

user_number 1000
install_deps 1
expect_output "takes root or sudo, neither of which is there"
expect_output "apt-get install cmake python3-torch"
tool sudo 'exit 1'
install_deps 1
expect_output "sudo wants a password, and got none. Run this first: sudo apt-get install cmake python3-torch"
tool sudo "if [ \"\$1\" = -n ]; then exit 0; fi; echo sudo >>'$work/calls'; exec \"\$@\""
install_deps 0
grep -q '^sudo$' calls || fail "apt-get was not run through sudo: $(cat calls)"

rm tools/apt-get
install_deps 1
expect_output "apt-get and dpkg-query not found"
expect_output "libtorch-dev"
finish
