package dev.attache.filters.http.credential_injector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stats.Scope;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CredentialInjectorFilterTest {

    /** A source that has one value, and knows how often it was closed. */
    private record Fixed(@Nullable String value, AtomicInteger closed) implements CredentialSource {
        @Override
        public HeaderName header() {
            return HeaderName.of("x-credential");
        }

        @Override
        public Opened open(Scope stats) {
            String known = value;
            AtomicInteger count = closed;
            return new Opened() {
                @Override
                public @Nullable String value() {
                    return known;
                }

                @Override
                public void close() {
                    count.incrementAndGet();
                }
            };
        }
    }

    private static FilterSetup filter(
            @Nullable String value, boolean overwrite, boolean allowWithout) {
        return FilterHarness.of(
                "credential",
                new CredentialInjectorSpec(
                        new Fixed(value, new AtomicInteger()), overwrite, allowWithout));
    }

    private static @Nullable String forwarded(FilterSetup setup, String... headers) {
        try (FilterHarness harness = setup.open()) {
            return harness.get("/", headers).forwarded().header("x-credential");
        }
    }

    @Test
    void aRequestGetsTheCredential() {
        assertThat(forwarded(filter("secret", false, false))).isEqualTo("secret");
    }

    @Test
    void whatARequestBringsStaysUnlessItIsOverwritten() {
        assertThat(forwarded(filter("secret", false, false), "x-credential", "own"))
                .isEqualTo("own");
        assertThat(forwarded(filter("secret", true, false), "x-credential", "own"))
                .isEqualTo("secret");
        try (FilterHarness harness = filter("secret", false, false).open()) {
            harness.get("/", "x-credential", "own");
            assertThat(harness.counter("http.test.credential_injector.already_exists"))
                    .isEqualTo(1);
        }
    }

    @Test
    void withoutACredentialARequestIsAnswered() {
        String outcome =
                filter(null, false, false)
                        .everyCut(harness -> {
                            harness.post("/", "some text");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "forwarded:\nnothing\n",
                        ":status: 401\n",
                        "body: Failed to inject credential.\n",
                        "details: failed_to_inject_credential\n",
                        "http.test.credential_injector.failed: 1\n");
    }

    @Test
    void orGoesOnWhereThatIsAllowed() {
        try (FilterHarness harness = filter(null, false, true).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.forwarded().header("x-credential")).isNull();
            assertThat(harness.counter("http.test.credential_injector.failed")).isEqualTo(1);
        }
    }

    @Test
    void theSourceIsClosedWithTheChain() {
        AtomicInteger closed = new AtomicInteger();
        try (FilterHarness harness =
                FilterHarness.of(
                                "credential",
                                new CredentialInjectorSpec(
                                        new Fixed("secret", closed), false, false))
                        .open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(closed).hasValue(0);
        }
        assertThat(closed).hasValue(1);
    }
}
