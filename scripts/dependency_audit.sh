#!/usr/bin/env bash
# Ask the public list of vulnerabilities about every locked package; without a network it says so and passes.
# Fails when a fix exists that the lock does not have. One not to be heeded goes into scripts/dependency_audit.txt, with why.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.venv/bin/python - > "$work/locked.txt" <<'PYTHON'
import tomllib
for package in tomllib.load(open("uv.lock", "rb"))["package"]:
    if "registry" in package.get("source", {}):
        print(f"{package['name']}=={package['version']}")
PYTHON

ignored=()
while read -r name _; do
    case "$name" in "" | "#"*) ;; *) ignored+=(--ignore-vuln "$name") ;; esac
done < scripts/dependency_audit.txt

if ! timeout 120 .venv/bin/pip-audit -r "$work/locked.txt" --no-deps --disable-pip --progress-spinner off -f json \
    "${ignored[@]}" > "$work/found.json" 2> "$work/said.txt" && [ ! -s "$work/found.json" ]; then
    echo "dependency audit: could not ask ($(tail -1 "$work/said.txt" | cut -c1-120))"
    exit 0
fi

.venv/bin/python - "$work/found.json" <<'PYTHON'
import json
import sys

packages = json.load(open(sys.argv[1]))["dependencies"]
found = [(one["name"], one["version"], hole) for one in packages for hole in one.get("vulns", [])]
for name, version, hole in found:
    print(f"dependency audit: {name} {version}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release yet'}")
print(f"dependency audit: {len(packages)} locked packages asked about, {len(found)} known vulnerabilities")
sys.exit(any(hole["fix_versions"] for *_, hole in found))
PYTHON
