package dev.attache.server.plane.history;

import java.time.Instant;

/**
 * Something that an update made leave.
 *
 * @param kind {@code listener}, {@code filter_chains} or {@code cluster}
 * @param name of the listener or cluster
 * @param count how many of the kind leave: 1, or the number of filter chains
 * @param connections that were open on the listener, or to the cluster, at that moment
 */
public record Drain(Instant at, String kind, String name, int count, long connections) {}
