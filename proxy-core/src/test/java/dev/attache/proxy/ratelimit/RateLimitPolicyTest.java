package dev.attache.proxy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.ratelimit.Descriptor.HeadersOption;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitPolicyTest {
    private static final HeaderName X_HITS = HeaderName.of("x-hits");

    private final Headers request = new Headers(MessagePart.REQUEST, 256, 8);
    private final StreamInfo info =
            new StreamInfo(
                    new ConnectionInfo(
                            1,
                            0,
                            0,
                            IpAddress.parse("10.0.0.1", 80),
                            IpAddress.parse("2001:db8:1:2::3", 5000)),
                    0,
                    0);

    private final DescriptorInputs inputs =
            new DescriptorInputs() {
                @Override
                public Headers requestHeaders() {
                    return request;
                }

                @Override
                public StreamInfo info() {
                    return info;
                }

                @Override
                public String nodeCluster() {
                    return "here";
                }

                @Override
                public @Nullable String destinationCluster() {
                    return null;
                }
            };

    private @Nullable Descriptor descriptor(HitsAddend hits, DescriptorAction... actions) {
        return new RateLimitPolicy(
                        0,
                        "",
                        100,
                        List.of(actions),
                        hits,
                        false,
                        HeadersOption.UNSPECIFIED,
                        new LimitOverride.None())
                .descriptor(inputs);
    }

    private String text(DescriptorAction... actions) {
        Descriptor made = descriptor(HitsAddend.UNSET, actions);
        return made == null ? "none" : made.key().toString();
    }

    @Test
    void oneActionThatFindsNothingLeavesNoDescriptor() {
        DescriptorAction source = new DescriptorAction.SourceCluster();
        assertThat(text(source)).isEqualTo("source_cluster=here");
        assertThat(text(source, new DescriptorAction.DestinationCluster())).isEqualTo("none");
        assertThat(text(source, new DescriptorAction.RequestHeader(X_HITS, "k", false)))
                .isEqualTo("none");
        assertThat(text(source, new DescriptorAction.RequestHeader(X_HITS, "k", true)))
                .isEqualTo("source_cluster=here");
    }

    @Test
    void masksAddressesByFamily() {
        assertThat(text(new DescriptorAction.MaskedRemoteAddress(8, 32)))
                .isEqualTo("masked_remote_address=2001:db8::/32");
        info.downstreamRemoteAddress(IpAddress.parse("192.168.7.9", 1));
        assertThat(text(new DescriptorAction.MaskedRemoteAddress(16, 32)))
                .isEqualTo("masked_remote_address=192.168.0.0/16");
    }

    @ParameterizedTest
    @CsvSource({
        "/p?a=1&b=2, a, 1",
        "/p?a=1&a=2, a, 1",
        "/p?a, a, ''",
        "/p?%61=%2Fx%zz%4, a, /x%zz%4",
        "/p?a=x+y, a, x+y",
        "/p?b=1#a=2, a, none",
        "/p?ab=1, a, none",
        "/p, a, none",
    })
    void decodesTheQuery(String path, String name, String value) {
        request.add(HeaderName.PATH, path);
        assertThat(text(new DescriptorAction.QueryParameter(name, "k", false)))
                .isEqualTo(value.equals("none") ? "none" : "k=" + value);
        DecodedQuery.Condition there = new DecodedQuery.Condition(name, null, true);
        DecodedQuery.Condition equal =
                new DecodedQuery.Condition(name, StringMatcher.exact(value), true);
        assertThat(there.matches(request)).isEqualTo(!value.equals("none"));
        assertThat(equal.matches(request)).isEqualTo(!value.equals("none"));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "2.9, 2",
        "+4, 4",
        "1e9, 1000000000",
        "0, 0",
        "-1, none",
        "1e10, none",
        "x, none",
        "3d, none",
        "0x3, none",
        "NaN, none",
        "'', none",
    })
    void hitsOfAFormat(String value, String hits) {
        request.add(X_HITS, value);
        Descriptor made =
                descriptor(
                        new HitsAddend(-1, Formatter.parse("%REQ(x-hits)%"), false),
                        new DescriptorAction.SourceCluster());
        assertThat(made == null ? "none" : Long.toString(made.hits())).isEqualTo(hits);
    }
}
