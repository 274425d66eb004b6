package dev.attache.filters.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.listener.ListenerCompiler;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.filters.ConfigFixture;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matcher trees that are refused, with Envoy's reason and the place. */
final class BadMatchersTest {
    private static final String TYPE = "'@type': type.googleapis.com/";
    private static final String NETWORK =
            TYPE + "envoy.extensions.matching.common_inputs.network.v3.";

    private static final String NAME =
            "{action: {name: a, typed_config: {"
                    + TYPE
                    + "google.protobuf.StringValue, value: a}}}";
    private static final String PORT =
            "{name: port, typed_config: {" + NETWORK + "DestinationPortInput}}";
    private static final String HEADER =
            "{name: x, typed_config: {"
                    + TYPE
                    + "envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x}}";
    private static final String RANGES = TYPE + "xds.type.matcher.v3.IPMatcher";
    private static final String NAMES = TYPE + "xds.type.matcher.v3.ServerNameMatcher";
    private static final String MATCHERS = TYPE + "envoy.extensions.matching.input_matchers.";
    private static final String ROUTE =
            "{action: {name: r, typed_config: {"
                    + TYPE
                    + "envoy.config.route.v3.Route, match: {prefix: /}, direct_response: {status:"
                    + " 200}}}}";

    private final ConfigFixture fixture = new ConfigFixture();

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    {matcher_list: {matchers: [{predicate: {single_predicate: {input: HEADER, value_match: {exact: a}}}, on_match: NAME}]}}; .matcher_list.matchers[0].predicate.single_predicate.input.typed_config: Didn't find a registered implementation for 'x' with type URL: 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput'
                    {matcher_list: {matchers: [{predicate: {single_predicate: {input: PORT, value_match: {safe_regex: {google_re2: {}, regex: '(a'}}}}, on_match: NAME}]}}; .matcher_list.matchers[0].predicate.single_predicate.value_match.safe_regex.regex: missing ): (a
                    {matcher_list: {matchers: [{predicate: {not_matcher: {single_predicate: {input: PORT, custom_match: {name: c, typed_config: {MATCHERSconsistent_hashing.v3.ConsistentHashing, threshold: 3, modulo: 2}}}}}, on_match: NAME}]}}; .matcher_list.matchers[0].predicate.not_matcher.single_predicate.custom_match.typed_config: threshold cannot be greater than modulo: 3 > 2
                    {matcher_list: {matchers: [{predicate: {single_predicate: {input: PORT, custom_match: {name: c, typed_config: {MATCHERSip.v3.Ip, stat_prefix: a, cidr_ranges: [{address_prefix: x}]}}}}, on_match: NAME}]}}; .matcher_list.matchers[0].predicate.single_predicate.custom_match.typed_config.cidr_ranges[0].address_prefix: malformed IP address: x
                    {on_no_match: {action: {name: s, typed_config: {TYPEenvoy.extensions.filters.common.matcher.action.v3.SkipFilter}}}}; .on_no_match.action.typed_config: Unable to unpack as google.protobuf.StringValue: got envoy.extensions.filters.common.matcher.action.v3.SkipFilter
                    {matcher_tree: {input: PORT, exact_match_map: {map: {a: {keep_matching: true, action: {name: a, typed_config: {TYPEgoogle.protobuf.StringValue, value: a}}}}}}}; .matcher_tree.exact_match_map.map["a"].keep_matching: keep_matching is not supported in this context
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {RANGES, range_matchers: [{ranges: [{address_prefix: 10.0.0}], on_match: NAME}]}}}}; .matcher_tree.custom_match.typed_config.range_matchers[0].ranges[0].address_prefix: malformed IP address: 10.0.0
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {RANGES, range_matchers: [{ranges: [{address_prefix: 10.0.0.0}]}]}}}}; .matcher_tree.custom_match.typed_config.range_matchers[0].on_match: neither an action nor a matcher is set
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {NAMES, domain_matchers: [{domains: [a.com, a.com], on_match: NAME}]}}}}; .matcher_tree.custom_match.typed_config.domain_matchers[0].domains[1]: Duplicate domain in ServerNameMatcher: a.com
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {NAMES, domain_matchers: [{domains: ['*a.com'], on_match: NAME}]}}}}; .matcher_tree.custom_match.typed_config.domain_matchers[0].domains[0]: Invalid wildcard domain format: *a.com. Only '*' and '*.domain' patterns are supported
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {NAMES, domain_matchers: [{domains: ['*.a.*'], on_match: NAME}]}}}}; .matcher_tree.custom_match.typed_config.domain_matchers[0].domains[0]: Invalid wildcard domain format: *.a.*. Multiple wildcards are not supported
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {NAMES, domain_matchers: [{domains: [''], on_match: NAME}]}}}}; .matcher_tree.custom_match.typed_config.domain_matchers[0].domains[0]: Empty domain in ServerNameMatcher
                    {matcher_tree: {input: PORT, custom_match: {name: c, typed_config: {TYPEgoogle.protobuf.StringValue}}}}; .matcher_tree.custom_match.typed_config: Didn't find a registered implementation for 'c' with type URL: 'google.protobuf.StringValue'
                    {on_no_match: {matcher: {on_no_match: {matcher: {matcher_tree: {input: {name: z, typed_config: {TYPEgoogle.protobuf.Struct}}, prefix_match_map: {map: {a: NAME}}}}}}}}; .on_no_match.matcher.on_no_match.matcher.matcher_tree.input.typed_config: Didn't find a registered implementation for 'z' with type URL: 'google.protobuf.Struct'
                    """)
    void treesOfConnections(String matcher, String error) {
        assertThat(listener("[{name: a}]", matcher))
                .containsExactly("filter_chain_matcher" + error);
    }

    @Test
    void chainsHaveNamesOfTheirOwn() {
        assertThat(listener("[{}, {name: a}, {name: a}]", "{}"))
                .containsExactly(
                        "filter_chains[0].name: error adding listener '127.0.0.1:0': \"name\""
                                + " field is required when using a listener matcher",
                        "filter_chains[2].name: error adding listener '127.0.0.1:0': \"name\""
                                + " field is duplicated with value 'a'");
    }

    @Test
    void aMatcherNeedsChains() {
        assertThat(listener("[]", "{}"))
                .containsExactly(
                        ": error adding listener '127.0.0.1:0': no filter chains specified");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    matcher: {on_no_match: ROUTE}, routes: [{match: {prefix: /}, direct_response: {status: 200}}]; .matcher: cannot set both matcher and routes on virtual host
                    matcher: {matcher_tree: {input: PORT, exact_match_map: {map: {a: ROUTE}}}}; .matcher.matcher_tree.input.typed_config: Route table can only match on request headers, saw type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput
                    matcher: {matcher_tree: {input: {name: l, typed_config: {TYPEenvoy.type.matcher.v3.HttpResponseLocalReplyMatchInput}}, exact_match_map: {map: {a: ROUTE}}}}; .matcher.matcher_tree.input.typed_config: Route table can only match on request headers, saw type.googleapis.com/envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput
                    matcher: {on_no_match: {action: {name: r, typed_config: {TYPEenvoy.config.route.v3.RouteAction, cluster: a}}}}; .matcher.on_no_match.action.typed_config: Didn't find a registered implementation for 'r' with type URL: 'envoy.config.route.v3.RouteAction'
                    matcher: {on_no_match: {action: {name: r, typed_config: {TYPEenvoy.config.route.v3.RouteList, routes: [{match: {prefix: /}, direct_response: {status: 200}}, {match: {safe_regex: {regex: '(a'}}, direct_response: {status: 200}}]}}}}; .matcher.on_no_match.action.typed_config.routes[1].match.safe_regex.regex: missing ): (a
                    """)
    void treesOfRoutes(String fields, String error) {
        String yaml = "{name: r, virtual_hosts: [{name: h, domains: ['*'], " + fields + "}]}";
        RouteConfiguration routes =
                ConfigFixture.parse(written(yaml), RouteConfiguration.getDefaultInstance());

        assertThat(
                        ConfigFixture.errors(
                                RouteConfigurationCompiler.compileResource(
                                        routes, fixture.settings())))
                .containsExactly("virtual_hosts[0]" + error);
    }

    private List<String> listener(String chains, String matcher) {
        String yaml =
                "{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 0}},"
                        + " filter_chains: "
                        + chains
                        + ", filter_chain_matcher: "
                        + matcher
                        + "}";
        Listener listener = ConfigFixture.parse(written(yaml), Listener.getDefaultInstance());
        return ConfigFixture.errors(ListenerCompiler.compileResource(listener, fixture.settings()));
    }

    private static String written(String yaml) {
        return yaml.replace("ROUTE}", ROUTE + "}")
                .replace(": NAME", ": " + NAME)
                .replace("PORT", PORT)
                .replace("HEADER", HEADER)
                .replace("RANGES", RANGES)
                .replace("NAMES", NAMES)
                .replace("MATCHERS", MATCHERS)
                .replace("TYPE", TYPE);
    }
}
