package dev.attache.filters.http.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CorsPoliciesTest {
    private final CorsPolicySpec route = policy(List.of(), "PUT", null, Fraction.ALWAYS);
    private final CorsPolicySpec host =
            policy(List.of(StringMatcher.exact("https://a.test")), "GET", true, Fraction.NEVER);
    private final CorsPolicies both = new CorsPolicies(List.of(route, host));

    @Test
    void whatALevelLeavesOpenIsTakenFromTheNext() {
        assertThat(both.allows("https://a.test")).isTrue();
        assertThat(both.allows("https://b.test")).isFalse();
        assertThat(both.text(CorsPolicySpec::allowMethods)).isEqualTo("PUT");
        assertThat(both.text(CorsPolicySpec::maxAge)).isEmpty();
        assertThat(both.flag(CorsPolicySpec::allowCredentials, false)).isTrue();
    }

    @Test
    void onlyTheFirstLevelSaysWhetherThereIsAPolicy() {
        assertThat(both.enabled(7)).isTrue();
        assertThat(new CorsPolicies(List.of(host, route)).enabled(7)).isFalse();
    }

    @Test
    void aPatternThatAcceptsTheAsteriskAcceptsEveryOrigin() {
        CorsPolicySpec star = policy(List.of(StringMatcher.exact("*")), "", null, Fraction.ALWAYS);
        assertThat(new CorsPolicies(List.of(star)).allows("null")).isTrue();
    }

    private static CorsPolicySpec policy(
            List<StringMatcher> origins,
            String methods,
            @Nullable Boolean credentials,
            Fraction enabled) {
        return new CorsPolicySpec(
                origins, methods, "", "", "", credentials, null, null, enabled, Fraction.NEVER);
    }
}
