.PHONY: check
check: ## formatting, layers, static analysis
