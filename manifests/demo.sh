#!/bin/sh
# Apply every manifest beside this file to a cluster in a temporary file and show what comes of it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH="${BIN:+$BIN:}$PATH"
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
cd "$state"
export SVCNET_DB=cluster.db

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

svcnet init
show svcnet apply -f "$here"
show svcnet get nodes
show svcnet get deployments,pods -A -o wide
show svcnet get services,endpointslices -A
show svcnet rules --node n1
