package dev.attache.filters.http.ext_authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtAuthzFilterFactoryTest {

    private static Compiled<HttpFilterSpec> compile(String yaml) {
        CompileContext context =
                CompileContext.root(new ConfigFixture().settings(), new Diagnostics("test"));
        return new ExtAuthzFilterFactory()
                .compile(ConfigFixture.parse(yaml, ExtAuthz.getDefaultInstance()), context);
    }

    private static List<String> errors(String yaml) {
        return ConfigFixture.errors(compile(yaml));
    }

    private static final String GRPC =
            "transport_api_version: V3\ngrpc_service: {envoy_grpc: {cluster_name: a}}\n";

    @Test
    void a_service_is_a_cluster_and_no_library_of_its_own() {
        assertThat(errors(GRPC)).isEmpty();
        assertThat(
                        errors(
                                "transport_api_version: V3\n"
                                        + "grpc_service: {google_grpc: {target_uri: 'a:1',"
                                        + " stat_prefix: a}}"))
                .singleElement()
                .asString()
                .startsWith("grpc_service.google_grpc: ");
    }

    @Test
    void the_transport_api_is_version_3() {
        assertThat(errors("grpc_service: {envoy_grpc: {cluster_name: a}}"))
                .singleElement()
                .asString()
                .startsWith("transport_api_version: ");
    }

    @Test
    void paths_of_a_service_begin_with_a_slash_and_are_one_or_the_other() {
        String service = "http_service: {server_uri: {uri: http://a, cluster: a}, ";
        assertThat(errors(service + "path_prefix: a}")).hasSize(1);
        assertThat(errors(service + "path_prefix: /a, path_override: /b}")).hasSize(1);
        assertThat(errors(service + "path_prefix: /a}")).isEmpty();
    }

    @Test
    void what_is_kept_needs_headers_that_decide() {
        String cache = GRPC + "filter_metadata: {other: 1, attache.decision_cache: ";
        assertThat(errors(cache + "{key_headers: [authorization], ttl_ms: 5}}")).isEmpty();
        assertThat(errors(cache + "{ttl_ms: 5}}"))
                .singleElement()
                .asString()
                .startsWith("filter_metadata.attache.decision_cache.key_headers: ");
        assertThat(errors(cache + "{key_headers: [a], ttl: 5}}"))
                .singleElement()
                .asString()
                .startsWith("filter_metadata.attache.decision_cache.ttl: ");
        for (String bad :
                List.of(
                        "key_headers: a",
                        "key_headers: ['a b']",
                        "key_headers: ['']",
                        "key_headers: [1]",
                        "max_entries: 0",
                        "ttl_ms: '5'",
                        "ttl_ms: 0.5",
                        "keep_denied: 'true'")) {
            boolean ofKeys = bad.startsWith("key_headers");
            String setting = bad.substring(0, bad.indexOf(':'));
            assertThat(errors(cache + (ofKeys ? "{" : "{key_headers: [a], ") + bad + "}}"))
                    .as(bad)
                    .isNotEmpty()
                    .allSatisfy(error ->
                            assertThat(error)
                                    .startsWith(
                                            "filter_metadata.attache.decision_cache."
                                                    + setting
                                                    + ": "));
        }
    }
}
