package dev.attache.proxy.ratelimit;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds one entry to a descriptor ({@code RateLimit.Action}). Immutable, any thread; an extension
 * may bring its own kind.
 */
public interface DescriptorAction {

    /**
     * Adds the entry, or nothing.
     *
     * @param entries keys and values in turn
     * @return false: there is no such descriptor for this request
     */
    boolean add(DescriptorInputs inputs, List<String> entries);

    private static boolean add(List<String> entries, String key, @Nullable String value) {
        if (value == null) {
            return false;
        }
        entries.add(key);
        entries.add(value);
        return true;
    }

    /** {@code source_cluster}: the cluster of this node. */
    record SourceCluster() implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            return DescriptorAction.add(entries, "source_cluster", inputs.nodeCluster());
        }
    }

    /** {@code destination_cluster}. */
    record DestinationCluster() implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            return DescriptorAction.add(
                    entries, "destination_cluster", inputs.destinationCluster());
        }
    }

    /** {@code request_headers}: the first value of a header. */
    record RequestHeader(HeaderName name, String key, boolean skipIfAbsent)
            implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            Headers headers = inputs.requestHeaders();
            int at = headers.indexOf(name);
            return at < 0 ? skipIfAbsent : DescriptorAction.add(entries, key, headers.value(at));
        }
    }

    /** {@code query_parameters}: the first value of a parameter, decoded. */
    record QueryParameter(String name, String key, boolean skipIfAbsent)
            implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            String value = DecodedQuery.first(inputs.requestHeaders(), name);
            return value == null ? skipIfAbsent : DescriptorAction.add(entries, key, value);
        }
    }

    /** {@code remote_address}. */
    record RemoteAddress() implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            Address address = inputs.info().downstreamRemoteAddress();
            String host = address instanceof IpAddress ip ? ip.host() : null;
            return DescriptorAction.add(entries, "remote_address", host);
        }
    }

    /** {@code masked_remote_address}: as {@code 10.0.0.0/8}. */
    record MaskedRemoteAddress(int v4Bits, int v6Bits) implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            Address address = inputs.info().downstreamRemoteAddress();
            return address instanceof IpAddress ip
                    && DescriptorAction.add(
                            entries,
                            "masked_remote_address",
                            new CidrRange(ip.ip(), ip.isV6() ? v6Bits : v4Bits).toString());
        }
    }

    /** {@code remote_address_match}: there where the address is in a range, or in none. */
    record RemoteAddressMatch(
            List<CidrRange> ranges, boolean inverted, String key, DescriptorValue value)
            implements DescriptorAction {
        public RemoteAddressMatch {
            ranges = List.copyOf(ranges);
        }

        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            Address address = inputs.info().downstreamRemoteAddress();
            return address instanceof IpAddress
                    && contains(address) != inverted
                    && DescriptorAction.add(entries, key, value.of(inputs));
        }

        private boolean contains(Address address) {
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).contains(address)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** {@code generic_key}. */
    record GenericKey(String key, DescriptorValue value) implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            return DescriptorAction.add(entries, key, value.of(inputs));
        }
    }

    /** {@code header_value_match}. */
    record HeaderValueMatch(
            List<HeaderMatcher> headers, boolean expected, String key, DescriptorValue value)
            implements DescriptorAction {
        public HeaderValueMatch {
            headers = List.copyOf(headers);
        }

        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            return HeaderMatcher.all(headers, inputs.requestHeaders()) == expected
                    && DescriptorAction.add(entries, key, value.of(inputs));
        }
    }

    /** {@code query_parameter_value_match}. */
    record QueryParameterValueMatch(
            List<DecodedQuery.Condition> parameters,
            boolean expected,
            String key,
            DescriptorValue value)
            implements DescriptorAction {
        public QueryParameterValueMatch {
            parameters = List.copyOf(parameters);
        }

        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            return matches(inputs.requestHeaders()) == expected
                    && DescriptorAction.add(entries, key, value.of(inputs));
        }

        private boolean matches(Headers request) {
            for (int i = 0; i < parameters.size(); i++) {
                if (!parameters.get(i).matches(request)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * {@code metadata} and the older {@code dynamic_metadata}: a text in it.
     *
     * @param ofRoute the route's metadata in place of the stream's
     * @param otherwise where it is missing or empty; empty = none
     */
    record MetadataText(
            boolean ofRoute,
            String namespace,
            List<String> path,
            String key,
            String otherwise,
            boolean skipIfAbsent)
            implements DescriptorAction {
        public MetadataText {
            path = List.copyOf(path);
        }

        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            MetadataValue found =
                    ofRoute
                            ? inputs.info().routeMetadata.get(namespace, path)
                            : inputs.info().dynamicMetadata().get(namespace, path);
            String text =
                    found instanceof MetadataValue.Text value && !value.value().isEmpty()
                            ? Octets.of(value.value())
                            : otherwise;
            return text.isEmpty() ? skipIfAbsent : DescriptorAction.add(entries, key, text);
        }
    }

    /** {@code extension} with an input of a matcher; its name is the key. */
    record Input(String key, MatchInput<HttpMatchData> input) implements DescriptorAction {
        @Override
        public boolean add(DescriptorInputs inputs, List<String> entries) {
            String value = input.text(FormatContext.of(inputs.info(), inputs.requestHeaders()));
            return DescriptorAction.add(entries, key, value);
        }
    }
}
