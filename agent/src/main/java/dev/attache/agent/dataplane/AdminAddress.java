package dev.attache.agent.dataplane;

/** Where a child's administration interface and its Prometheus listener are. */
public record AdminAddress(String host, int adminPort, int prometheusPort) {}
