#!/bin/sh
# Builds the exported KUnit suite into a kernel of user-mode Linux, right and with five mistakes, and reads its KTAP.
# usage: sh dev/kunit/uml.sh TREE      a kernel tree of Linux 6.17 or later, such as one of Debian's linux-source
# It needs gcc, make, flex, bison and bc, changes TREE, and takes minutes: it is no part of the gate.
set -eu
tree=$(cd "${1:?a kernel tree}" && pwd)
here=$(cd "$(dirname "$0")/../.." && pwd)
suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
build() { make -s -C "$tree" ARCH=um SUBARCH=x86_64 -j"$(nproc)" "$@" >"$suite/log" 2>&1 || { tail -20 "$suite/log"; exit 2; }; }

node "$here/dist/cli/main.js" export kunit --profile linux-6.17 --output "$suite"
cp "$suite/irqbypass_spec_kunit.c" "$tree/virt/lib/"
grep -q IRQ_BYPASS_SPEC "$tree/virt/lib/Kconfig" || cat "$suite/Kconfig" >>"$tree/virt/lib/Kconfig"
grep -q IRQ_BYPASS_SPEC "$tree/virt/lib/Makefile" || cat "$suite/Makefile" >>"$tree/virt/lib/Makefile"
[ -e "$tree/irqbypass.right" ] || cp "$tree/virt/lib/irqbypass.c" "$tree/irqbypass.right"

[ -e "$tree/.config" ] || build tinyconfig
"$tree/scripts/config" --file "$tree/.config" -e 64BIT -e PRINTK -e BUG -e KUNIT -e IRQ_BYPASS_SPEC_KUNIT_TEST
build olddefconfig

judge() { # NAME
  build vmlinux
  timeout 120 "$tree/vmlinux" mem=64M kunit.filter_glob=irq_bypass_spec kunit_shutdown=halt >"$suite/console" 2>&1 || true
  echo "$1: $(grep -c ' ok [0-9]* [A-Z0-9]*_[0-9]*_holds' "$suite/console") cases, failing: $(sed -n 's/.*not ok [0-9]* \([A-Z0-9_]*\)_holds.*/\1/p' "$suite/console" | tr _ - | tr '\n' ' ')"
}

cp "$tree/irqbypass.right" "$tree/virt/lib/irqbypass.c"
judge 'the right manager'
for number in 0 1 2 3 4; do
  node "$here/dist/dev/kunit/main.js" "$number" <"$tree/irqbypass.right" >"$tree/virt/lib/irqbypass.c"
  judge "$(node "$here/dist/dev/kunit/main.js" "$number" name)"
done
cp "$tree/irqbypass.right" "$tree/virt/lib/irqbypass.c"
