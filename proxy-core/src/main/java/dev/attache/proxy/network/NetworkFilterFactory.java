package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import org.jspecify.annotations.Nullable;

/** One filter of one chain on one worker. Loop-confined. */
public interface NetworkFilterFactory {

    /**
     * The filter for an accepted connection whose filter chain is known; null where its
     * configuration is to be discovered and is not there: the connection is closed.
     */
    @Nullable NetworkFilter newFilter(Connection connection);

    /** The chain is gone and its last connection closed: give back what {@code open} took. */
    default void close() {}

    /**
     * Says what it would do with a connection, and with a request on it, without doing it: counts
     * nothing, draws on nothing that is shared, calls nobody.
     *
     * @param connection as listener filters have left it
     */
    default void explain(ConnectionInfo connection, Question question, Explanation into) {
        into.say("would", "runs: what it does is known only when it does it");
    }
}
