package dev.attache.proxy.network.http.request;

/**
 * {@code generate_request_id} and friends.
 *
 * @param samplesTraces {@code use_request_id_for_trace_sampling}
 */
public record RequestIds(
        boolean generate,
        boolean preserveExternal,
        boolean alwaysSetInResponse,
        boolean packTraceReason,
        boolean samplesTraces) {}
