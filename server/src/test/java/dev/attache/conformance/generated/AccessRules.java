package dev.attache.conformance.generated;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * rbac: policies made up of a few words, of filters and of routes, enforced and not, over TLS with
 * client certificates too, and requests of the same words. Half of the cases have so many policies
 * that they are found by their values.
 */
final class AccessRules implements Area {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream("a", "{}");
        boolean secure = chance.in(40);
        if (secure) {
            draft.merge("tls", tls(chance));
        }
        if (chance.in(30)) {
            draft.merge(
                    "hcm",
                    "{normalize_path: %s, merge_slashes: %s, use_remote_address: %s}"
                            .formatted(chance.in(70), chance.in(50), chance.in(30)));
        }
        if (chance.in(30)) {
            draft.merge("route_config", "{ignore_path_parameters_in_path_matching: true}");
        }
        if (chance.in(25)) {
            draft.merge(
                    "network_filters",
                    "[{name: n, typed_config: {'@type': %snetwork.rbac.v3.RBAC, stat_prefix: $self, %s}}]"
                            .formatted(
                                    TYPE,
                                    "rules: "
                                            + AccessPolicies.rules(
                                                    chance, chance.between(0, 3), false)));
        }
        draft.merge(
                "http_filters",
                "[{name: rbac, typed_config: {'@type': %shttp.rbac.v3.RBAC%s}}]"
                        .formatted(TYPE, settings(chance)));
        routes(draft, chance);
        draft.merge(
                "access_log_format",
                """
                {details: '%RESPONSE_CODE_DETAILS%', metadata: '%DYNAMIC_METADATA(envoy.filters.http.rbac)%', hint: '%DYNAMIC_METADATA(envoy.common)%'}
                """);
        // a connection that is turned away ends in one way or another
        draft.merge("access_log_unordered", "true");
        for (int i = chance.between(8, 14); i > 0; i--) {
            request(chance, secure).addTo(draft);
        }
    }

    private static void routes(Draft draft, Chance chance) {
        String team = "metadata: {filter_metadata: {acl: {team: %s, tags: [%s, %s], level: %d}}}";
        for (String prefix : List.of("/a", "/b")) {
            draft.route(
                    "{match: {prefix: %s}, route: {cluster: $a}, %s%s}"
                            .formatted(
                                    prefix,
                                    team.formatted(
                                            AccessPolicies.word(chance),
                                            AccessPolicies.word(chance),
                                            AccessPolicies.word(chance),
                                            chance.between(1, 3)),
                                    chance.in(50)
                                            ? ", typed_per_filter_config: {rbac: {'@type': %shttp.rbac.v3.RBACPerRoute%s}}"
                                                    .formatted(TYPE, ofRoute(chance))
                                            : ""));
        }
        draft.route("{match: {prefix: /}, route: {cluster: $a}}");
    }

    private static String ofRoute(Chance chance) {
        return chance.in(20) ? "" : ", rbac: {" + strip(settings(chance)) + "}";
    }

    private static String strip(String settings) {
        return settings.isEmpty() ? "" : settings.substring(2);
    }

    /** Fields of a filter or a route, each behind a comma. */
    private static String settings(Chance chance) {
        StringBuilder fields = new StringBuilder();
        if (chance.in(20)) {
            fields.append(", matcher: ").append(AccessPolicies.matcher(chance, 2));
        } else if (chance.in(90)) {
            fields.append(", rules: ").append(AccessPolicies.rules(chance, size(chance), true));
        }
        if (chance.in(50)) {
            fields.append(", shadow_rules: ")
                    .append(AccessPolicies.rules(chance, size(chance), true));
        }
        if (chance.in(40)) {
            fields.append(", rules_stat_prefix: ").append(chance.of("en", "en_", "en."));
        }
        if (chance.in(40)) {
            fields.append(", shadow_rules_stat_prefix: ").append(chance.of("dry", "dry.run_"));
        }
        if (chance.in(40)) {
            fields.append(", track_per_rule_stats: true");
        }
        return fields.toString();
    }

    private static int size(Chance chance) {
        return chance.in(50) ? chance.between(0, 5) : chance.between(9, 25);
    }

    private static String tls(Chance chance) {
        return """
        {common_tls_context: {tls_certificates: [{certificate_chain: {filename: '${cert.server}'}, private_key: {filename: '${key.server}'}}]%s}}
        """
                .formatted(
                        chance.of(
                                "",
                                ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                        + " trust_chain_verification: ACCEPT_UNTRUSTED}",
                                ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                        + " trust_chain_verification: ACCEPT_UNTRUSTED}"));
    }

    private static Requests request(Chance chance, boolean secure) {
        String path = chance.of("/a", "/b", "/a/b", "/b/a", "/c", "/a/../b", "//a", "/a;x=y", "/A");
        Requests request =
                new Requests(
                        chance,
                        secure ? "h1" : chance.of("h1", "h2"),
                        path + chance.of("", "", "?a", "?x=/b"));
        for (int i = chance.between(0, 3); i > 0; i--) {
            request.header(
                    chance.of("x-a", "x-b", "x-c")
                            + ": "
                            + chance.of("a", "b", "c", "A", "1", "3", "ab", ""));
        }
        if (chance.in(30)) {
            request.header(
                    "x-forwarded-for: " + chance.of("10.0.0.1", "10.0.0.2", "10.0.0.1, 9.9.9.9"));
        }
        if (secure) {
            Map<String, Object> tls = new LinkedHashMap<>();
            tls.put("sni", chance.of("server.test", "other.test"));
            if (chance.in(70)) {
                tls.put("cert", chance.of("client", "client", "client-other", "server2"));
            }
            request.with("tls", tls);
        }
        return request.with("method", chance.of("GET", "GET", "DELETE", "HEAD"));
    }
}
