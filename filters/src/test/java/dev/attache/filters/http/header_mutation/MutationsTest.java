package dev.attache.filters.http.header_mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import org.junit.jupiter.api.Test;

final class MutationsTest {
    private final Headers request = new Headers(MessagePart.REQUEST, 64, 8);

    @Test
    void headersGoFirstThenTheQueryByWhatTheyLeft() {
        request.add(HeaderName.PATH, "/p?a=1");
        request.add(HeaderName.of("x-old"), "gone");
        apply(
                """
                mutations:
                  query_parameter_mutations:
                  - append: {record: {key: b, value: "%REQ(x-new)%"}}
                  - append: {record: {key: a, value: "%QUERY_PARAM(b)%"}, action: OVERWRITE_IF_EXISTS}
                  request_mutations:
                  - append: {header: {key: x-new, value: "%REQ(x-old)%"}}
                  - remove: x-old
                """);
        assertThat(request.get(HeaderName.PATH)).isEqualTo("/p?a=&b=gone");
        assertThat(request.contains(HeaderName.of("x-old"))).isFalse();
    }

    @Test
    void aRequestWithoutAPathHasNoQueryToChange() {
        apply("mutations: {query_parameter_mutations: [{append: {record: {key: b, value: c}}}]}");
        assertThat(request.contains(HeaderName.PATH)).isFalse();
    }

    @Test
    void removingTheHostRemovesTheAuthority() {
        request.add(HeaderName.AUTHORITY, "a.test");
        apply("mutations: {request_mutations: [{remove: Host}]}");
        assertThat(request.contains(HeaderName.AUTHORITY)).isFalse();
    }

    @Test
    void namesAreMatchedAsTheyAreKept() {
        request.add(HeaderName.of("X-One"), "1");
        request.add(HeaderName.of("x-two"), "2");
        request.add(HeaderName.of("x-one"), "3");
        apply(
                """
                mutations:
                  request_mutations:
                  - remove_on_match: {key_matcher: {exact: X-Two}}
                  - remove_on_match: {key_matcher: {exact: x-one}}
                """);
        assertThat(request.size()).isEqualTo(1);
        assertThat(request.name(0)).isEqualTo("x-two");
    }

    private void apply(String yaml) {
        HeaderMutationPerRoute proto =
                ConfigFixture.parse(yaml, HeaderMutationPerRoute.getDefaultInstance());
        CompileContext context =
                CompileContext.root(new ConfigFixture().settings(), new Diagnostics("test"));
        Mutations mutations = MutationsFactory.compile(proto.getMutations(), context);
        ConnectionInfo connection =
                new ConnectionInfo(
                        1, 0, 0, IpAddress.parse("127.0.0.1", 1), IpAddress.parse("::1", 2));
        mutations.request(request, FormatContext.of(new StreamInfo(connection, 0, 0), request));
    }
}
