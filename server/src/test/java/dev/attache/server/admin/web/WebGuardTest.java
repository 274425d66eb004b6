package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.flags.ServerOptions.WebOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebGuardTest {

    private final WebGuard guard = new WebGuard(new WebOptions(true, List.of("proxy.example")));

    private static AdminRequest request(String method, String... headers) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.put(headers[i], headers[i + 1]);
        }
        return AdminRequest.of(method, "/ui/", fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:15000",
                "10.1.2.3",
                "[::1]:15000",
                "[fe80::1]",
                "localhost",
                "LocalHost:80",
                "a.localhost",
                "proxy.example:9901",
                "Proxy.Example"
            })
    void addressesAndKnownNamesAreServed(String host) {
        assertThat(guard.ofAny(request("GET", "host", host))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example",
                "rebound.example:15000",
                "127.0.0.1.rebound.example",
                "localhost.rebound.example",
                "proxy.example.rebound.example",
                "1.2.3.4.5",
                "[rebound]",
                "",
                ":80"
            })
    void aNameThatWasMadeToLeadHereIsNot(String host) {
        assertThat(guard.ofAny(request("GET", "host", host)))
                .contains("'" + host + "'")
                .contains("--admin-ui-hosts");
    }

    @Test
    void dataGoesToThePageAndToProgramsAlone() {
        assertThat(guard.ofData(request("GET"))).isNull();
        assertThat(guard.ofData(request("GET", "sec-fetch-site", "same-origin"))).isNull();
        assertThat(guard.ofData(request("GET", "sec-fetch-site", "none"))).isNull();
        assertThat(guard.ofData(request("GET", "sec-fetch-site", "cross-site"))).isNotNull();
        assertThat(guard.ofData(request("GET", "sec-fetch-site", "same-site"))).isNotNull();
    }

    @Test
    void changesNothingUnlessTheOperatorSaysSo() {
        WebGuard closed = new WebGuard(WebOptions.DEFAULTS);
        AdminRequest request = request("POST", "x-attache-ui", "1");
        assertThat(closed.ofAction(request)).contains("--admin-ui-writes");
        assertThat(guard.ofAction(request)).isNull();
    }

    @Test
    void aFormOfAnotherSiteChangesNothing() {
        assertThat(guard.ofAction(request("POST"))).contains("x-attache-ui");
        assertThat(guard.ofAction(request("GET", "x-attache-ui", "1"))).contains("POST");
        assertThat(
                        guard.ofAction(
                                request(
                                        "POST",
                                        "x-attache-ui",
                                        "1",
                                        "sec-fetch-site",
                                        "cross-site")))
                .contains("another site");
        String[] own = {"x-attache-ui", "1", "host", "127.0.0.1:80", "origin", ""};
        own[5] = "http://127.0.0.1:81";
        assertThat(guard.ofAction(request("POST", own))).contains("another site");
        own[5] = "null";
        assertThat(guard.ofAction(request("POST", own))).contains("another site");
        own[5] = "http://127.0.0.1:80";
        assertThat(guard.ofAction(request("POST", own))).isNull();
    }
}
