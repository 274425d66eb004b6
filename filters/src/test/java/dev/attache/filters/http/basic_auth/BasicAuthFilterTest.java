package dev.attache.filters.http.basic_auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class BasicAuthFilterTest {
    private static final String HASH = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";
    private static final String USERS = "users: {inline_string: 'user:" + HASH + "'}";

    private static FilterSetup filter(String... fields) {
        return BuiltinFilter.of(
                "basic", "basic_auth.v3.BasicAuth", "{" + String.join(", ", fields) + "}");
    }

    private static String credentials(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void whoKnowsThePasswordGoesOn() {
        FilterSetup setup =
                filter(USERS, "forward_username_header: x-user", "emit_dynamic_metadata: true");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange =
                    harness.get("/", "authorization", credentials("user:test"), "x-user", "forged");
            assertThat(exchange.forwarded().header("x-user")).isEqualTo("user");
            assertThat(exchange.metadata("basic", "username"))
                    .isEqualTo(new MetadataValue.Text("user"));
            assertThat(harness.counter("http.test.basic_auth.allowed")).isEqualTo(1);
        }
    }

    @Test
    void whoDoesNotIsToldWhatToShow() {
        String outcome =
                filter(USERS)
                        .everyCut(harness -> {
                            harness.post("/a\"b", "some text");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "forwarded:\nnothing\n",
                        ":status: 401\n",
                        "www-authenticate: Basic realm=\"http://test.example/a\\\"b\"\n",
                        "body: User authentication failed. Missing username and password.\n",
                        "details: no_credential_for_basic_auth\n",
                        "http.test.basic_auth.denied: 1\n");
    }

    @Test
    void eachFaultHasDetailsOfItsOwn() {
        try (FilterHarness harness = filter(USERS).open()) {
            assertThat(denial(harness, "Bearer x")).isEqualTo("invalid_scheme_for_basic_auth");
            assertThat(denial(harness, "Basic !")).isEqualTo("invalid_format_for_basic_auth");
            assertThat(denial(harness, credentials("user")))
                    .isEqualTo("invalid_format_for_basic_auth");
            assertThat(denial(harness, credentials("user:Test")))
                    .isEqualTo("invalid_credential_for_basic_auth");
            assertThat(denial(harness, credentials("other:test")))
                    .isEqualTo("invalid_credential_for_basic_auth");
        }
    }

    private static String denial(FilterHarness harness, String authorization) {
        Exchange exchange = harness.get("/", "authorization", authorization);
        assertThat(exchange.response().status()).isEqualTo(401);
        return String.valueOf(exchange.details());
    }

    @Test
    void nobodyIsLetInWhereThatIsAllowedAndNobodyCounts() {
        try (FilterHarness harness = filter(USERS, "allow_missing: true").open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(harness.get("/", "authorization", "Bearer x").forwarded().ended()).isTrue();
            assertThat(harness.stats()).isEmpty();
            assertThat(denial(harness, credentials("user:bad")))
                    .isEqualTo("invalid_credential_for_basic_auth");
        }
    }

    @Test
    void nobodyIsPassedOnAsAUser() {
        FilterSetup setup = filter(USERS, "allow_missing: true", "forward_username_header: x-user");
        try (FilterHarness harness = setup.open()) {
            Exchange without = harness.get("/", "x-user", "forged", "x-user", "twice");
            assertThat(without.forwarded().ended()).isTrue();
            assertThat(without.forwarded().header("x-user")).isNull();
            Exchange other = harness.get("/", "authorization", "Bearer x", "x-user", "forged");
            assertThat(other.forwarded().ended()).isTrue();
            assertThat(other.forwarded().header("x-user")).isNull();
        }
    }

    @Test
    void aRouteHasUsersAndARealmOfItsOwn() {
        FilterSetup setup =
                filter(USERS, "realm: all")
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        "basic_auth.v3.BasicAuthPerRoute",
                                        "{users: {inline_string: 'other:"
                                                + HASH
                                                + "'}, realm: route}"));
        try (FilterHarness harness = setup.open()) {
            Exchange denied = harness.get("/", "authorization", credentials("user:test"));
            assertThat(denied.response().header("www-authenticate"))
                    .isEqualTo("Basic realm=\"route\"");
            Exchange let = harness.get("/", "authorization", credentials("other:test"));
            assertThat(let.forwarded().ended()).isTrue();
        }
    }

    @Test
    void aFileThatIsNoneIsRefusedWithoutShowingPasswords() {
        assertThat(errors("secret"))
                .contains("username:password is expected")
                .doesNotContain("secret");
        assertThat(errors("user:secret")).contains("please use {SHA}").doesNotContain("secret");
        assertThat(errors(":secret")).contains("empty user name").doesNotContain("secret");
        assertThat(errors("user:{SHA}short")).contains("invalid SHA hash length");
        assertThat(errors("user:" + HASH + "\\nuser:" + HASH)).contains("duplicate users");
        assertThat(errors("")).contains("DataSource cannot be empty");
        assertThat(errors("# nobody\\n\\n")).isEmpty();
    }

    private static String errors(String file) {
        return String.join("\n", filter("users: {inline_string: \"" + file + "\"}").errors());
    }
}
