package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.worker.JitteredTime;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.extensions.upstreams.http.v3.HttpProtocolOptions} (or the deprecated fields of the
 * cluster) with Envoy's defaults applied. Times in milliseconds, 0 = off.
 *
 * @param http1 options whenever HTTP/1 is spoken
 * @param http2 options whenever HTTP/2 is spoken
 * @param idleTimeoutMillis of a connection without streams; 1 hour
 * @param maxRequestsPerConnection 0 = unlimited
 * @param autoSni SNI from the request's authority
 * @param autoSanValidation the certificate must carry that name
 * @param overrideAutoSniHeader takes the name from this header instead, or null
 * @param policies in place of those of the routes
 * @param filters {@code http_filters}, or null
 */
public record UpstreamHttpSpec(
        ProtocolChoice protocol,
        Http1Options http1,
        Http2Options http2,
        long idleTimeoutMillis,
        JitteredTime maxConnectionDuration,
        long maxRequestsPerConnection,
        long maxStreamDurationMillis,
        boolean autoSni,
        boolean autoSanValidation,
        @Nullable HeaderName overrideAutoSniHeader,
        RequestPolicies policies,
        @Nullable UpstreamFilters filters) {

    /** How the protocol of an upstream connection is found. */
    public enum ProtocolChoice {
        HTTP1,
        HTTP2,
        /** HTTP/2 where the downstream speaks it, else HTTP/1. */
        USE_DOWNSTREAM,
        /** What ALPN negotiates; HTTP/1 where it says nothing. */
        ALPN
    }

    public static final long IDLE_TIMEOUT_MILLIS = 3_600_000;

    public static final UpstreamHttpSpec DEFAULTS =
            new UpstreamHttpSpec(
                    ProtocolChoice.HTTP1,
                    Http1Options.UPSTREAM_DEFAULTS,
                    Http2Options.DEFAULTS,
                    IDLE_TIMEOUT_MILLIS,
                    JitteredTime.OFF,
                    0,
                    0,
                    false,
                    false,
                    null,
                    RequestPolicies.NONE,
                    null);

    public UpstreamHttpSpec withProtocol(ProtocolChoice choice) {
        return with(choice, policies, filters);
    }

    public UpstreamHttpSpec withPolicies(RequestPolicies others) {
        return with(protocol, others, filters);
    }

    public UpstreamHttpSpec withFilters(@Nullable UpstreamFilters others) {
        return with(protocol, policies, others);
    }

    private UpstreamHttpSpec with(
            ProtocolChoice choice, RequestPolicies others, @Nullable UpstreamFilters passing) {
        return new UpstreamHttpSpec(
                choice,
                http1,
                http2,
                idleTimeoutMillis,
                maxConnectionDuration,
                maxRequestsPerConnection,
                maxStreamDurationMillis,
                autoSni,
                autoSanValidation,
                overrideAutoSniHeader,
                others,
                passing);
    }
}
