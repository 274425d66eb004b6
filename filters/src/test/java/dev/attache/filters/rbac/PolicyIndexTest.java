package dev.attache.filters.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the policies are, the index finds what asking all of them in order would find. */
final class PolicyIndexTest {

    private static final int ROUNDS = 400;
    private static final int REQUESTS = 40;
    private static final String[] WORDS = {"a", "b", "c", ""};

    @Test
    void findsTheFirstPolicyThatIsMet() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            Policy[] policies = policies(random, 8 + random.nextInt(30));
            PolicyIndex index = new PolicyIndex(policies);
            for (int i = 0; i < REQUESTS; i++) {
                Facts facts = facts(random);
                assertThat(index.first(facts))
                        .as("round %d", round)
                        .isEqualTo(first(policies, facts));
            }
        }
    }

    @Test
    void asksOnlyThosePoliciesThatCanBeMet() {
        int[] asked = new int[1];
        Policy[] policies = new Policy[1000];
        for (int i = 0; i < policies.length; i++) {
            Check path =
                    new RequestCheck.Path(dev.attache.proxy.matching.StringMatcher.exact("/p" + i));
            Check counted = facts -> asked[0]++ >= 0;
            policies[i] =
                    new Policy(
                            new Combination.All(List.of(counted, path)),
                            Verdict.of(Verdict.Mode.ENFORCED, "", "p" + i, true, null));
        }
        PolicyIndex index = new PolicyIndex(policies);
        assertThat(index.first(request("GET", "/p700"))).isEqualTo(700);
        assertThat(index.first(request("GET", "/other"))).isEqualTo(1000);
        assertThat(asked[0]).isEqualTo(1);
    }

    private static int first(Policy[] policies, Facts facts) {
        for (int i = 0; i < policies.length; i++) {
            if (policies[i].isMet(facts)) {
                return i;
            }
        }
        return policies.length;
    }

    private static Policy[] policies(Random random, int count) {
        StringBuilder yaml = new StringBuilder("{policies: {");
        for (int i = 0; i < count; i++) {
            yaml.append(i == 0 ? "" : ", ")
                    .append("p")
                    .append(i)
                    .append(": {permissions: [")
                    .append(permission(random, 2))
                    .append(random.nextInt(3) == 0 ? ", " + permission(random, 1) : "")
                    .append("], principals: [")
                    .append(principal(random, 2))
                    .append("]}");
        }
        Diagnostics diagnostics = new Diagnostics("t");
        List<Policy> policies =
                AccessEngineFactory.policies(
                        ConfigFixture.parse(
                                yaml.append("}}").toString(), RBAC.getDefaultInstance()),
                        Verdict.Mode.ENFORCED,
                        "",
                        CompileContext.root(new ConfigFixture().settings(), diagnostics));
        assertThat(diagnostics.hasErrors()).isFalse();
        return policies.toArray(new Policy[0]);
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length - 1)];
    }

    private static String permission(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0 -> "{any: true}";
            case 1, 2 -> header(random);
            case 3, 4 -> "{url_path: {path: {exact: /%s}}}".formatted(word(random));
            case 5 -> "{url_path: {path: {prefix: /%s}}}".formatted(word(random));
            case 6 -> "{destination_port: %d}".formatted(80 + random.nextInt(2));
            case 7 -> "{requested_server_name: {exact: \"%s\"}}".formatted(word(random));
            case 8 ->
                    "{destination_ip: {address_prefix: 10.0.0.%d, prefix_len: %d}}"
                            .formatted(1 + random.nextInt(2), random.nextBoolean() ? 32 : 24);
            case 9 -> "{not_rule: %s}".formatted(permission(random, depth - 1));
            default ->
                    "{%s: {rules: [%s, %s]}}"
                            .formatted(
                                    random.nextBoolean() ? "and_rules" : "or_rules",
                                    permission(random, depth - 1),
                                    permission(random, depth - 1));
        };
    }

    private static String header(Random random) {
        String name = random.nextInt(3) == 0 ? ":method" : "x-" + word(random);
        return "{header: {name: \"%s\", string_match: {exact: \"%s\"%s}%s}}"
                .formatted(
                        name,
                        name.equals(":method") ? "GET" : word(random),
                        random.nextInt(4) == 0 ? ", ignore_case: true" : "",
                        random.nextInt(5) == 0
                                ? ", invert_match: true"
                                : random.nextInt(5) == 0
                                        ? ", treat_missing_header_as_empty: true"
                                        : "");
    }

    private static String principal(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0 -> "{any: true}";
            case 1 -> header(random);
            case 2 -> "{authenticated: {principal_name: {exact: \"%s\"}}}".formatted(word(random));
            case 3 ->
                    "{remote_ip: {address_prefix: 10.1.0.%d, prefix_len: 32}}"
                            .formatted(1 + random.nextInt(3));
            case 4 -> "{direct_remote_ip: {address_prefix: 10.1.0.1, prefix_len: 30}}";
            case 5 -> "{filter_state: {key: k, string_match: {exact: %s}}}".formatted(word(random));
            case 6 ->
                    "{metadata: {filter: f, path: [{key: t}], value: {string_match: {exact: %s}}%s}}"
                            .formatted(
                                    word(random), random.nextInt(4) == 0 ? ", invert: true" : "");
            case 7 ->
                    "{metadata: {filter: f, path: [{key: t}], value: {list_match: {one_of: {string_match: {exact: %s}}}}}}"
                            .formatted(word(random));
            case 8 -> "{not_id: %s}".formatted(principal(random, depth - 1));
            default ->
                    "{%s: {ids: [%s, %s]}}"
                            .formatted(
                                    random.nextBoolean() ? "and_ids" : "or_ids",
                                    principal(random, depth - 1),
                                    principal(random, depth - 1));
        };
    }

    private static Facts request(String method, String path) {
        return facts(method, path, 1, 1, 80);
    }

    private static Facts facts(Random random) {
        Facts facts =
                facts(
                        random.nextBoolean() ? "GET" : "POST",
                        "/" + WORDS[random.nextInt(4)] + (random.nextInt(3) == 0 ? "?a" : ""),
                        1 + random.nextInt(3),
                        1 + random.nextInt(2),
                        80 + random.nextInt(2));
        for (int i = random.nextInt(4); i > 0; i--) {
            facts.headers()
                    .add(HeaderName.of("x-" + word(random)), WORDS[random.nextInt(WORDS.length)]);
        }
        if (random.nextBoolean()) {
            facts.connection().requestedServerName(word(random));
        }
        if (random.nextBoolean()) {
            facts.filterState().set("k", new FilterState.Text(word(random)));
        }
        if (random.nextBoolean()) {
            MetadataValue text = new MetadataValue.Text(word(random));
            facts.dynamicMetadata()
                    .merge(
                            "f",
                            new MetadataValue.Struct(
                                    Map.of(
                                            "t",
                                            random.nextBoolean()
                                                    ? text
                                                    : new MetadataValue.Sequence(List.of(text)))));
        }
        return facts;
    }

    private static Facts facts(String method, String path, int client, int host, int port) {
        ConnectionInfo info =
                new ConnectionInfo(
                        1,
                        0,
                        0,
                        IpAddress.parse("10.0.0." + host, port),
                        IpAddress.parse("10.1.0." + client, 1000));
        Headers headers = new Headers(MessagePart.REQUEST);
        headers.add(HeaderName.METHOD, method);
        headers.add(HeaderName.PATH, path);
        return new Facts(info, new StreamInfo(info, 0, 0), headers, null);
    }
}
