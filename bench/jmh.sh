#!/usr/bin/env bash
# Runs the microbenchmarks of src/main/java with JMH, whose options it takes.
#
#   bench/jmh.sh [OPTION…] [REGEX…]     FilterBenchmark -prof gc; -l lists them; -h explains
#
# Wants JDK 25 (JAVA_HOME) and Maven; builds what is measured first.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -Dquick -pl bench -am compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
    -Dmdep.outputFile=target/jmh.classpath -Dmdep.includeScope=runtime
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "bench/target/classes:$(cat bench/target/jmh.classpath)" org.openjdk.jmh.Main "$@"
