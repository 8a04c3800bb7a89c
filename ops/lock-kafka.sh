#!/usr/bin/env bash
# Writes streams/embedded/kafka.lock anew: every jar that one version of Apache Kafka needs, with its checksum.
# Usage: ops/lock-kafka.sh KAFKA_VERSION LOG4J_VERSION      (needs mvn and sha256sum)
set -euo pipefail
kafka=${1:?the version of Apache Kafka, such as 4.4.0}
log4j=${2:?the version of log4j that this Kafka depends on}
lock=$(cd "$(dirname "$0")/.." && pwd)/streams/embedded/kafka.lock
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# log4j-slf4j-impl is what Kafka's own distribution adds, so that the broker can write a log at all.
cat > "$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lock</groupId><artifactId>lock</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$kafka</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>$log4j</version></dependency>
  </dependencies>
</project>
XML
mvn -B -q -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
  -Dmdep.useRepositoryLayout=true -DoutputDirectory="$work/jars"
{
  echo "# Apache Kafka and everything it needs at run time, from Maven Central: group:artifact:version sha256."
  echo "# Written by ops/lock-kafka.sh $kafka $log4j; do not edit."
  cd "$work/jars"
  find . -name '*.jar' | LC_ALL=C sort | while read -r jar; do
    folder=$(dirname "${jar#./}")
    version=$(basename "$folder")
    artifact=$(basename "$(dirname "$folder")")
    group=$(dirname "$(dirname "$folder")" | tr / .)
    echo "$group:$artifact:$version $(sha256sum "$jar" | cut -d' ' -f1)"
  done
} > "$work/kafka.lock"
mv "$work/kafka.lock" "$lock"
