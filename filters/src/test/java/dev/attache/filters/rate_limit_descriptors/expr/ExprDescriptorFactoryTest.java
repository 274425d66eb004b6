package dev.attache.filters.rate_limit_descriptors.expr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.SideCall;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Expressions in the descriptors of the rate limit filter. */
final class ExprDescriptorFactoryTest {
    private static FilterSetup limit(String fields) {
        return BuiltinFilter.of(
                "limit",
                "ratelimit.v3.RateLimit",
                """
                {domain: d, rate_limit_service: {grpc_service: {envoy_grpc: {cluster_name: limits}}},
                 rate_limits: [{actions: [{generic_key: {descriptor_value: first}}, {extension: {
                   name: e, typed_config: {
                   "@type": type.googleapis.com/envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor,
                   descriptor_key: made, %s}}}]}]}
                """
                        .formatted(fields));
    }

    private static String asked(SideCall call) {
        return new String(call.request().bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void itsValueIsAnEntry() {
        try (FilterHarness harness = limit("text: \"request.path\"").open()) {
            harness.get("/a");
            assertThat(asked(harness.calls().only())).contains("made").contains("/a");
        }
    }

    @Test
    void withoutAValueThereIsNoDescriptorUnlessItIsSkipped() {
        String failing = "text: \"request.headers['none']\"";
        try (FilterHarness harness = limit(failing).open()) {
            harness.get("/a");
            assertThat(harness.calls().made()).isEmpty();
        }
        try (FilterHarness harness = limit(failing + ", skip_if_error: true").open()) {
            harness.get("/a");
            assertThat(asked(harness.calls().only())).contains("first").doesNotContain("made");
        }
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        assertThat(limit("text: \"1 +\"").errors()).singleElement().asString().contains("parse");
    }
}
