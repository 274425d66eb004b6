package dev.attache.proxy.listener;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.matching.MatchTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the filter chain of a connection by the name that a matcher gives it. Compiled once,
 * immutable, any thread.
 */
final class NamedChains {
    /** The matcher names a chain that there is not, and the default chain is not asked. */
    static final int NONE = -2;

    private final MatchTree<ConnectionInfo, String> matcher;
    private final Map<String, Integer> positions = new HashMap<>();

    NamedChains(MatchTree<ConnectionInfo, String> matcher, List<FilterChainSpec> chains) {
        this.matcher = matcher;
        for (int i = 0; i < chains.size(); i++) {
            positions.put(chains.get(i).name(), i);
        }
    }

    /** Position of the chain; -1 = the default chain; {@link #NONE}. */
    int find(ConnectionInfo connection) {
        String name = matcher.pick(connection);
        return name == null ? -1 : positions.getOrDefault(name, NONE);
    }

    void explain(ConnectionInfo connection, Explanation into) {
        matcher.explain(connection, into);
        into.say("names", matcher.pick(connection));
    }
}
