package dev.attache.server.review.useless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostic;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Review;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Each kind of what is useless is told with its field, and what might be of use is not. */
final class UselessTest {

    private static final String MANAGER =
            "static_resources.listeners[0].filter_chains[0].filters[0].typed_config";
    private static final String HOST = MANAGER + ".route_config.virtual_hosts[0]";

    @Test
    void routesBehindOneThatTakesAll() throws Exception {
        List<Diagnostic> found =
                routes(
                        """
                        - name: api
                          match: {prefix: /api}
                          route: {cluster: goods}
                        - match: {path: /api/x, headers: [{name: x, string_match: {exact: prod}}]}
                          route: {cluster: goods}
                        - match: {prefix: /b, headers: [{name: x, string_match: {exact: prod}}]}
                          route: {cluster: goods}
                        - match: {prefix: /b}
                          route: {cluster: goods}
                        - match: {prefix: /c, runtime_fraction: {default_value: {numerator: 0}}}
                          route: {cluster: goods}
                        """);
        assertThat(found)
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        HOST + ".routes[1].match", HOST + ".routes[4].match.runtime_fraction");
        assertThat(found.getFirst().message())
                .isEqualTo(
                        "route 1 is never reached: route 0 'api' in front of it, prefix /api, takes"
                                + " all that it would");
        assertThat(found.getFirst().remedy()).isNotNull();
    }

    @Test
    void routesBehindTheMostComparisonsAreNotLookedAt() throws Exception {
        String routes =
                """
                - match: {safe_regex: {regex: /a+}}
                  route: {cluster: goods}
                - match: {safe_regex: {regex: /b+}}
                  route: {cluster: goods}
                - match: {path: /c}
                  route: {cluster: goods}
                - match: {path: /b}
                  route: {cluster: goods}
                - match: {path: /d, runtime_fraction: {default_value: {numerator: 0}}}
                  route: {cluster: goods}
                """;
        UsedTable table = reviewed(web("", routes), UselessTest::onlyTable);
        List<Diagnostic> found = new ArrayList<>();
        UnreachedRoutes.find(table, 3, found::add);
        assertThat(found)
                .extracting(Diagnostic::fieldPath)
                .containsExactly(HOST + ".routes", HOST + ".routes[4].match.runtime_fraction");
        assertThat(found.getFirst().message())
                .isEqualTo(
                        "whether route 3 and those behind it are reached is not looked at: it would"
                                + " take more than 3 comparisons");
        assertThat(routes(routes))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        HOST + ".routes[3].match", HOST + ".routes[4].match.runtime_fraction");
    }

    private static UsedTable onlyTable(Configuration configuration, TypeRegistry types) {
        return ConnectionManagers.of(configuration).tables().getFirst();
    }

    @Test
    void retriesThatNeverHappen() throws Exception {
        assertThat(
                        routes(
                                """
                                - match: {prefix: /a}
                                  route: {cluster: goods, retry_policy: {retry_on: "5xx,often", retriable_status_codes: [404]}}
                                - match: {prefix: /b}
                                  route: {cluster: goods, retry_policy: {num_retries: 3}}
                                - match: {prefix: /c}
                                  route: {cluster: goods, retry_policy: {retry_on: "retriable-status-codes, connect-failure", retriable_status_codes: [404]}}
                                """))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        HOST + ".routes[0].route.retry_policy.retry_on",
                        HOST + ".routes[0].route.retry_policy.retriable_status_codes",
                        HOST + ".routes[1].route.retry_policy.retry_on");
    }

    @Test
    void timeoutsBehindShorterOnes() throws Exception {
        assertThat(
                        routes(
                                """
                                - match: {prefix: /a}
                                  route: {cluster: goods, retry_policy: {retry_on: 5xx, per_try_timeout: 15s}}
                                - match: {prefix: /b}
                                  route: {cluster: goods, timeout: 20s, max_stream_duration: {max_stream_duration: 20s}}
                                - match: {prefix: /c}
                                  route: {cluster: goods, timeout: 0s, retry_policy: {retry_on: 5xx, per_try_timeout: 15s}}
                                - match: {prefix: /d}
                                  route: {cluster: goods, max_stream_duration: {max_stream_duration: 20s}}
                                """))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        HOST + ".routes[0].route.retry_policy.per_try_timeout",
                        HOST + ".routes[1].route.timeout");
    }

    @Test
    void timeoutsThatAreNotTheRoutesOwn() throws Exception {
        assertThat(
                        routes(
                                """
                                - match: {prefix: /a}
                                  route: {cluster: goods, max_stream_duration: {}, retry_policy: {retry_on: 5xx, per_try_timeout: 20s}}
                                - match: {prefix: /b}
                                  route: {cluster: goods, max_grpc_timeout: 60s, retry_policy: {retry_on: 5xx, per_try_timeout: 20s}}
                                """))
                .isEmpty();
    }

    @Test
    void aVirtualHostsPolicyIsOfAllRoutesThatInheritIt() throws Exception {
        String routes =
                """
                - match: {prefix: /a}
                  route: {cluster: goods, timeout: 2s}
                - match: {prefix: /b}
                  route: {cluster: goods, timeout: 3s}
                - match: {prefix: /c}
                  route: {cluster: goods, timeout: 9s, retry_policy: {retry_on: 5xx}}
                """;
        String policy = "domains: [\"*\"], retry_policy: {retry_on: 5xx, per_try_timeout: %s}";
        assertThat(useless(web("", routes).replace("domains: [\"*\"]", policy.formatted("2s"))))
                .isEmpty();
        List<Diagnostic> found =
                useless(web("", routes).replace("domains: [\"*\"]", policy.formatted("4s")));
        assertThat(found)
                .extracting(Diagnostic::fieldPath)
                .containsExactly(HOST + ".retry_policy.per_try_timeout");
        assertThat(found.getFirst().message())
                .startsWith(
                        "never over: the longest timeout of its routes of 3000 ms is not longer"
                                + " than these 4000 ms");
    }

    @Test
    void domainsWithAPortThatIsTakenOff() throws Exception {
        String listener = web("", "- {match: {prefix: /}, route: {cluster: goods}}");
        assertThat(useless(listener.replace("domains: [\"*\"]", "domains: [\"a:80\", \"*\"]")))
                .isEmpty();
        assertThat(
                        useless(
                                listener.replace("domains: [\"*\"]", "domains: [\"a:80\", \"*\"]")
                                        .replace(
                                                "stat_prefix: web",
                                                "stat_prefix: web, strip_any_host_port: true")))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(HOST + ".domains[0]");
    }

    @Test
    void clustersAndSecretsThatNobodyNames() throws Exception {
        String more =
                """
                  - {name: idle, type: STATIC, load_assignment: {cluster_name: idle}}
                  secrets: [{name: dust, generic_secret: {secret: {inline_string: x}}}]
                """;
        assertThat(useless(web("", "- {match: {prefix: /}, route: {cluster: goods}}") + more))
                .extracting(Diagnostic::fieldPath)
                .containsExactly("static_resources.secrets[0]", "static_resources.clusters[1]");
        assertThat(useless(web("", "- {match: {prefix: /}, route: {cluster_header: x-to}}") + more))
                .as("a request may name any cluster")
                .extracting(Diagnostic::fieldPath)
                .containsExactly("static_resources.secrets[0]");
        String ads =
                "dynamic_resources: {ads_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: goods}}]}, lds_config: {resource_api_version: V3, ads: {}}}\n";
        assertThat(useless(ads + web("", "- {match: {prefix: /}, route: {cluster: goods}}") + more))
                .as("a control plane may name any")
                .isEmpty();
    }

    private static List<Diagnostic> routes(String routes) throws StartupException {
        return useless(web("", routes));
    }

    private static String web(String more, String routes) {
        return """
        node: {id: node, cluster: tests}
        static_resources:
          listeners:
          - name: web
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            MORE
            filter_chains:
            - filters:
              - name: hcm
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                  stat_prefix: web,
                  http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}],
                  route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: ROUTES}]}}
          clusters:
          - {name: goods, type: STATIC, load_assignment: {cluster_name: goods}}
        """
                .replace("MORE", more)
                .replace("ROUTES", flow(routes));
    }

    /** Routes a line or two each, as one flow sequence. */
    private static String flow(String routes) {
        StringBuilder text = new StringBuilder("[");
        for (String route : routes.split("(?m)^- ")) {
            if (route.isBlank()) {
                continue;
            }
            String fields = route.strip().replaceAll("\\n\\s+", ", ");
            text.append(text.length() > 1 ? ", " : "")
                    .append(fields.startsWith("{") ? fields : "{" + fields + "}");
        }
        return text.append("]").toString();
    }

    static List<Diagnostic> useless(String bootstrap) throws StartupException {
        return reviewed(bootstrap, Useless::in);
    }

    private static <T> T reviewed(String bootstrap, BiFunction<Configuration, TypeRegistry, T> look)
            throws StartupException {
        ServerOptions options =
                ServerOptions.builder().configYaml(bootstrap).concurrency(1).build();
        try (Assembly assembly = Assembly.of(options)) {
            Configuration configuration = Review.of(assembly);
            assertThat(configuration.errors()).isEmpty();
            return look.apply(configuration, assembly.types());
        }
    }
}
