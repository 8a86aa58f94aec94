"""Results of other scanners: SARIF files, and Checkov's own, as findings of the one report."""
