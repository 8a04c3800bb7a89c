#!/usr/bin/env bash
# The rights that each user of Wasl needs on Kafka, and no others. Adapt names of users, topics and groups; then:
#   ops/security/kafka-acls.sh kafka-1:9092 --command-config admin.properties
# It needs Kafka's own kafka-acls.sh on the search path. Write implies Describe, and so does Read.
set -euo pipefail

allow() { kafka-acls.sh --bootstrap-server "${SERVER[@]}" --add --allow-principal "User:$1" "${@:2}"; }
SERVER=("$@")

# Workers: `wasl worker`.
allow wasl-worker --operation Read --topic articles.raw
allow wasl-worker --operation DescribeConfigs --topic articles.raw
allow wasl-worker --operation Write --topic articles.enriched
allow wasl-worker --operation DescribeConfigs --topic articles.enriched
allow wasl-worker --operation Write --topic articles.dead
allow wasl-worker --operation DescribeConfigs --topic articles.dead
allow wasl-worker --operation Write --topic entities.unlinked
allow wasl-worker --operation DescribeConfigs --topic entities.unlinked
allow wasl-worker --operation Read --group wasl-linker

# Whoever sends articles: `wasl produce`, or any client.
allow wasl-producer --operation Write --topic articles.raw

# Whoever reads enriched articles: `wasl consume`, or any client with a group of its own.
allow wasl-consumer --operation Read --topic articles.enriched
allow wasl-consumer --operation Read --group readers

# Whoever watches: lag, and `wasl topics check`. The age of what waits is read from the records themselves.
allow wasl-monitor --operation Read --topic articles.raw
allow wasl-monitor --operation DescribeConfigs --topic articles.raw
allow wasl-monitor --operation Describe --topic articles.enriched
allow wasl-monitor --operation DescribeConfigs --topic articles.enriched
allow wasl-monitor --operation Describe --topic articles.dead
allow wasl-monitor --operation DescribeConfigs --topic articles.dead
allow wasl-monitor --operation Describe --topic entities.unlinked
allow wasl-monitor --operation DescribeConfigs --topic entities.unlinked
allow wasl-monitor --operation Describe --group wasl-linker

# The monitor page: `wasl monitor`. Articles and dead letters are read outside any group.
allow wasl-page --operation Read --topic articles.raw
allow wasl-page --operation Read --topic articles.enriched
allow wasl-page --operation Read --topic articles.dead
allow wasl-page --operation Describe --group wasl-linker

# Whoever acts on dead letters and links history anew: `wasl dlq`, `wasl replay`.
allow wasl-steward --operation Read --topic articles.raw
allow wasl-steward --operation Write --topic articles.raw
allow wasl-steward --operation Read --topic articles.dead
allow wasl-steward --operation Write --topic articles.dead
allow wasl-steward --operation DescribeConfigs --topic articles.dead
allow wasl-steward --operation Create --topic articles.dead.handled
allow wasl-steward --operation Read --topic articles.dead.handled
allow wasl-steward --operation Write --topic articles.dead.handled
allow wasl-steward --operation DescribeConfigs --topic articles.dead.handled
allow wasl-steward --operation Read --topic articles.enriched
allow wasl-steward --operation Write --topic articles.enriched
allow wasl-steward --operation DescribeConfigs --topic articles.enriched
allow wasl-steward --operation Write --topic entities.unlinked
allow wasl-steward --operation DescribeConfigs --topic entities.unlinked
allow wasl-steward --operation Read --group wasl-linker.replay. --resource-pattern-type prefixed
