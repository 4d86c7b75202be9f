#!/usr/bin/env bash
# Installs the pinned development tools into .tools (git-ignored): the SAM CLI, cfn-lint, cargo-lambda with the
# Zig linker, and the local AWS emulator. Needs Python 3 with venv and a Rust toolchain. Running it again is free.
set -euo pipefail

root="$(cd "$(dirname "$0")/../.." && pwd)"
pins="$root/infra/tools/requirements.txt"
home="$root/.tools/python"
stamp="$home/.installed-pins"

command -v cargo >/dev/null || { echo "install.sh: a Rust toolchain (cargo) is needed" >&2; exit 1; }

if cmp -s "$pins" "$stamp"; then
  exit 0
fi

# A Debian Python may come without ensurepip; the package is only fetched where this user may install it.
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "install.sh: install the package python3-venv first" >&2; exit 1; }
  apt-get update -qq && apt-get install -y -qq python3-venv
fi

[ -x "$home/bin/pip" ] || python3 -m venv --clear "$home"
"$home/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
cp "$pins" "$stamp"
