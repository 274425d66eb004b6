package dev.attache.filters;

import static dev.attache.config.extension.ExtensionCategory.COMMON_MATCHING_INPUT;
import static dev.attache.config.extension.ExtensionCategory.HTTP_MATCHING_INPUT;
import static dev.attache.config.extension.ExtensionCategory.INPUT_MATCHER;
import static dev.attache.config.extension.ExtensionCategory.NETWORK_MATCHING_INPUT;
import static dev.attache.filters.BuiltinMatching.Names.HTTP;
import static dev.attache.filters.BuiltinMatching.Names.INPUT;
import static dev.attache.filters.BuiltinMatching.Names.MATCHER;
import static dev.attache.filters.BuiltinMatching.Names.MATCHERS;
import static dev.attache.filters.BuiltinMatching.Names.NETWORK;
import static dev.attache.filters.BuiltinMatching.Names.SSL;
import static dev.attache.filters.BuiltinMatching.Names.XDS;

import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.filters.matching.common_inputs.EnvironmentVariableFactory;
import dev.attache.filters.matching.http_inputs.CelDataInputFactory;
import dev.attache.filters.matching.http_inputs.DynamicMetadataInputFactory;
import dev.attache.filters.matching.http_inputs.LocalReplyInputFactory;
import dev.attache.filters.matching.http_inputs.QueryParameterInputFactory;
import dev.attache.filters.matching.http_inputs.RequestHeaderInputFactory;
import dev.attache.filters.matching.http_inputs.RequestTrailerInputFactory;
import dev.attache.filters.matching.http_inputs.ResponseHeaderInputFactory;
import dev.attache.filters.matching.http_inputs.ResponseTrailerInputFactory;
import dev.attache.filters.matching.http_inputs.StatusCodeClassInputFactory;
import dev.attache.filters.matching.http_inputs.StatusCodeInputFactory;
import dev.attache.filters.matching.input_matchers.CelMatcherFactory;
import dev.attache.filters.matching.input_matchers.ConsistentHashingFactory;
import dev.attache.filters.matching.input_matchers.IpFactory;
import dev.attache.filters.matching.input_matchers.MetadataFactory;
import dev.attache.filters.matching.input_matchers.RuntimeFractionFactory;
import dev.attache.filters.matching.network_inputs.ConnectionInputFactory;
import dev.attache.filters.matching.network_inputs.FilterStateInputFactory;

/**
 * What matcher trees look at, and how they test it: the part of {@link BuiltinExtension}'s list
 * that has many small entries. An input of connections and one of requests are two, as in Envoy.
 */
enum BuiltinMatching implements ExtensionEntry {
    CONNECTION_DESTINATION_IP(
            NETWORK_MATCHING_INPUT, INPUT + "destination_ip", NETWORK + "DestinationIPInput"),
    CONNECTION_DESTINATION_PORT(
            NETWORK_MATCHING_INPUT, INPUT + "destination_port", NETWORK + "DestinationPortInput"),
    CONNECTION_SOURCE_IP(NETWORK_MATCHING_INPUT, INPUT + "source_ip", NETWORK + "SourceIPInput"),
    CONNECTION_SOURCE_PORT(
            NETWORK_MATCHING_INPUT, INPUT + "source_port", NETWORK + "SourcePortInput"),
    CONNECTION_DIRECT_SOURCE_IP(
            NETWORK_MATCHING_INPUT, INPUT + "direct_source_ip", NETWORK + "DirectSourceIPInput"),
    CONNECTION_SOURCE_TYPE(
            NETWORK_MATCHING_INPUT, INPUT + "source_type", NETWORK + "SourceTypeInput"),
    CONNECTION_SERVER_NAME(
            NETWORK_MATCHING_INPUT, INPUT + "server_name", NETWORK + "ServerNameInput"),
    CONNECTION_TRANSPORT_PROTOCOL(
            NETWORK_MATCHING_INPUT,
            INPUT + "transport_protocol",
            NETWORK + "TransportProtocolInput"),
    CONNECTION_APPLICATION_PROTOCOL(
            NETWORK_MATCHING_INPUT,
            INPUT + "application_protocol",
            NETWORK + "ApplicationProtocolInput"),
    CONNECTION_NETWORK_NAMESPACE(
            NETWORK_MATCHING_INPUT, INPUT + "network_namespace", NETWORK + "NetworkNamespaceInput"),
    CONNECTION_URI_SAN(NETWORK_MATCHING_INPUT, INPUT + "uri_san", SSL + "UriSanInput"),
    CONNECTION_DNS_SAN(NETWORK_MATCHING_INPUT, INPUT + "dns_san", SSL + "DnsSanInput"),
    CONNECTION_SUBJECT(NETWORK_MATCHING_INPUT, INPUT + "subject", SSL + "SubjectInput"),
    CONNECTION_FILTER_STATE(
            NETWORK_MATCHING_INPUT, INPUT + "filter_state", NETWORK + "FilterStateInput"),
    REQUEST_DESTINATION_IP(
            HTTP_MATCHING_INPUT, INPUT + "destination_ip", NETWORK + "DestinationIPInput"),
    REQUEST_DESTINATION_PORT(
            HTTP_MATCHING_INPUT, INPUT + "destination_port", NETWORK + "DestinationPortInput"),
    REQUEST_SOURCE_IP(HTTP_MATCHING_INPUT, INPUT + "source_ip", NETWORK + "SourceIPInput"),
    REQUEST_SOURCE_PORT(HTTP_MATCHING_INPUT, INPUT + "source_port", NETWORK + "SourcePortInput"),
    REQUEST_DIRECT_SOURCE_IP(
            HTTP_MATCHING_INPUT, INPUT + "direct_source_ip", NETWORK + "DirectSourceIPInput"),
    REQUEST_SOURCE_TYPE(HTTP_MATCHING_INPUT, INPUT + "source_type", NETWORK + "SourceTypeInput"),
    REQUEST_SERVER_NAME(HTTP_MATCHING_INPUT, INPUT + "server_name", NETWORK + "ServerNameInput"),
    REQUEST_NETWORK_NAMESPACE(
            HTTP_MATCHING_INPUT, INPUT + "network_namespace", NETWORK + "NetworkNamespaceInput"),
    REQUEST_URI_SAN(HTTP_MATCHING_INPUT, INPUT + "uri_san", SSL + "UriSanInput"),
    REQUEST_DNS_SAN(HTTP_MATCHING_INPUT, INPUT + "dns_san", SSL + "DnsSanInput"),
    REQUEST_SUBJECT(HTTP_MATCHING_INPUT, INPUT + "subject", SSL + "SubjectInput"),
    REQUEST_FILTER_STATE(HTTP_MATCHING_INPUT, INPUT + "filter_state", NETWORK + "FilterStateInput"),
    DYNAMIC_METADATA(
            HTTP_MATCHING_INPUT, INPUT + "dynamic_metadata", NETWORK + "DynamicMetadataInput"),
    REQUEST_HEADER(
            HTTP_MATCHING_INPUT, INPUT + "request_headers", HTTP + "HttpRequestHeaderMatchInput"),
    REQUEST_TRAILER(
            HTTP_MATCHING_INPUT, INPUT + "request_trailers", HTTP + "HttpRequestTrailerMatchInput"),
    RESPONSE_HEADER(
            HTTP_MATCHING_INPUT, INPUT + "response_headers", HTTP + "HttpResponseHeaderMatchInput"),
    RESPONSE_TRAILER(
            HTTP_MATCHING_INPUT,
            INPUT + "response_trailers",
            HTTP + "HttpResponseTrailerMatchInput"),
    QUERY_PARAMETER(HTTP_MATCHING_INPUT, "query_params", HTTP + "HttpRequestQueryParamMatchInput"),
    STATUS_CODE(
            HTTP_MATCHING_INPUT,
            INPUT + "status_code_input",
            HTTP + "HttpResponseStatusCodeMatchInput"),
    LOCAL_REPLY(
            HTTP_MATCHING_INPUT, INPUT + "local_reply", HTTP + "HttpResponseLocalReplyMatchInput"),
    STATUS_CODE_CLASS(
            HTTP_MATCHING_INPUT,
            INPUT + "status_code_class_input",
            HTTP + "HttpResponseStatusCodeClassMatchInput"),
    CEL_DATA(HTTP_MATCHING_INPUT, INPUT + "cel_data_input", XDS + "HttpAttributesCelMatchInput"),
    ENVIRONMENT_VARIABLE(
            COMMON_MATCHING_INPUT,
            "envoy.matching.common_inputs.environment_variable",
            "envoy.extensions.matching.common_inputs.environment_variable.v3.Config"),
    CEL(INPUT_MATCHER, MATCHER + "cel_matcher", XDS + "CelMatcher"),
    CONSISTENT_HASHING(
            INPUT_MATCHER,
            MATCHER + "consistent_hashing",
            MATCHERS + "consistent_hashing.v3.ConsistentHashing"),
    IP(INPUT_MATCHER, MATCHER + "ip", MATCHERS + "ip.v3.Ip"),
    METADATA(INPUT_MATCHER, MATCHER + "metadata_matcher", MATCHERS + "metadata.v3.Metadata"),
    RUNTIME_FRACTION(
            INPUT_MATCHER,
            MATCHER + "runtime_fraction",
            MATCHERS + "runtime_fraction.v3.RuntimeFraction");

    /** What names have in common. */
    static final class Names {
        static final String INPUT = "envoy.matching.inputs.";
        static final String MATCHER = "envoy.matching.matchers.";
        static final String MATCHERS = "envoy.extensions.matching.input_matchers.";
        static final String NETWORK = "envoy.extensions.matching.common_inputs.network.v3.";
        static final String SSL = "envoy.extensions.matching.common_inputs.ssl.v3.";
        static final String HTTP = "envoy.type.matcher.v3.";
        static final String XDS = "xds.type.matcher.v3.";

        private Names() {}
    }

    private final ExtensionKey key;
    private final String wellKnownName;

    BuiltinMatching(ExtensionCategory category, String wellKnownName, String messageType) {
        this.key = new ExtensionKey(category, messageType);
        this.wellKnownName = wellKnownName;
    }

    @Override
    public ExtensionKey key() {
        return key;
    }

    @Override
    public String wellKnownName() {
        return wellKnownName;
    }

    @Override
    public ExtensionCompiler<?, ?> compiler() {
        return switch (this) {
            case CONNECTION_DESTINATION_IP,
                    CONNECTION_DESTINATION_PORT,
                    CONNECTION_SOURCE_IP,
                    CONNECTION_SOURCE_PORT,
                    CONNECTION_DIRECT_SOURCE_IP,
                    CONNECTION_SOURCE_TYPE,
                    CONNECTION_SERVER_NAME,
                    CONNECTION_TRANSPORT_PROTOCOL,
                    CONNECTION_APPLICATION_PROTOCOL,
                    CONNECTION_NETWORK_NAMESPACE,
                    CONNECTION_URI_SAN,
                    CONNECTION_DNS_SAN,
                    CONNECTION_SUBJECT ->
                    ConnectionInputFactory.ofConnections(message());
            case REQUEST_DESTINATION_IP,
                    REQUEST_DESTINATION_PORT,
                    REQUEST_SOURCE_IP,
                    REQUEST_SOURCE_PORT,
                    REQUEST_DIRECT_SOURCE_IP,
                    REQUEST_SOURCE_TYPE,
                    REQUEST_SERVER_NAME,
                    REQUEST_NETWORK_NAMESPACE,
                    REQUEST_URI_SAN,
                    REQUEST_DNS_SAN,
                    REQUEST_SUBJECT ->
                    ConnectionInputFactory.ofRequests(message());
            case CONNECTION_FILTER_STATE -> FilterStateInputFactory.ofConnections();
            case REQUEST_FILTER_STATE -> FilterStateInputFactory.ofRequests();
            case DYNAMIC_METADATA -> new DynamicMetadataInputFactory();
            case REQUEST_HEADER -> new RequestHeaderInputFactory();
            case REQUEST_TRAILER -> new RequestTrailerInputFactory();
            case RESPONSE_HEADER -> new ResponseHeaderInputFactory();
            case RESPONSE_TRAILER -> new ResponseTrailerInputFactory();
            case QUERY_PARAMETER -> new QueryParameterInputFactory();
            case LOCAL_REPLY -> new LocalReplyInputFactory();
            case STATUS_CODE -> new StatusCodeInputFactory();
            case STATUS_CODE_CLASS -> new StatusCodeClassInputFactory();
            case ENVIRONMENT_VARIABLE -> new EnvironmentVariableFactory();
            case CEL_DATA -> new CelDataInputFactory();
            case CEL -> new CelMatcherFactory();
            case CONSISTENT_HASHING -> new ConsistentHashingFactory();
            case IP -> new IpFactory();
            case METADATA -> new MetadataFactory();
            case RUNTIME_FRACTION -> new RuntimeFractionFactory();
        };
    }

    /** The message's name without its package. */
    private String message() {
        String type = key.messageType();
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
