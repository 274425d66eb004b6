package dev.attache.filters.http.stateful_session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.stream.OverrideHost;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the filter asks for. What the balancer makes of it is played beside Envoy. */
final class StatefulSessionFilterTest {
    private static final String HOST = "192.0.2.17:80";
    private static final String TYPES =
            "type.googleapis.com/envoy.extensions.http.stateful_session.";

    private static String state(String kind, String message, String fields) {
        return "session_state: {name: envoy.http.stateful_session.%s, typed_config: {\"@type\": %s%s.v3.%s, %s}}"
                .formatted(kind, TYPES, kind, message, fields);
    }

    private static String header() {
        return state("header", "HeaderBasedSessionState", "name: x-session");
    }

    private static FilterSetup filter(String... fields) {
        return BuiltinFilter.of(
                "sessions",
                "stateful_session.v3.StatefulSession",
                "{" + String.join(", ", fields) + "}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static @Nullable OverrideHost asked(FilterSetup setup, String... headers) {
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/in/a", headers);
            OverrideHost asked = exchange.info().overrideHost;
            exchange.respondEmpty(200);
            return asked;
        }
    }

    @Test
    void theHostThatAHeaderNamesIsAskedFor() {
        assertThat(asked(filter(header()), "x-session", base64(HOST)))
                .isEqualTo(new OverrideHost(HOST, false, 503));
        assertThat(asked(filter(header()), "x-session", "no Base64")).isNull();
        assertThat(asked(filter(header()), "x-session", base64(HOST).replace("=", ""))).isNull();
        assertThat(asked(filter(header()))).isNull();
    }

    @Test
    void strictnessAndItsStatusGoAlong() {
        FilterSetup strict =
                filter(header(), "strict: true, status_on_strict_destination_not_found: 404");
        assertThat(asked(strict, "x-session", base64(HOST)))
                .isEqualTo(new OverrideHost(HOST, true, 404));
    }

    @Test
    void aCookieHoldsAMessageThatExpires() {
        FilterSetup setup =
                filter(state("cookie", "CookieBasedSessionState", "cookie: {name: s, path: /in}"));
        String message = "\n\r" + HOST;
        assertThat(asked(setup, "cookie", "a=b; s=\"" + base64(message) + "\""))
                .isEqualTo(new OverrideHost(HOST, false, 503));
        assertThat(asked(setup, "cookie", "s=" + base64(HOST)))
                .as("of older versions")
                .isEqualTo(new OverrideHost(HOST, false, 503));
        assertThat(asked(setup, "cookie", "s=" + base64(message + "\u0010\u0001")))
                .as("expired in the first second")
                .isNull();
    }

    @Test
    void anEnvelopeIsOpenedForTheUpstream() {
        FilterSetup setup =
                filter(state("envelope", "EnvelopeSessionState", "header: {name: x-own}"));
        String envelope = base64(HOST) + ";UV:" + base64("its own");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "x-own", envelope);
            assertThat(exchange.forwarded().header("x-own")).isEqualTo("its own");
            assertThat(exchange.info().overrideHost).isEqualTo(new OverrideHost(HOST, false, 503));
            exchange.respondEmpty(200);
        }
        assertThat(asked(setup, "x-own", base64(HOST))).isNull();
    }

    @Test
    void aRouteHasItsOwnOrNone() {
        String disabled =
                BuiltinFilter.typed(
                        "stateful_session.v3.StatefulSessionPerRoute", "{disabled: true}");
        assertThat(
                        asked(
                                filter(header()).override(OverrideLevel.ROUTE, disabled),
                                "x-session",
                                base64(HOST)))
                .isNull();
        String other =
                BuiltinFilter.typed(
                        "stateful_session.v3.StatefulSessionPerRoute",
                        "{stateful_session: {strict: true, "
                                + state("header", "HeaderBasedSessionState", "name: x-other")
                                + "}}");
        assertThat(
                        asked(
                                filter(header()).override(OverrideLevel.ROUTE, other),
                                "x-other",
                                base64(HOST)))
                .isEqualTo(new OverrideHost(HOST, true, 503));
    }

    @Test
    void whoeverLeavesNothingIsLeftBehind() {
        filter(header())
                .everyDeparture(harness -> {
                    Exchange exchange = harness.post("/", "body", "x-session", base64(HOST));
                    exchange.respond(200).responseEnd("fine");
                });
    }
}
