# ReDy: everything a fresh clone needs. 'make help' lists the targets.

CONFIGURATION ?= Release
REDY := generator/ReDy.Cli/bin/$(CONFIGURATION)/net10.0/redy
# The program itself looks for .NET in the default place only: an SDK elsewhere is told to it.
export DOTNET_ROOT ?= $(patsubst %/,%,$(dir $(realpath $(shell command -v dotnet 2> /dev/null))))
STAMP := build/$(CONFIGURATION).stamp

# Whatever the assemblies are made from. Once the stamp is newer than all of it, a build does not even start dotnet.
SOURCES := $(shell find ReDy.sln Directory.*.props global.json .editorconfig generator golden-model rtl-templates testbenches tests benchmarks \
  \( -name bin -o -name obj -o -name TestResults \) -prune -o -type f -print 2> /dev/null | sed 's/ /\\ /g')

.PHONY: help tools build test demo agreement networks campaign faults kernelfaults mutants bench lint pack clean
.DELETE_ON_ERROR:

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

tools: ## Install the Debian packages that are missing (through sudo)
	@tools/install-tools.sh

build: $(STAMP) ## Build everything

$(STAMP): $(SOURCES)
	dotnet build ReDy.sln --nologo -v q -c $(CONFIGURATION)
	@mkdir -p $(@D) && touch $@

demo: tools build ## Real test images through golden model and Verilog under the three precision policies
	@tools/demo.sh

test: tools build ## All tests; the last line is their number
	@tools/run-tests.sh $(CONFIGURATION)

agreement: tools build ## A million random products through the two independent functional paths
	@REDY_AGREEMENT_MVMS=1000000 REDY_AGREEMENT_FULL_MVMS=1000 dotnet test tests/ReDy.GoldenModel.Tests --no-build --nologo \
	  -c $(CONFIGURATION) --filter "FullyQualifiedName~AgreementTests" --logger "console;verbosity=detailed"

networks: build ## Public networks (fetched through npm) against ONNX Runtime, tensor by tensor
	@tools/networks.sh

campaign: tools build ## 200 random legal configurations: generate, lint, simulate, compare
	@tools/campaign.sh

faults: tools build ## Every hand-made fault must be caught
	@tools/faults.sh

kernelfaults: ## Faults planted in the functional model's kernels must be caught
	@tools/kernel-faults.sh

mutants: tools build ## Random mutants of the netlist: killed or judged
	@tools/mutants.sh

bench: tools build ## Measure engines, cycle model and generation; result per processor in docs/performance
	@dotnet benchmarks/ReDy.Benchmarks/bin/$(CONFIGURATION)/net10.0/ReDy.Benchmarks.dll docs/performance

lint: build ## Style of sources and scripts
	@tools/lint.sh

pack: build ## The .NET tool package, into artifacts/
	dotnet pack generator/ReDy.Cli --nologo -v q -c $(CONFIGURATION) --no-build -o artifacts
	@echo "install it with: dotnet tool install --global --add-source artifacts ReDy"

clean: ## Remove everything that was built
	rm -rf build artifacts runs
	find generator golden-model tests benchmarks -type d \( -name bin -o -name obj -o -name TestResults \) -prune -exec rm -rf {} +
