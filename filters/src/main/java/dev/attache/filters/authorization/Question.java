package dev.attache.filters.authorization;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stream.StreamInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization service is told. Made for one question and read at once.
 *
 * @param sourceService {@code x-envoy-downstream-service-cluster}, or empty
 * @param destinationService the server name that a connection asked for, or empty
 * @param labels of the destination
 * @param http null where a connection is asked about
 * @param contextExtensions null where a connection is asked about
 */
public record Question(
        ConnectionInfo connection,
        boolean withCertificate,
        boolean withTlsSession,
        String sourceService,
        String destinationService,
        Map<String, String> labels,
        @Nullable Http http,
        @Nullable Map<String, String> contextExtensions,
        Metadata metadata,
        Metadata routeMetadata) {

    /**
     * The request in question.
     *
     * @param headers those that the service may see
     * @param raw headers go as octets, in order, each field for itself
     * @param body null = not sent
     * @param bodyAsBytes it goes as octets too
     * @param partial there was more of the body
     */
    public record Http(
            StreamInfo info,
            Headers all,
            Headers headers,
            boolean raw,
            byte @Nullable [] body,
            boolean bodyAsBytes,
            boolean partial) {}
}
