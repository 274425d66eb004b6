package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/**
 * The page for people in a real browser: it can be walked from a listener to a host, its numbers
 * follow the traffic, it fits a phone, and it asks nobody but its proxy.
 */
@Tag("conformance")
class WebPageIT {

    private static final int CLUSTERS = 10_000;
    private static final String[] PAGES = {
        "", "listeners", "clusters", "certificates", "xds", "explain", "control"
    };

    private static @Nullable ShownProxies proxies;
    private static @Nullable Browser opened;
    private static AttacheServer server;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Browser.obstacle();
        assumeTrue(obstacle == null, "skipped: " + obstacle);
        proxies = new ShownProxies();
        server = proxies.start(options -> options.web(ServerOptions.WebOptions.DEFAULTS), CLUSTERS);
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

    @BeforeEach
    void forget() {
        browser.complaints();
        browser.asked();
    }

    @AfterEach
    void asItWas() {
        browser.size(1280, 900);
        browser.dark(false);
    }

    private static ShownProxies proxies() {
        return Objects.requireNonNull(proxies);
    }

    private static void show(String page) {
        browser.open(ShownProxies.origin(server) + "/ui/#/" + page);
        browser.await("a heading of " + page, () -> !browser.all("main h1").isEmpty());
    }

    private static int ingress() {
        return ((IpAddress) server.listenerAddresses().get("ingress").getFirst()).port();
    }

    @Test
    void everyPageIsShownWithoutAComplaintAndAsksItsProxyAlone() {
        for (String page : PAGES) {
            show(page);
            assertThat(browser.all("main > .error")).as(page).isEmpty();
            assertThat(browser.complaints()).as(page).isEmpty();
        }
        assertThat(browser.asked())
                .isNotEmpty()
                .allMatch(url ->
                        url.startsWith(ShownProxies.origin(server)) || url.startsWith("about:"));
    }

    @Test
    void canBeWalkedFromAListenerToAHost() {
        show("");
        browser.click("Listeners");
        browser.click("ingress");
        browser.awaitText("main h1", "Listener ingress");
        browser.click("routes shop (inline)");
        browser.awaitText("main summary", ShownProxies.HOSTILE);
        assertThat(browser.all("main img")).as("a name is never markup").isEmpty();
        browser.click("catalog");
        browser.awaitText("main h1", "Cluster catalog");
        browser.awaitText("main td", "127.0.0.1:" + proxies().upstream());
        browser.awaitText("main td", "healthy");
        browser.click("Configuration as JSON");
        browser.awaitText("main pre", "\"load_assignment\"");
    }

    @Test
    void aConfigurationWithTenThousandClustersIsShownInPages() {
        show("clusters");
        browser.awaitText("main caption", (CLUSTERS + 2) + " of " + (CLUSTERS + 2));
        assertThat(browser.all("main tbody tr")).hasSize(50);
        browser.click("Next");
        browser.awaitText("main .pager", "51–100 of");
        browser.type("input[type=search]", "outbound-9876");
        browser.awaitText("main caption", "1 of " + (CLUSTERS + 2));
        browser.click("outbound-9876");
        browser.awaitText("main p", "no hosts");
    }

    @Test
    void theNumbersFollowTheTraffic() throws Exception {
        show("");
        browser.awaitText(".card .big", "0 /s");
        String before =
                String.valueOf(
                        browser.run(
                                "document.querySelector('.spark polyline')?.getAttribute('points') ?? ''"));
        Thread load = Thread.ofVirtual().start(WebPageIT::load);
        browser.await(
                "a rate",
                () ->
                        browser.number(
                                        "Number.parseFloat(document.querySelector('.card .big').textContent) || 0")
                                > 0);
        browser.await(
                "a latency",
                () -> browser.all(".card .big").get(2).getText().matches("p99 [\\d.]+ ms"));
        browser.await(
                "errors",
                () ->
                        browser.all(".card .quiet")
                                .get(1)
                                .getText()
                                .matches("5xx (?!0 )[\\d.k]+ /s.*"));
        assertThat(browser.run("document.querySelector('.spark polyline').getAttribute('points')"))
                .isNotEqualTo(before);
        browser.awaitText("main tbody td", "ingress");
        load.interrupt();
        load.join();
    }

    private static void load() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                ShownProxies.send("http://127.0.0.1:" + ingress() + "/x");
                ShownProxies.send("http://127.0.0.1:" + ingress() + "/missing");
            } catch (InterruptedException over) {
                return;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void whatIsWrongStandsFirstInWords() {
        show("");
        browser.awaitText(".attention", "none of 1 hosts is healthy");
        browser.awaitText(".attention", "expired");
        browser.click("ailing");
        browser.awaitText("main td", "failed eds health");
    }

    @Test
    void certificatesSayHowLongTheyLast() {
        show("certificates");
        browser.awaitText("main td", "shop.example");
        browser.awaitText(".mark.bad", "expired");
        browser.await(
                "what is left of a day",
                () -> browser.text("main .mark.ok").matches("● (1 d|2[0-3] h.*)"));
    }

    @Test
    void fitsAPhone() {
        browser.size(360, 740);
        for (String page :
                List.of(
                        "",
                        "listeners",
                        "listener?name=secure",
                        "routes?listener=ingress&at=0.0",
                        "clusters",
                        "cluster?name=catalog",
                        "certificates",
                        "xds",
                        "explain",
                        "control")) {
            show(page);
            assertThat(browser.number("document.documentElement.scrollWidth"))
                    .as(page)
                    .isLessThanOrEqualTo(360);
        }
    }

    @Test
    void canBeReadInTheDarkAndByKeyboard() {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            show("clusters");
            for (String colour : List.of("--ink", "--quiet", "--link", "--ok", "--warn", "--bad")) {
                for (String ground : List.of("--paper", "--ground")) {
                    assertThat(Contrast.of(browser, colour, ground))
                            .as("%s on %s, dark: %s", colour, ground, dark)
                            .isGreaterThanOrEqualTo(4.5);
                }
            }
        }
        assertThat(
                        browser.number(
                                "[...document.querySelectorAll('input, select')].filter(e => e.labels.length === 0 && !e.ariaLabel).length"))
                .isZero();
        assertThat(
                        browser.number(
                                "document.querySelectorAll('[tabindex]:not([tabindex=\"0\"]):not([tabindex=\"-1\"])').length"))
                .isZero();
        assertThat(browser.run("document.documentElement.lang")).isEqualTo("en");
        assertThat(browser.number("document.querySelectorAll('nav [aria-current=page]').length"))
                .isEqualTo(1);
    }

    @Test
    void theFormOfExplainSaysWhyAndLeadsOn() {
        show("explain");
        browser.type("input[name=url]", "http://shop.example/x");
        browser.type("input[name=listener]", "ingress");
        browser.all("main form button").getFirst().click();
        browser.awaitText("main [role=status]", "It goes on");
        browser.awaitText("main caption", "Routes before it that did not match");
        browser.awaitText("main td", "wanted prefix /missing, found /x");
        browser.type("input[name=url]", "ftp://shop.example/x" + Keys.ENTER);
        browser.awaitText("main .error", "not a URL of http or https");
    }
}
