# Two commands for everyone: `make demo` and `make test`. Both first install what is missing (.ci/setup.sh).

# What setup chose for this checkout: which Go, which Node.
CHOSEN = . ./.cache/env &&
MAKEFLAGS += --no-print-directory
LINT = go tool -modfile=.ci/tools/go.mod golangci-lint

WEB_SOURCES := $(shell find frontend/src frontend/public 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.js frontend/*.ts frontend/*.json frontend/*.mjs)

.PHONY: demo test build check check-go check-web test-go test-web test-browser bench torture torture-stream fuzz fmt clean

demo: ## install what is missing, build, and serve the demo county in the foreground
	@.ci/setup.sh demo
	@$(MAKE) build
	@exec bin/qiantu demo

test: ## install what is missing and run every check and test
	@.ci/setup.sh test
	@$(MAKE) check-web check-go build test-web test-go test-browser

build: .cache/env frontend/dist/index.html ## bin/qiantu, with the web map in it
	@$(CHOSEN) CGO_ENABLED=0 go build -o bin/qiantu ./cmd/qiantu

check: check-web check-go ## formatting, types, linters

check-go: .cache/env
	@$(CHOSEN) unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
		test -z "$$unformatted" || { echo "not formatted (make fmt mends it):"; echo "$$unformatted"; exit 1; }
	@$(CHOSEN) go vet ./... && $(CHOSEN) $(LINT) run --allow-serial-runners --config .ci/golangci.yml ./...

# The tests choose their databases themselves: DATABASE_URL is somebody's data.
test-go: .cache/env frontend/dist/index.html
	@$(CHOSEN) unset DATABASE_URL && go test -json -timeout 30m ./... | go run ./.ci/report

bench: .cache/env ## all benchmarks
	@$(CHOSEN) unset DATABASE_URL && go test -run '^$$' -bench . -benchmem -timeout 60m ./...

torture: .cache/env ## the long tests: kills, writers, hostile files
	@$(CHOSEN) unset DATABASE_URL && go test -tags torture -json -timeout 60m ./... | go run ./.ci/report

torture-stream: .cache/env ## screens cut off at random for five minutes while writers are at work
	@$(CHOSEN) unset DATABASE_URL && QIANTU_STREAM_TORTURE=5m go test -run TestResume -count=1 -v -timeout 20m ./cmd/qiantu

fuzz: .cache/env ## each fuzz target for FUZZTIME
	@$(CHOSEN) .ci/fuzz.sh "$(or $(FUZZTIME),30s)"

fmt: .cache/env frontend/node_modules/.package-lock.json
	@$(CHOSEN) gofmt -w $$(git ls-files -co --exclude-standard '*.go') && cd frontend && npm run --silent format

clean: ## all that was built or fetched for this checkout
	rm -rf bin .cache frontend/node_modules
	find frontend/dist -mindepth 1 ! -name .keep -delete

.cache/env:
	@.ci/setup.sh demo

# The web map. Nothing is built anew while its sources are unchanged.

frontend/node_modules/.package-lock.json: frontend/package-lock.json | .cache/env
	@echo "web map: fetching its libraries"
	@$(CHOSEN) cd frontend && npm ci --silent && touch node_modules/.package-lock.json

frontend/dist/index.html: $(WEB_SOURCES) frontend/node_modules/.package-lock.json | .cache/env
	@echo "web map: building"
	@$(CHOSEN) cd frontend && npm run --silent build && touch dist/.keep dist/index.html

check-web: frontend/node_modules/.package-lock.json
	@$(CHOSEN) cd frontend && npm run --silent check

test-web: frontend/node_modules/.package-lock.json
	@$(CHOSEN) cd frontend && npm run --silent test

# In two halves side by side, each with a demo of its own: a browser mostly waits. A new file is in the second half.
FIRST_HALF = works entry_screens deeds cases scenario site
test-browser: build
	@$(CHOSEN) unset DATABASE_URL && cd frontend && { npm run --silent e2e -- $(FIRST_HALF:%=e2e/%.test) & first=$$!; \
		npm run --silent e2e -- $(FIRST_HALF:%=--exclude "e2e/%.test.ts"); second=$$?; wait $$first && exit $$second; }
