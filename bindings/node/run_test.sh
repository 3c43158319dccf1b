#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_test.sh FOLDER: run test.js with the pinned koffi, installed under FOLDER when Node does not find it already.
# Nothing is written into the source tree. Exit 77, which a test runner shows as a skip, when koffi cannot be had.
set -u
folder=$1
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
koffi=$(node -p "require('$here/package.json').peerDependencies.koffi")
NODE_PATH=$folder/node_modules${NODE_PATH:+:$NODE_PATH}
export NODE_PATH
found() {
    node -e "process.exit(require('koffi').version === '$koffi' ? 0 : 1)" 2>/dev/null
}
if ! found; then
    mkdir -p "$folder" && npm install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
        --prefix "$folder" "koffi@$koffi" >"$folder/install.log" 2>&1
    if ! found; then
        echo "SKIP: koffi $koffi is not installed and could not be; see $folder/install.log"
        exit 77
    fi
fi
exec node --test "$here/test.js"
