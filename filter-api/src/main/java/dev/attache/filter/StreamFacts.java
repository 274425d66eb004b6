package dev.attache.filter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a stream now; more of it comes to be known as it goes. Addresses are text,
 * {@code ip:port}. On the threads on which the stream's other methods may be called.
 */
@Evolving(since = "0.1")
public interface StreamFacts {

    /** The trusted client, as {@code x-forwarded-for} and its settings say, or the peer. */
    String clientAddress();

    /** The peer of the connection. */
    String peerAddress();

    /** Where the connection was accepted, or meant to go. */
    String localAddress();

    /** Of the client's connection; unique in the process. */
    long connectionId();

    /** Server name of the client's TLS hello, or null. */
    @Nullable String requestedServerName();

    /** {@code TLSv1.3}; null without TLS. */
    @Nullable String tlsVersion();

    /** The subject of the client's certificate; null where it presented none. */
    @Nullable String peerSubject();

    /** URI names of the client's certificate, e.g. SPIFFE ids. */
    List<String> peerUriNames();

    /** DNS names of the client's certificate. */
    List<String> peerDnsNames();

    /** {@code HTTP/1.1}, {@code HTTP/2}; null until it is known. */
    @Nullable String protocol();

    /** The listener's name; may be empty. */
    String listenerName();

    /** Chooses the route if none is; empty where there is none or it has no name. */
    String routeName();

    /** Chooses the route if none is; empty where there is none. */
    String virtualHostName();

    /** The cluster that the route means; chooses the route if none is. Null where it has none. */
    @Nullable String clusterName();

    /** The host that the request was sent to, or null. */
    @Nullable String upstreamAddress();

    /** {@code x-request-id}; empty where there is none. */
    String requestId();

    Instant startTime();

    /** Since the request came. */
    Duration elapsed();

    /** Of the response as far as it is known; 0 before. */
    int responseCode();

    /** {@code %RESPONSE_CODE_DETAILS%}, or null. */
    @Nullable String responseDetails();

    /** {@code %RESPONSE_FLAGS%}, {@code -} where there are none. */
    String responseFlags();

    /** Of the request's body, in bytes. */
    long bytesReceived();

    /** Of the response's body, in bytes. */
    long bytesSent();

    /** How often the request was sent to a host. */
    int attempts();
}
