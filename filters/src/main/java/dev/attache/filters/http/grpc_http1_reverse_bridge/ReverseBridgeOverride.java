package dev.attache.filters.http.grpc_http1_reverse_bridge;

/** {@code FilterConfigPerRoute}. Immutable. */
record ReverseBridgeOverride(boolean disabled) {}
