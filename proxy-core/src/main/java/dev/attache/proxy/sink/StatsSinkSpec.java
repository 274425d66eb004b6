package dev.attache.proxy.sink;

import java.io.IOException;

/** One entry of a bootstrap's {@code stats_sinks}. Immutable, any thread. */
@FunctionalInterface
public interface StatsSinkSpec {

    /**
     * Opens the sink; once for the process.
     *
     * @throws IOException what it needs of the machine is not there
     */
    StatsSink open(StatsSinkScope scope) throws IOException;
}
