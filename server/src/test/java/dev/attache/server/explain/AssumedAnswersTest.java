package dev.attache.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ExplainOptions;
import dev.attache.server.log.LogLevel;
import dev.attache.testkit.OneListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who would be asked is said, and that the answer is taken as yes; so is what is not run. */
final class AssumedAnswersTest {

    private static final String SERVICE =
            "grpc_service: {envoy_grpc: {cluster_name: asked}}, transport_api_version: V3";

    private static final String BOOTSTRAP =
            OneListener.plain()
                            .networkFilter(
                                    "nrbac",
                                    "network.rbac.v3.RBAC",
                                    "stat_prefix: r, rules: {policies: {some: {permissions: [{any:"
                                            + " true}], principals: [{direct_remote_ip:"
                                            + " {address_prefix: 127.0.0.0, prefix_len: 8}}]}}}")
                            .networkFilter(
                                    "nauthz",
                                    "network.ext_authz.v3.ExtAuthz",
                                    "stat_prefix: a, " + SERVICE)
                            .networkFilter(
                                    "nlocal",
                                    "network.local_ratelimit.v3.LocalRateLimit",
                                    "stat_prefix: l, token_bucket: {max_tokens: 1, fill_interval:"
                                            + " 1s}")
                            .filter("authz", "http.ext_authz.v3.ExtAuthz", SERVICE)
                            .filter(
                                    "limits",
                                    "http.ratelimit.v3.RateLimit",
                                    "domain: d, rate_limit_service: {" + SERVICE + "}")
                            .filter(
                                    "local",
                                    "http.local_ratelimit.v3.LocalRateLimit",
                                    "stat_prefix: l, token_bucket: {max_tokens: 1, fill_interval:"
                                            + " 1s}")
                            .filter(
                                    "jwt",
                                    "http.jwt_authn.v3.JwtAuthentication",
                                    "providers: {p: {issuer: i, remote_jwks: {http_uri: {uri:"
                                            + " \"https://keys.test/\", cluster: asked, timeout:"
                                            + " 1s}}}}, rules: [{match: {prefix: /}, requires:"
                                            + " {provider_name: p}}]")
                            .filter(
                                    "fault",
                                    "http.fault.v3.HTTPFault",
                                    "abort: {http_status: 503, percentage: {numerator: 1}}")
                            .filter(
                                    "script",
                                    "http.lua.v3.Lua",
                                    "default_source_code: {inline_string: \"function"
                                            + " envoy_on_request(h) end\"}")
                            .routes("[\"*\"]", "{match: {prefix: /}, route: {cluster: asked}}")
                    + """
                      clusters:
                      - name: asked
                        load_assignment:
                          cluster_name: asked
                          endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9}}}}]}]
                    """;

    private static AttacheServer server;

    @Test
    void eachFilterThatAsksSaysIt() throws Exception {
        Explanation said = explain(Map.of("url", "http://a.test/x"));
        assertThat(names(said, "assumed"))
                .containsExactly("nauthz", "nlocal", "authz", "limits", "local", "jwt", "fault");
        assertThat(names(said, "not_run")).containsExactly("script");
        assertThat(ExplanationJson.compact(said))
                .contains("\"asks\":\"the authorization service at asked, over gRPC\"")
                .contains("\"answer\":\"asked; the answer here taken as OK\"")
                .contains("\"would\":\"runs, not run here: ");
        assertThat(Outcome.line(said))
                .contains("forwarded\nasked; the answers here taken as OK: nauthz, nlocal, ")
                .contains("\nruns, not run here: script");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.ROUTED);
    }

    /** What a network filter can decide it decides. */
    @Test
    void aConnectionThatARuleTurnsAwayIsClosed() throws Exception {
        Explanation said = explain(Map.of("url", "http://a.test/x", "source", "10.0.0.1"));
        assertThat(said.part("outcome").text("what"))
                .isEqualTo("the connection is closed by filter nrbac");
        assertThat(said.part("outcome").text("details")).contains("rbac_access_denied");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.REFUSED);
    }

    private static Explanation explain(Map<String, String> question) throws Exception {
        return server.explain(QuestionReader.read(question)).get(30, TimeUnit.SECONDS);
    }

    private static List<String> names(Explanation said, String list) {
        return said.facts().get(list) instanceof List<?> items
                ? items.stream().map(item -> ((Explanation) item).text("filter")).toList()
                : List.of();
    }

    @BeforeAll
    static void start() throws Exception {
        server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(BOOTSTRAP)
                                .concurrency(1)
                                .logLevel(LogLevel.ERROR)
                                .explain(ExplainOptions.OFFLINE)
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
    }

    @AfterAll
    static void end() {
        server.close();
    }
}
