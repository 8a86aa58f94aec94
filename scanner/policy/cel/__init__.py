"""The expression language of rules: checked by the CEL runtime at load, evaluated three-valued on plain values."""
