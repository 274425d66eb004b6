package dev.attache.filters.istio.stats;

import dev.attache.proxy.network.TrafficDirection;

/** From whose side traffic is reported: the label {@code reporter}. */
enum Reporter {
    /** The side that calls: a sidecar's outbound listener, or a gateway. */
    SOURCE("source"),
    /** The side that is called: a sidecar's inbound listener. */
    DESTINATION("destination"),
    /** A waypoint, which stands before many workloads. */
    WAYPOINT("waypoint");

    private final String text;

    Reporter(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Whose peer is who called. */
    boolean isServer() {
        return this != SOURCE;
    }

    /** By the direction of the listener, as the configuration does not say it. */
    static Reporter of(TrafficDirection direction) {
        return direction == TrafficDirection.INBOUND ? DESTINATION : SOURCE;
    }
}
