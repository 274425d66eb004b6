package dev.attache.proxy.network;

/** {@code envoy.config.core.v3.TrafficDirection}. */
public enum TrafficDirection {
    UNSPECIFIED,
    INBOUND,
    OUTBOUND
}
