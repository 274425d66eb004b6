package dev.attache.proxy.network.http.request;

/** Envoy's modes, by name. */
public enum XfccMode {
    SANITIZE,
    FORWARD_ONLY,
    APPEND_FORWARD,
    SANITIZE_SET,
    ALWAYS_FORWARD_ONLY
}
