#!/usr/bin/env bash
# Installs the servers that the tests start as their own children: `program:package` for each argument.
# Needs root or sudo without a password; else it says what to install. No service of theirs is left running.
set -euo pipefail

missing=()
for pair in "$@"; do
    PATH="$PATH:/usr/sbin" command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "The tests need: ${missing[*]}. Install them once: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
if ! command -v apt-get >/dev/null; then
    echo "The tests need: ${missing[*]}. Install them with this system's package tool." >&2
    exit 1
fi

# Debian starts a service as soon as its package is installed; the tests start their own, so it is told not to.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
echo "installing ${missing[*]} for the tests"
log=$(mktemp)
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        </dev/null >"$log" 2>&1
}
install || { "${as_root[@]}" apt-get update -q </dev/null >>"$log" 2>&1 && install; } || {
    tail -n 20 "$log" >&2
    echo "could not install ${missing[*]}" >&2
    exit 1
}
