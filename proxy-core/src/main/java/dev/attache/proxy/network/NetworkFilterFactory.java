package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import org.jspecify.annotations.Nullable;

/** One filter of one chain on one worker. Loop-confined. */
public interface NetworkFilterFactory {

    /**
     * A factory whose filters ask somebody before they let a connection pass, as they say when they
     * are asked to explain.
     *
     * @param whom in words
     */
    static NetworkFilterFactory asking(String whom, NetworkFilterFactory factory) {
        return new NetworkFilterFactory() {
            @Override
            public @Nullable NetworkFilter newFilter(Connection connection) {
                return factory.newFilter(connection);
            }

            @Override
            public void close() {
                factory.close();
            }

            @Override
            public void explain(ConnectionInfo connection, Question question, Explanation into) {
                into.say("would", "pass it on, or close it").asks(whom);
            }
        };
    }

    /**
     * The filter for an accepted connection whose filter chain is known; null where its
     * configuration is to be discovered and is not there: the connection is closed.
     */
    @Nullable NetworkFilter newFilter(Connection connection);

    /** The chain is gone and its last connection closed: give back what {@code open} took. */
    default void close() {}

    /**
     * Says what it would do with a connection, and with a request on it, without doing it: counts
     * nothing, draws on nothing that is shared, calls nobody. One that would close the connection
     * says why under {@code closes}.
     *
     * @param connection as listener filters have left it
     */
    default void explain(ConnectionInfo connection, Question question, Explanation into) {
        into.say("would", Explanation.RUNS);
    }
}
