#!/usr/bin/env bash
# Install the Debian packages the tests need; does nothing when they are there.
set -euo pipefail
packages=(chromium-headless-shell postgresql-15 postgresql-15-postgis-3 mosquitto gdal-bin python3-qgis libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ffmpeg)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
printf '[onemap] installing Debian packages: %s\n' "${missing[*]}" >&2
if [ "$(id -u)" -eq 0 ]; then run=(); elif command -v sudo >/dev/null; then run=(sudo); else
    printf '[onemap] not root and no sudo; run as root: apt-get install -y %s\n' "${missing[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
# The tests run in the whole browser too, only slower: where the shell alone is not to be had, what is there will do.
[ "${missing[*]}" = chromium-headless-shell ] && command -v chromium >/dev/null
