"""`groundrule aws`: collect accounts to a snapshot, scan them, print the policy that this needs."""

from __future__ import annotations

from scanner.cli.app import Commands

command = Commands(
    {
        "collect": ("scanner.cli.aws_collect", "Collect accounts to a snapshot file."),
        "scan": ("scanner.cli.aws_scan", "Judge accounts by the rules, live or from a snapshot."),
        "policy": ("scanner.cli.aws_policy", "Print the IAM policy with the least rights that the rules need."),
    },
    name="aws",
    help="Compliance rules over AWS accounts: collect, scan, and the policy for it.",
    no_args_is_help=True,
)
