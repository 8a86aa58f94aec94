#!/usr/bin/env bash
# Scans an AWS account and tells what is new since the last time: for cron and for a CronJob of Kubernetes.
#
#   NIGHTLY_FOLDER     where snapshots and results are kept (default: the current folder)
#   NIGHTLY_WEBHOOK    a chat's incoming webhook, told what is new; may be left out
#   NIGHTLY_COLLECT    more options of groundrule aws collect, such as: --organization-role audit --rate 20
#   NIGHTLY_KEEP       how many nights are kept (default: 30)
#
# Exit status: 0 nothing new, 1 new findings, 3 something could not be judged or compared, 2 or 4 it did not work.
set -euo pipefail
umask 077
cd "${NIGHTLY_FOLDER:-.}"
night=$(date -u +%Y-%m-%dT%H%M%SZ)
read -r -a options <<< "${NIGHTLY_COLLECT:-}"

# Runs a command whose statuses 1 and 3 say something of the account, not of the command.
tolerate() {
  local status=0
  "$@" || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 1 ] || [ "$status" -eq 3 ] || exit "$status"
}

tolerate groundrule aws collect -o "$night.account.json.gz" "${options[@]}"
tolerate groundrule scan "$night.account.json.gz" -f text -o json="$night.results.json" -o html="$night.report.html"
gzip --force "$night.results.json"

last=$(readlink last.results.json.gz || true)
ln -sfn "$night.results.json.gz" last.results.json.gz
for kind in account.json.gz results.json.gz report.html; do
  find . -maxdepth 1 -type f -name "*.$kind" | sort -r | tail -n "+$((${NIGHTLY_KEEP:-30} + 1))" | xargs -r rm --
done
if [ -z "$last" ] || [ ! -f "$last" ]; then
  echo "nothing to compare with: these results are the first" >&2
  exit 0
fi

status=0
groundrule compare "$last" "$night.results.json.gz" -f markdown > "$night.message.md" || status=$?
cat "$night.message.md"
if [ -n "${NIGHTLY_WEBHOOK:-}" ] && [ "$status" -ne 0 ]; then
  python3 -c 'import json, sys; json.dump({"text": sys.stdin.read()}, sys.stdout)' < "$night.message.md" |
    curl --fail --silent --show-error --header 'Content-Type: application/json' --data @- "$NIGHTLY_WEBHOOK"
fi
rm -- "$night.message.md"
exit "$status"
