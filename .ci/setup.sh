#!/bin/sh
# Installs what this checkout needs and the machine lacks. `setup.sh demo` for running, `setup.sh test` for the tests too.
#
# Debian 12 and 13, Ubuntu 24.04; as root, or through sudo. One line is printed for each thing that is installed; where
# nothing is missing, one line says what is used. With DATABASE_URL set, `demo` installs no database server.
# What was chosen is left in .cache/env for the Makefile.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-demo}
mkdir -p .cache
log=$PWD/.cache/setup.log

say() { echo "setup: $*"; }
die() { echo "setup: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- Debian packages -----------------------------------------------------------------------------------------------------

missing=

# want PACKAGE WHY: to be installed, said so in one line.
want() {
	missing="$missing $1"
	say "installing $1 ($2)"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif have sudo; then
		sudo "$@"
	else
		die "not root and no sudo; run this as root, then again:  $*"
	fi
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1
}

known() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# refresh the package lists once, and only when something is to be installed from them.
refreshed=
refresh() {
	[ -z "$refreshed" ] || return 0
	refreshed=yes
	have apt-get || die "apt-get not found: install the packages of $mode yourself (see this script), on Debian or Ubuntu it does it"
	apt update || { tail -5 "$log" >&2; die "apt-get update failed; all it said is in $log"; }
}

install_missing() {
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086 # a list of packages
	set -- $missing
	for package; do
		known "$package" || refresh
		known "$package" || die "this distribution has no package $package"
	done
	apt install --no-install-recommends -y "$@" && return 0
	refresh # the lists may be older than the archive
	apt install --no-install-recommends -y "$@" || { tail -5 "$log" >&2; die "installing$missing failed; all apt-get said is in $log"; }
}

# the newest PostgreSQL that has its server programs here, else the one of this distribution
postgres_major() {
	newest=
	for programs in /usr/lib/postgresql/*/bin/initdb; do
		[ -x "$programs" ] || continue
		major=${programs#/usr/lib/postgresql/}
		major=${major%%/*}
		if [ -z "$newest" ] || [ "$major" -gt "$newest" ]; then newest=$major; fi
	done
	if [ -z "$newest" ]; then
		known postgresql || refresh
		newest=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -1)
	fi
	echo "$newest"
}

# Ubuntu has its Chromium under another name
browser() { if known chromium || ! known chromium-browser; then echo chromium; else echo chromium-browser; fi; }

# Debian makes and starts a server of its own on the usual port with the package; this file, written before, says not to.
no_main_cluster() {
	[ -e /etc/postgresql-common ] && return 0
	as_root mkdir -p /etc/postgresql-common/createcluster.d
	echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/qiantu.conf >/dev/null
}

want_server() {
	major=$(postgres_major)
	[ -n "$major" ] || die "this distribution has no package postgresql"
	if [ ! -x "/usr/lib/postgresql/$major/bin/initdb" ]; then
		no_main_cluster
		want "postgresql-$major" "the database server; the demo runs one of its own, none is started for the machine"
	fi
	extensions=/usr/share/postgresql/$major/extension
	[ -e "$extensions/postgis.control" ] || want "postgresql-$major-postgis-3" "PostGIS"
	[ "$mode" = demo ] || [ -e "$extensions/pgrouting.control" ] || want "postgresql-$major-pgrouting" "the referee of our shortest paths"
}

want_packages() {
	if [ "$mode" = test ] || [ -z "${DATABASE_URL:-}" ]; then want_server; fi
	have ogr2ogr || want gdal-bin "GDAL, reads and writes map files"
	have osmium || want osmium-tool "reads OpenStreetMap files"
	if ! have fc-list; then
		want fontconfig "finds fonts"
		want fonts-noto-cjk "Chinese in the map"
	elif [ -z "$(fc-list :lang=zh-cn family)" ]; then
		want fonts-noto-cjk "Chinese in the map"
	fi
	if [ "$mode" = test ]; then
		have chromium || have google-chrome || have chromium-browser || want "$(browser)" "the browser of the tests"
		have pdftotext || want poppler-utils "reads the printed map back"
		have soffice || want libreoffice-writer-nogui "opens the documents that are written"
		have cbc || want coinor-cbc "the referee of our solvers"
		fc-list 2>/dev/null | grep -qi hanazono || want fonts-hanazono "rare Chinese characters in place names"
	fi
	have go || want golang-go "Go, which then fetches the version that go.mod names"
	have node || want nodejs "builds the web map"
	have npm || want npm "builds the web map"
}

# --- Go and Node of this checkout ----------------------------------------------------------------------------------------

# at_least A B: version A is B or later
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1)" = "$2" ]; }

go_version() { go version 2>/dev/null | sed -n 's/^go version go\([0-9.]*\).*/\1/p'; }

# choose_go leaves the machine's Go alone where it is new enough. An older one fetches the version of go.mod itself, which
# GOTOOLCHAIN=local forbids, so it is then set for this checkout. One from before 1.21 does not know how, but can download.
choose_go() {
	needed=$(sed -n 's/^go \([0-9.]*\)$/\1/p' go.mod)
	own=$(cd / && GOTOOLCHAIN=local go_version)
	if at_least "$own" "$needed"; then
		echo "export GOTOOLCHAIN=local"
		return 0
	fi
	if at_least "$own" 1.21; then
		say "Go $own is older than $needed: using Go $needed for this checkout" >&2
		echo "export GOTOOLCHAIN=go$needed"
		return 0
	fi
	machine=$(cd / && go env GOHOSTOS)-$(cd / && go env GOHOSTARCH)
	fetched=$(GOTOOLCHAIN=local .cache/go/bin/go version 2>/dev/null | sed 's/^go version go\([0-9.]*\).*/\1/')
	if ! at_least "${fetched:-0}" "$needed"; then
		say "Go $own is older than $needed: fetching Go $needed into .cache/go" >&2
		fetch_go "$needed" "$machine"
	fi
	echo "unset GOROOT; export GOTOOLCHAIN=local PATH=\"$PWD/.cache/go/bin:\$PATH\""
}

# fetch_go VERSION MACHINE: the toolchain is itself a Go module; only the marks for running its programs are lost on the way.
fetch_go() {
	work=$(mktemp -d)
	folder=$(cd "$work" && go mod init x >/dev/null 2>&1 &&
		GOFLAGS=-modcacherw go mod download -json "golang.org/toolchain@v0.0.1-go$1.$2" | sed -n 's/^.*"Dir": "\(.*\)".*/\1/p')
	rm -rf "$work"
	[ -d "$folder" ] || die "fetching Go $1 failed; install Go 1.21 or newer yourself"
	rm -rf .cache/go
	cp -R "$folder" .cache/go
	chmod -R u+w .cache/go
	chmod +x .cache/go/bin/* .cache/go/pkg/tool/*/*
}

node_fits() {
	version=$("$1" --version 2>/dev/null | sed 's/^v//')
	case $version in
	'' | [0-9].* | 1[0-9].* | 21.*) return 1 ;;
	20.*) at_least "$version" 20.19 ;;
	22.*) at_least "$version" 22.12 ;;
	esac
}

choose_node() {
	node_fits node && return 0
	fetched=.cache/node/node_modules/node/bin
	if ! node_fits "$fetched/node"; then
		say "Node $(node --version) is older than 20.19: fetching Node 22 into .cache/node" >&2
		mkdir -p .cache/node
		npm install --prefix .cache/node --no-audit --no-fund --loglevel=error node@22 >>"$log" 2>&1 ||
			{ tail -5 "$log" >&2; die "fetching Node failed; install Node 22 yourself"; }
		node_fits "$fetched/node" || die "the Node in $fetched does not run"
	fi
	echo "export PATH=\"$PWD/$fetched:\$PATH\""
}

# -------------------------------------------------------------------------------------------------------------------------

want_packages
install_missing
{
	choose_go
	choose_node
} >.cache/env.new
mv .cache/env.new .cache/env
# shellcheck source=/dev/null
. .cache/env
used="Go $(go_version || true), Node $(node --version | sed 's/^v//')"
case $used in "Go ,"*) die "go does not run: $(go version 2>&1)" ;; esac
if [ "$mode" = demo ] && [ -n "${DATABASE_URL:-}" ]; then
	say "using $used, the database of DATABASE_URL"
else
	say "using $used, PostgreSQL $(postgres_major)"
fi
