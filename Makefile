# What a developer types. Rust, gcc, Python 3 and make are expected; the rest is installed into .tools by `make tools`.
.PHONY: run test check laws soak bench stack binaries tools build deploy clean

# The tools' folder holds `sam`, `cfn-lint`, `cargo-lambda` and its Zig linker.
export PATH := $(CURDIR)/.tools/python/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0

FUNCTIONS := $(notdir $(patsubst %/,%,$(dir $(wildcard functions/*/Cargo.toml))))
STAGE ?= default
SAM_CONFIG := --config-file $(CURDIR)/samconfig.toml --config-env $(STAGE)

run:
	cargo run

test: tools binaries
	cargo test --workspace
	cfn-lint infra/template.yaml

# Fast enough for every save: form, lints, and the rules between files.
check: tools
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- --deny warnings
	cargo test --quiet -p system-tests --test tidy
	cfn-lint infra/template.yaml
	sam validate --template infra/template.yaml $(SAM_CONFIG)

# The ten laws under the simulator, optimised: 500 seeds. SEED=17 replays one, SEEDS=2000 FROM=501 goes on behind them.
laws:
	cargo test --profile soak -p system-tests --test laws -- --nocapture

# Hours: ten million inputs of each reader of outside text, the first of them those of `make test`; a hundred kills.
soak:
	FUZZ_EXECUTIONS=10000000 cargo test --profile soak -p system-tests --test fuzz -- --nocapture
	SEEDS=$(or $(SEEDS),100000) BOUNDARIES=all DUPLICATE_RUNS=150 ORDERS=720 \
		cargo test --profile soak -p system-tests --test laws -- --nocapture
	WEBHOOK_MUTATIONS=10000000 cargo test --profile soak -p outbound --test linkup mutation
	KILLS=100 cargo test --profile soak -p amorce --test crash -- --nocapture

bench: binaries .tools/bench/.installed-pins
	cargo bench -p system-tests

# The Python that two of the benchmarks compare with.
.tools/bench/.installed-pins: tests/bench/reference/requirements.txt
	python3 -m venv .tools/bench
	.tools/bench/bin/pip install --quiet --disable-pip-version-check --requirement $<
	cp $< $@

# The real template and the real release binaries on a local AWS emulator.
stack: tools binaries
	cargo test -p system-tests --test stack

binaries:
	cargo build --release --workspace $(addprefix --bin ,$(FUNCTIONS))

tools:
	@infra/tools/install.sh

build: tools
	sam build --template infra/template.yaml $(SAM_CONFIG)

deploy: build
	sam deploy $(SAM_CONFIG)

clean:
	cargo clean
	rm -rf .aws-sam
