package dev.attache.proxy.connection;

import dev.attache.proxy.matching.MatchInput;

/** An input of trees that look at connections. Immutable; asked on the connection's worker. */
@FunctionalInterface
public interface ConnectionMatchInput extends MatchInput<ConnectionInfo> {}
