package dev.attache.proxy.stream.format;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which commands there are, and which of them take parameters and a length: Envoy's table and
 * Envoy's words for what breaks it.
 */
enum CommandSyntax {
    /** Neither parameters nor a length. */
    ALONE(false, false),
    PARAMETERS(true, false),
    PARAMETERS_AND_LENGTH(true, true),
    /** Parameters if any. */
    OPTIONAL(false, false),
    OPTIONAL_AND_LENGTH(false, true);

    private static final Map<String, CommandSyntax> WITH_PARAMETERS =
            Map.ofEntries(
                    Map.entry("REQ", PARAMETERS_AND_LENGTH),
                    Map.entry("REQUEST_HEADER", PARAMETERS_AND_LENGTH),
                    Map.entry("RESP", PARAMETERS_AND_LENGTH),
                    Map.entry("RESPONSE_HEADER", PARAMETERS_AND_LENGTH),
                    Map.entry("TRAILER", PARAMETERS_AND_LENGTH),
                    Map.entry("RESPONSE_TRAILER", PARAMETERS_AND_LENGTH),
                    Map.entry("QUERY_PARAM", PARAMETERS_AND_LENGTH),
                    Map.entry("ENVIRONMENT", PARAMETERS_AND_LENGTH),
                    Map.entry("DYNAMIC_METADATA", PARAMETERS_AND_LENGTH),
                    Map.entry("COALESCE", PARAMETERS_AND_LENGTH),
                    Map.entry("CLUSTER_METADATA", PARAMETERS),
                    Map.entry("UPSTREAM_METADATA", PARAMETERS),
                    Map.entry("COMMON_DURATION", PARAMETERS),
                    Map.entry("FILTER_STATE", OPTIONAL_AND_LENGTH),
                    Map.entry("UPSTREAM_FILTER_STATE", OPTIONAL_AND_LENGTH),
                    Map.entry("METADATA", OPTIONAL_AND_LENGTH),
                    Map.entry("PATH", OPTIONAL_AND_LENGTH),
                    Map.entry("QUERY_PARAMS", OPTIONAL_AND_LENGTH),
                    Map.entry("GRPC_STATUS", OPTIONAL),
                    Map.entry("REQUESTED_SERVER_NAME", OPTIONAL),
                    Map.entry("RESPONSE_CODE_DETAILS", OPTIONAL),
                    Map.entry("START_TIME", OPTIONAL),
                    Map.entry("START_TIME_LOCAL", OPTIONAL),
                    Map.entry("EMIT_TIME", OPTIONAL),
                    Map.entry("EMIT_TIME_LOCAL", OPTIONAL),
                    Map.entry("DOWNSTREAM_PEER_CERT_V_START", OPTIONAL),
                    Map.entry("DOWNSTREAM_PEER_CERT_V_END", OPTIONAL),
                    Map.entry("UPSTREAM_PEER_CERT_V_START", OPTIONAL),
                    Map.entry("UPSTREAM_PEER_CERT_V_END", OPTIONAL),
                    Map.entry("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", OPTIONAL),
                    Map.entry("DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", OPTIONAL),
                    Map.entry("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", OPTIONAL),
                    Map.entry("DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT", OPTIONAL),
                    Map.entry("UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", OPTIONAL),
                    Map.entry("UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", OPTIONAL));

    private static final Set<String> ALONE_NAMES =
            Stream.of(
                            "ACCESS_LOG_TYPE GRPC_STATUS_NUMBER HOSTNAME LISTENER_NAME",
                            "LOCAL_REPLY_BODY PROTOCOL ROUTE_NAME STREAM_ID UNIQUE_ID TRACE_ID",
                            "SPAN_ID VIRTUAL_CLUSTER_NAME FILTER_CHAIN_NAME CONNECTION_ID",
                            "CONNECTION_TERMINATION_DETAILS CUSTOM_FLAGS TLS_JA3_FINGERPRINT",
                            "TLS_JA4_FINGERPRINT ROUTE_RESOLUTION_COUNT ROUTE_RESOLUTION_TIME_US",
                            "RESPONSE_CODE RESPONSE_FLAGS RESPONSE_FLAGS_LONG",
                            "REQUEST_HEADERS_BYTES RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES",
                            "BYTES_RECEIVED BYTES_SENT BYTES_RETRANSMITTED PACKETS_RETRANSMITTED",
                            "DURATION REQUEST_DURATION REQUEST_TX_DURATION RESPONSE_DURATION",
                            "RESPONSE_TX_DURATION ROUNDTRIP_DURATION DOWNSTREAM_CX_RTT",
                            "DOWNSTREAM_HANDSHAKE_DURATION UPSTREAM_CONNECTION_POOL_READY_DURATION",
                            "UPSTREAM_CLUSTER UPSTREAM_CLUSTER_RAW UPSTREAM_CONNECTION_ID",
                            "UPSTREAM_CONNECTION_IDS_ATTEMPTED UPSTREAM_HOST UPSTREAM_HOST_NAME",
                            "UPSTREAM_HOST_NAME_WITHOUT_PORT UPSTREAM_HOSTS_ATTEMPTED",
                            "UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT UPSTREAM_HOST_NAMES_ATTEMPTED",
                            "UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT UPSTREAM_PROTOCOL",
                            "UPSTREAM_REQUEST_ATTEMPT_COUNT UPSTREAM_SERVER_NAME",
                            both("DETECTED_CLOSE_TYPE LOCAL_CLOSE_REASON"),
                            both("TRANSPORT_FAILURE_REASON WIRE_BYTES_RECEIVED WIRE_BYTES_SENT"),
                            both("HEADER_BYTES_RECEIVED HEADER_BYTES_SENT"),
                            both("DECOMPRESSED_HEADER_BYTES_RECEIVED"),
                            both("DECOMPRESSED_HEADER_BYTES_SENT LOCAL_ADDRESS REMOTE_ADDRESS"),
                            both("LOCAL_PORT REMOTE_PORT TLS_CIPHER TLS_GROUP TLS_SESSION_ID"),
                            both("TLS_VERSION PEER_CERT PEER_SUBJECT PEER_ISSUER PEER_DNS_SAN"),
                            both("PEER_IP_SAN PEER_URI_SAN LOCAL_DNS_SAN LOCAL_IP_SAN"),
                            both("LOCAL_URI_SAN"),
                            "DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_FINGERPRINT_1",
                            "DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_EMAIL_SAN",
                            "DOWNSTREAM_PEER_OTHERNAME_SAN DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1",
                            "DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256 DOWNSTREAM_PEER_CHAIN_SERIALS",
                            "DOWNSTREAM_PEER_ISSUER_FINGERPRINT_256 DOWNSTREAM_PEER_ISSUER_SERIAL",
                            "DOWNSTREAM_LOCAL_SUBJECT DOWNSTREAM_LOCAL_EMAIL_SAN",
                            "DOWNSTREAM_LOCAL_OTHERNAME_SAN DOWNSTREAM_DIRECT_LOCAL_ADDRESS",
                            "DOWNSTREAM_DIRECT_LOCAL_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
                            "DOWNSTREAM_DIRECT_REMOTE_PORT DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID",
                            "DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID",
                            "UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID")
                    .flatMap(line -> Stream.of(line.split(" ")))
                    .collect(Collectors.toUnmodifiableSet());

    private final boolean required;
    private final boolean length;

    CommandSyntax(boolean required, boolean length) {
        this.required = required;
        this.length = length;
    }

    private static String both(String names) {
        return Stream.of(names.split(" "))
                .map(name -> "DOWNSTREAM_" + name + " UPSTREAM_" + name)
                .collect(Collectors.joining(" "));
    }

    /**
     * @throws IllegalArgumentException where the command is unknown or written otherwise than it
     *     may be
     */
    static void check(CommandText text) {
        CommandSyntax syntax = WITH_PARAMETERS.get(text.name());
        if (syntax == null) {
            if (!ALONE_NAMES.contains(text.name())) {
                throw unknown(text.name());
            }
            syntax = ALONE;
        }
        syntax.checkForm(text);
    }

    static boolean isKnown(String name) {
        return WITH_PARAMETERS.containsKey(name) || ALONE_NAMES.contains(name);
    }

    static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("Not supported field in StreamInfo: " + name);
    }

    private void checkForm(CommandText text) {
        String argument = text.argument();
        boolean bare = argument == null || argument.isEmpty();
        if (this == ALONE && (!bare || text.maxLength() >= 0)) {
            throw new IllegalArgumentException(
                    text.name() + " does not take any parameters or length");
        }
        if (required && bare) {
            throw new IllegalArgumentException(text.name() + " requires parameters");
        }
        if (!length && text.maxLength() >= 0) {
            throw new IllegalArgumentException(
                    text.name() + " does not allow length to be specified.");
        }
    }
}
