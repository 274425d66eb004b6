package dev.attache.filters.http.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class RbacFilterTest {

    private static final String NAMESPACE = "envoy.filters.http.rbac";
    private static final String COUNT = "http.test.rbac.";

    private static FilterSetup rbac(String fields) {
        return BuiltinFilter.of("rbac", "rbac.v3.RBAC", fields);
    }

    private static String policy(String permission) {
        return "{permissions: [%s], principals: [{any: true}]}".formatted(permission);
    }

    private static String denies(String permission) {
        return "{rules: {action: DENY, policies: {no: %s}}}".formatted(policy(permission));
    }

    private static MetadataValue text(String value) {
        return new MetadataValue.Text(value);
    }

    @Test
    void aRequestThatNoPolicyAllowsIsTurnedAway() {
        try (FilterHarness harness = rbac("{rules: {}}").open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.response().status()).isEqualTo(403);
            assertThat(exchange.response().body()).isEqualTo("RBAC: access denied");
            assertThat(exchange.details()).isEqualTo("rbac_access_denied_matched_policy[none]");
            assertThat(exchange.metadata(NAMESPACE, "enforced_engine_result"))
                    .isEqualTo(text("denied"));
            assertThat(harness.counter(COUNT + "denied")).isEqualTo(1);
        }
    }

    @Test
    void theFirstPolicyByNameIsTold() {
        String any = policy("{any: true}");
        try (FilterHarness harness =
                rbac("{rules: {action: DENY, policies: {\"b c\": %s, d: %s}}}".formatted(any, any))
                        .open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.details()).isEqualTo("rbac_access_denied_matched_policy[b_c]");
            assertThat(exchange.metadata(NAMESPACE, "enforced_effective_policy_id"))
                    .isEqualTo(text("b c"));
        }
    }

    @Test
    void shadowRulesTurnNobodyAway() {
        try (FilterHarness harness =
                rbac("{shadow_rules: {}, shadow_rules_stat_prefix: dry_}").open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.metadata(NAMESPACE, "dry_shadow_engine_result"))
                    .isEqualTo(text("denied"));
            assertThat(harness.counter(COUNT + "dry_.shadow_denied")).isEqualTo(1);
            assertThat(harness.counter(COUNT + "allowed")).isZero();
        }
    }

    @Test
    void loggingRulesSayWhetherToLog() {
        String rules = "{rules: {action: LOG, policies: {l: %s}}}";
        try (FilterHarness harness = rbac(rules.formatted(policy("{header: {name: x}}"))).open()) {
            assertThat(harness.get("/", "x", "1").metadata("envoy.common", "access_log_hint"))
                    .isEqualTo(new MetadataValue.Bool(true));
            assertThat(harness.get("/").metadata("envoy.common", "access_log_hint"))
                    .isEqualTo(new MetadataValue.Bool(false));
            assertThat(harness.counter(COUNT + "allowed")).isEqualTo(2);
        }
    }

    @Test
    void aRouteHasRulesOfItsOwnOrNone() {
        FilterSetup setup = rbac("{rules_stat_prefix: p, rules: {}}");
        setup.override(
                OverrideLevel.ROUTE,
                BuiltinFilter.typed(
                        "rbac.v3.RBACPerRoute",
                        "{rbac: {track_per_rule_stats: true, rules: {policies: {yes: %s}}}}"
                                .formatted(policy("{any: true}"))));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.metadata(NAMESPACE, "penforced_effective_policy_id"))
                    .isEqualTo(text("yes"));
            assertThat(harness.counter(COUNT + "p.policy.yes.allowed")).isEqualTo(1);
        }
        FilterSetup off = rbac("{rules: {}}");
        off.override(OverrideLevel.ROUTE, BuiltinFilter.typed("rbac.v3.RBACPerRoute", "{}"));
        try (FilterHarness harness = off.open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(harness.counter(COUNT + "allowed")).isZero();
        }
    }

    @Test
    void aRuleOnMethodsIsNotGotRoundByTheirCase() {
        String method = "{header: {name: \":method\", string_match: {exact: %s}}}";
        try (FilterHarness harness = rbac(denies(method.formatted("DELETE"))).open()) {
            for (String spelled : new String[] {"DELETE", "delete", "DeLeTe"}) {
                Exchange exchange = harness.bodiless(spelled, "/");
                assertThat(exchange.details())
                        .as(spelled)
                        .isEqualTo("rbac_access_denied_matched_policy[no]");
            }
            assertThat(harness.bodiless("get", "/").forwarded().header(":method")).isEqualTo("get");
        }
        // Nor by what is said of others than those methods.
        try (FilterHarness harness =
                rbac("{rules: {policies: {yes: %s}}}"
                                .formatted(
                                        policy(
                                                "{not_rule: %s}"
                                                        .formatted(method.formatted("DELETE")))))
                        .open()) {
            assertThat(harness.bodiless("delete", "/").response().status()).isEqualTo(403);
            assertThat(harness.bodiless("get", "/").forwarded().ended()).isTrue();
        }
        // What is allowed in capitals is not what is asked for.
        try (FilterHarness harness =
                rbac("{rules: {policies: {yes: %s}}}".formatted(policy(method.formatted("GET"))))
                        .open()) {
            assertThat(harness.bodiless("get", "/").response().status()).isEqualTo(403);
        }
    }

    @Test
    void eachValueOfAHeaderIsLookedAtAlone() {
        String rule = denies("{header: {name: x-role, string_match: {exact: admin}}}");
        try (FilterHarness harness = rbac(rule).open()) {
            assertThat(harness.get("/", "x-role", "user", "x-role", "admin").response().status())
                    .isEqualTo(403);
            assertThat(harness.get("/", "x-role", "user,admin").forwarded().ended()).isTrue();
        }
    }

    @Test
    void pathsAreWithoutTheirQuery() {
        try (FilterHarness harness = rbac(denies("{url_path: {path: {exact: /a}}}")).open()) {
            assertThat(harness.get("/a?b").response().status()).isEqualTo(403);
            assertThat(harness.get("/a;b").forwarded().ended()).isTrue();
            assertThat(harness.bodiless("CONNECT", "").forwarded().ended()).isTrue();
        }
    }

    @Test
    void aMatcherPicksWhatHappens() {
        String action =
                "{name: action, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.config.rbac.v3.Action, name: %s, action: %s}}";
        String input =
                "{name: input, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput,"
                        + " header_name: %s}}";
        String tree =
                "{matcher: {matcher_tree: {input: %s, exact_match_map: {map: {%s: {action: %s}, %s:"
                        + " {action: %s}}}}}, rules: {}}";
        try (FilterHarness harness =
                rbac(tree.formatted(
                                input.formatted("x"),
                                "a",
                                action.formatted("fine", "ALLOW"),
                                "b",
                                action.formatted("log it", "LOG")))
                        .open()) {
            Exchange allowed = harness.get("/", "x", "a");
            assertThat(allowed.forwarded().ended()).isTrue();
            assertThat(allowed.metadata("envoy.common", "access_log_hint"))
                    .isEqualTo(new MetadataValue.Bool(false));
            assertThat(harness.get("/", "x", "b").metadata("envoy.common", "access_log_hint"))
                    .isEqualTo(new MetadataValue.Bool(true));
            assertThat(harness.get("/").details())
                    .isEqualTo("rbac_access_denied_matched_policy[none]");
        }
        try (FilterHarness harness =
                rbac(tree.formatted(
                                input.formatted("\":method\""),
                                "delete",
                                action.formatted("as_it_is", "ALLOW"),
                                "DELETE",
                                action.formatted("denied", "DENY")))
                        .open()) {
            assertThat(harness.bodiless("delete", "/").details())
                    .isEqualTo("rbac_access_denied_matched_policy[denied]");
        }
    }

    @Test
    void aConditionHasToComeToTrue() {
        String policy =
                "{rules: {action: DENY, policies: {c: {permissions: [{any: true}], principals: [{any:"
                        + " true}], condition: %s}}}}";
        String method =
                "{call_expr: {function: _==_, args: [{select_expr: {operand: {ident_expr: {name:"
                        + " request}}, field: method}}, {const_expr: {string_value: PUT}}]}}";
        try (FilterHarness harness = rbac(policy.formatted(method)).open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            for (String spelled : new String[] {"PUT", "put"}) {
                assertThat(harness.bodiless(spelled, "/").response().status()).isEqualTo(403);
            }
        }
        assertThat(rbac(policy.formatted("{}")).errors())
                .singleElement()
                .asString()
                .contains("condition: Invalid empty expression");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThat(rbac(denies("{destination_port_range: {start: 5, end: 5}}")).errors())
                .singleElement()
                .asString()
                .contains("range start 5 cannot be greater or equal than range end 5");
        assertThat(rbac(denies("{destination_port_range: {start: -1, end: 5}}")).errors())
                .singleElement()
                .asString()
                .contains("range start -1 is out of bounds");
        assertThat(rbac(denies("{destination_port_range: {start: 1, end: 65537}}")).errors())
                .singleElement()
                .asString()
                .contains("range end 65537 is out of bounds");
        assertThat(
                        rbac(denies(
                                        "{matcher: {name: m, typed_config: {\"@type\":"
                                                + " type.googleapis.com/envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher}}}"))
                                .errors())
                .singleElement()
                .asString()
                .contains("missing `upstream_ip` and/or `upstream_port_range`");
        assertThat(rbac("{rules: {policies: {p: {permissions: [{any: true}]}}}}").errors())
                .isNotEmpty();
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        rbac("{rules: {}, shadow_rules: {}}")
                .everyDeparture(harness -> harness.request("POST", "/").body("question").end("x"));
    }
}
