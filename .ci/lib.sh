# shellcheck shell=bash
# Shared by the scripts beside it: sourced, never run. Leaves the caller in the project's folder.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
in_ci() { [ "${CI:-}" = true ]; }

# --- apt, where it may ------------------------------------------------------------------------------

may_apt() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

apt_get() { as_root apt-get -qq -y -o DPkg::Lock::Timeout=120 "$@"; }

# The lists are fetched, and an interrupted dpkg is mended, only when the first try failed.
apt_install() {
  may_apt || return 1
  say "Installing $* by apt…"
  local log
  log=$(mktemp)
  if apt_get install --no-install-recommends "$@" >"$log" 2>&1 ||
    { as_root dpkg --configure -a && apt_get update && apt_get install --no-install-recommends "$@"; } >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# --- what the tests need of the system: each answers by its status, find_… prints what it found -----

# Ubuntu's chromium-browser is a shim that may have no browser behind it: only one that answers counts.
find_chromium() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# What Playwright drives the browser with: a node of its own, whose libatomic a small Debian does not have.
driver_runs() { .venv/bin/playwright --version >/dev/null 2>&1; }

# The folder of PostgreSQL's programs, 15 or newer and with contrib, the newest first.
find_postgres() {
  local bin version share on_path
  on_path=$(command -v initdb || true)
  for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr) "${on_path%/initdb}"; do
    if ! [ -x "$bin/initdb" ] || ! [ -x "$bin/pg_config" ]; then continue; fi
    version=$("$bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    share=$("$bin/pg_config" --sharedir)/extension
    if [ "$version" -ge 15 ] && [ -e "$share/pg_trgm.control" ] && [ -e "$share/btree_gist.control" ]; then
      printf '%s\n' "$bin"
      return
    fi
  done
  return 1
}

has_russian_font() {
  [ -n "$(fc-list :lang=ru 2>/dev/null)" ] || [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] ||
    [ "$(uname)" = Darwin ]
}
