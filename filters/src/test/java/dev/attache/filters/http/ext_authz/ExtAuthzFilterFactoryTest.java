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

    private static List<String> google(String fields, String beside) {
        return errors(
                "transport_api_version: V3\ngrpc_service: {"
                        + beside
                        + " google_grpc: {stat_prefix: a, "
                        + fields
                        + "}}");
    }

    @Test
    void a_service_is_a_cluster_or_a_target() {
        assertThat(errors(GRPC)).isEmpty();
        assertThat(google("target_uri: 'a:1'", "")).isEmpty();
        assertThat(google("target_uri: 'http://a:1'", ""))
                .singleElement()
                .asString()
                .startsWith("grpc_service.google_grpc.target_uri: ");
    }

    @Test
    void credentials_are_those_that_lead_somewhere() {
        String target = "target_uri: 'a:1', ";
        assertThat(
                        google(
                                "target_uri: 'unix:/a', channel_credentials: {local_credentials: {}}",
                                ""))
                .isEmpty();
        assertThat(google(target + "channel_credentials: {local_credentials: {}}", ""))
                .singleElement()
                .asString()
                .startsWith("grpc_service.google_grpc.channel_credentials.local_credentials: ");
        assertThat(google(target + "call_credentials: [{access_token: t}]", ""))
                .singleElement()
                .asString()
                .startsWith("grpc_service.google_grpc.call_credentials[0].access_token: ");
        assertThat(
                        google(
                                target
                                        + "channel_credentials: {ssl_credentials: {root_certs:"
                                        + " {filename: /nowhere}}}",
                                ""))
                .anySatisfy(error ->
                        assertThat(error)
                                .startsWith(
                                        "grpc_service.google_grpc.channel_credentials"
                                                + ".ssl_credentials.root_certs.filename: "));
    }

    @Test
    void arguments_of_a_channel_are_those_that_mean_something() {
        String args = "target_uri: 'a:1', channel_args: {args: {";
        assertThat(
                        google(
                                args
                                        + "grpc.default_authority: {string_value: b},"
                                        + " grpc.keepalive_time_ms: {int_value: 1000},"
                                        + " grpc.unheard_of: {int_value: 1}}}",
                                ""))
                .isEmpty();
        for (String bad :
                List.of(
                        "grpc.lb_policy_name: {string_value: round_robin}",
                        "grpc.default_authority: {int_value: 1}",
                        "grpc.keepalive_time_ms: {string_value: '1'}")) {
            assertThat(google(args + bad + "}}", "")).as(bad).hasSize(1);
        }
    }

    @Test
    void metadata_of_a_target_is_what_grpc_sends() {
        String target = "target_uri: 'a:1'";
        assertThat(google(target, "initial_metadata: [{key: X_a.b, value: c}],")).isEmpty();
        assertThat(google(target, "initial_metadata: [{key: 'a!', value: c}],"))
                .singleElement()
                .asString()
                .endsWith("Illegal characters in gRPC initial metadata header key: a!.");
        assertThat(google(target, "initial_metadata: [{key: a, value: \"\\u00e9\"}],"))
                .singleElement()
                .asString()
                .endsWith("Illegal ASCII value for gRPC initial metadata header key: a.");
    }

    @Test
    void the_transport_api_is_version_3() {
        String service = "grpc_service: {envoy_grpc: {cluster_name: a}}";
        assertThat(errors(service)).isEmpty();
        assertThat(errors("transport_api_version: AUTO\n" + service)).isEmpty();
        assertThat(errors("transport_api_version: V2\n" + service))
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
