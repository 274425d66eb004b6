package dev.attache.proxy.stream;

import dev.attache.proxy.matching.MatchInput;

/** An input of trees that look at requests. Immutable; asked on the stream's worker. */
@FunctionalInterface
public interface HttpMatchInput extends MatchInput<HttpMatchData> {}
