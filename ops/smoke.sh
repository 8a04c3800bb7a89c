#!/usr/bin/env bash
# Start docker-compose.yml, send an article through it, and see that every part of it does its work.
# It needs a container engine with Compose, curl and jq; with --screenshots, it writes docs/images/grafana-*.png too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compose() { docker compose "$@"; }
step() { printf '== %s\n' "$*"; }

# A question asked again and again, for two minutes at least: what it gives, and what it should be.
until_it_is() {
    local wanted=$1 said=
    shift
    for ((tries = ${SMOKE_TRIES:-60}; tries > 0; tries--)); do
        said=$("$@" 2>/dev/null || true)
        if [[ $said == "$wanted" ]]; then return 0; fi
        sleep "${SMOKE_POLL:-2}"
    done
    printf 'wanted %s and got %s from: %s\n' "$wanted" "$said" "$*" >&2
    return 1
}

grafana=http://localhost:${GRAFANA_PORT:-3000}
prometheus=http://localhost:${PROMETHEUS_PORT:-9090}
monitor=http://localhost:${MONITOR_PORT:-6067}

linked() { compose run --rm -T consume --format jsonl --limit 1 | jq -r '.entities[0].entity_id'; }
targets_up() { curl -sf "$prometheus/api/v1/targets" | jq '[.data.activeTargets[].health] | all(. == "up") and length >= 3'; }
lag_seen() { curl -sfG "$prometheus/api/v1/query" --data-urlencode 'query=count(wasl_lag_records)' | jq '.data.result | length'; }
dashboards() { curl -sf "$grafana/api/search?tag=wasl" | jq length; }
page_up() { curl -sf "$monitor/healthz" | jq -r .status; }

step "docker compose up"
compose up --detach --wait
if [[ ${1:-} != --keep && ${1:-} != --screenshots ]]; then trap 'compose down --volumes' EXIT; fi

step "an article"
printf '%s\n' '{"article_id": "smoke-1", "title": "Nvidia", "body": "Nvidia opens an office."}' \
    | compose run --rm -T produce -
until_it_is Q182477 linked

step "monitor page, Prometheus, Grafana"
until_it_is ok page_up
until_it_is true targets_up
until_it_is 1 lag_seen
until_it_is "$(find ops/grafana/dashboards -name '*.json' | wc -l | tr -d ' ')" dashboards

if [[ ${1:-} == --screenshots ]]; then
    step "screenshots"
    .venv/bin/python ops/screenshots.py --grafana "$grafana"
fi
step "all of it works"
