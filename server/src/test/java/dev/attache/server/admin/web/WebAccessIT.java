package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.server.AttacheServer;
import dev.attache.server.flags.AdminOptions;
import dev.attache.server.flags.ServerOptions;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page for people may do, in a real browser: nothing where it is not let, what it is let
 * and for no other site, and with a token where the admin port demands one.
 */
@Tag("conformance")
class WebAccessIT {

    private static final ServerOptions.WebOptions WRITES =
            new ServerOptions.WebOptions(true, List.of());

    private static @Nullable ShownProxies proxies;
    private static @Nullable Browser opened;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Browser.obstacle();
        assumeTrue(obstacle == null, "skipped: " + obstacle);
        proxies = new ShownProxies();
        opened = new Browser();
        browser = opened;
    }

    @AfterAll
    static void end() throws Exception {
        if (opened != null) {
            opened.close();
        }
        if (proxies != null) {
            proxies.close();
        }
    }

    private static ShownProxies proxies() {
        return Objects.requireNonNull(proxies);
    }

    private static String origin(AttacheServer of) {
        return ShownProxies.origin(of);
    }

    private static HttpResponse<String> send(String url, String... headers) throws Exception {
        return ShownProxies.send(url, headers);
    }

    @Test
    void changesNothingUnlessItIsLet() throws Exception {
        AttacheServer closed = proxies().start(options -> options, 0);
        browser.open(origin(closed) + "/ui/#/control");
        browser.awaitText("main .panel", "Read-only");
        assertThat(browser.all("main button, main select")).isEmpty();
        HttpResponse<String> refused =
                send(origin(closed) + "/ui/act/logging?level=debug", "x-attache-ui", "1");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("--admin-ui-writes");
    }

    @Test
    void anAdminPortThatIsReadOnlyStaysSo() throws Exception {
        AdminOptions readOnly = new AdminOptions("", "", "", "", false, true, "");
        AttacheServer closed = proxies().start(options -> options.web(WRITES).admin(readOnly), 0);
        browser.open(origin(closed) + "/ui/#/control");
        browser.awaitText("main .panel", "Read-only");
        browser.awaitText("#state", "read-only");
        HttpResponse<String> refused =
                send(origin(closed) + "/ui/act/logging?level=debug", "x-attache-ui", "1");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("--admin-read-only");
    }

    @Test
    void asksForATokenAndForgetsItWithTheTab(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tokens"), "the-right-one\n");
        AdminOptions token = new AdminOptions(file.toString(), "", "", "", false, false, "");
        AttacheServer closed = proxies().start(options -> options.admin(token), 0);
        assertThat(send(origin(closed) + "/ui/data/signals").statusCode()).isEqualTo(401);
        assertThat(send(origin(closed) + "/ui/").statusCode()).isEqualTo(200);

        browser.open(origin(closed) + "/ui/#/clusters");
        browser.await("the question", () -> !browser.all("#token[open]").isEmpty());
        browser.type("#token-text", "a-wrong-one");
        browser.click("Use it");
        browser.awaitText("#token-why", "is not taken");
        browser.type("#token-text", "the-right-one");
        browser.click("Use it");
        browser.awaitText("main h1", "Clusters");
        browser.awaitText("#state", "LIVE");
        assertThat(browser.number("localStorage.length + sessionStorage.length")).isZero();
        assertThat(browser.run("document.cookie")).isEqualTo("");
        assertThat(browser.run("location.href").toString()).doesNotContain("right");

        browser.open(origin(closed) + "/ui/");
        browser.await("the question again", () -> !browser.all("#token[open]").isEmpty());
    }

    @Test
    void changesWhatItMayAndForNobodyElse() throws Exception {
        AttacheServer open = proxies().start(options -> options.web(WRITES), 0);
        String before = level(open);
        evil(
                "fetch(arguments[0], {method: 'POST', mode: 'no-cors'}).then(r => r.type, e => e.name)",
                open);
        evil(
                "fetch(arguments[0], {method: 'POST', headers: {'x-attache-ui': '1'}}).then(r => r.type, e => e.name)",
                open);
        assertThat(level(open)).isEqualTo(before);

        browser.open(origin(open) + "/ui/#/control");
        browser.awaitText("main h1", "Control");
        assertThat(browser.text("#state")).contains("may change");
        browser.run(
                "(() => { const s = document.querySelector('[aria-label=\"Level of upstream\"]'); s.value = 'error'; s.dispatchEvent(new Event('change')); return s.value; })()");
        browser.awaitText(".note", "Done.");
        assertThat(level(open)).isEqualTo("error").isNotEqualTo(before);
        browser.click("Fail health checks");
        browser.awaitText("#sure-text", "Fail health checks?");
        browser.click("Leave it");
        assertThat(send(origin(open) + "/ready").statusCode()).isEqualTo(200);
        browser.click("Fail health checks");
        browser.click("Do it");
        browser.await("health checks fail", () -> ready(open) == 503);
    }

    private static int ready(AttacheServer of) {
        try {
            return send(origin(of) + "/ready").statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As a page of another site, to the path that sets the level of upstream. */
    private static void evil(String script, AttacheServer at) {
        browser.open("http://127.0.0.1:" + proxies().upstream() + "/evil.html");
        browser.run(script, origin(at) + "/ui/act/logging?upstream=error");
    }

    private static String level(AttacheServer of) throws Exception {
        return send(origin(of) + "/ui/data/loggers")
                .body()
                .replaceAll("(?s).*\"upstream\":\"(\\w+)\".*", "$1");
    }
}
