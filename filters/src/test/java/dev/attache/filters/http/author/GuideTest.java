package dev.attache.filters.http.author;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.filter.Filter;
import dev.attache.filter.StreamHandler;
import dev.attache.proxy.call.CallFailure;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/filter-guide.md shows is code that runs: here, or in the examples. */
final class GuideTest {
    private static final Path GUIDE = Path.of("../docs/filter-guide.md");
    private static final List<Path> CODE =
            List.of(
                    Path.of("../examples/hello-filter"),
                    Path.of("../examples/customer-filter"),
                    Path.of("../examples/mask-filter"),
                    Path.of("src/test/java/dev/attache/filters/http/author"));

    @Test
    void everyBlockOfCodeIsAnExcerpt() throws IOException {
        StringBuilder code = new StringBuilder();
        for (Path folder : CODE) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(GuideTest::isCode).sorted().toList()) {
                    code.append(squeezed(Files.readString(file))).append('\n');
                }
            }
        }
        List<String> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(15);
        for (String block : blocks) {
            assertThat(code.indexOf(squeezed(block)) >= 0)
                    .as("nothing that is compiled and run has this:\n%s", block)
                    .isTrue();
        }
    }

    private static boolean isCode(Path file) {
        String name = file.toString();
        return !name.contains("/target/")
                && (name.endsWith(".java")
                        || name.endsWith("pom.xml")
                        || name.endsWith(".yaml")
                        || name.endsWith("README.md"));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    /** Whatever is marked as Java, XML or YAML; a line of dots stands for something left out. */
    private static List<String> blocks() throws IOException {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (String line : Files.readAllLines(GUIDE)) {
            if (line.startsWith("```")) {
                if (block != null) {
                    blocks.add(block.toString());
                    block = null;
                } else if (line.matches("```(java|xml|yaml)")) {
                    block = new StringBuilder();
                }
            } else if (block != null && line.strip().equals("…")) {
                blocks.add(block.toString());
                block = new StringBuilder();
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }

    private static FilterSetup streaming(Supplier<StreamHandler> handlers) {
        return AuthorSetup.of(Filter.streaming(handlers::get));
    }

    @Test
    void settingsAreAList() {
        FilterSetup wrong =
                AuthorSetup.of(
                        "{limits: [{path: /a}, {path: b, most: 0}]}",
                        settings -> {
                            GuideFilters.limits(settings);
                            return scope -> Filter.headers((request, stream) -> {});
                        });
        assertThat(wrong.errors())
                .containsExactlyInAnyOrder(
                        "limits[1].path: must begin with a slash",
                        "limits[1].most: must be from 1 to 10000, and is 0");
    }

    @Test
    void aPlanSharesAClient() throws IOException {
        HttpServer service =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        service.start();
        String address = "http://127.0.0.1:" + service.getAddress().getPort() + "/";
        try (FilterHarness harness =
                AuthorSetup.of("{service: \"" + address + "\"}", GuideFilters::sharing).open()) {
            assertThat(harness.get("/").awaitForwarded().forwarded().ended()).isTrue();
        } finally {
            service.stop(0);
        }
    }

    @Test
    void bodiesAreRead() {
        try (FilterHarness harness =
                AuthorSetup.of(Filter.blocking(GuideFilters::reversed)).open()) {
            Exchange exchange = harness.post("/", "abc").awaitForwarded();
            assertThat(exchange.forwarded().body()).isEqualTo("cba");
            exchange.respond(200).responseEnd("four").awaitResponse();
            assertThat(exchange.response().header("x-length")).isEqualTo("4");
        }
    }

    @Test
    void grpcIsAsked() {
        try (FilterHarness harness =
                AuthorSetup.of(Filter.blocking(GuideFilters::allowed)).open()) {
            harness.calls().answer("authz", CallAnswer.grpc(7, null));
            assertThat(harness.get("/").awaitResponse().response().status()).isEqualTo(403);
        }
    }

    @Test
    void requestsWaitForAnswersTimersAndThreads() {
        try (FilterHarness harness = streaming(GuideFilters.AskFirst::new).open()) {
            harness.calls().answer("gate", CallAnswer.status(204));
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().header("x-gate")).isEqualTo("204");
        }
        try (FilterHarness harness = streaming(GuideFilters.AskFirst::new).open()) {
            harness.calls().answer("gate", CallAnswer.failure(CallFailure.Kind.NO_HOST));
            Exchange exchange = harness.get("/").awaitResponse();
            assertThat(exchange.response().body()).isEqualTo("closed\n");
            assertThat(exchange.details()).isEqualTo("gate_away");
        }
        try (FilterHarness harness = streaming(GuideFilters.Slowly::new).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().began()).isFalse();
            harness.advance(60);
            assertThat(exchange.forwarded().ended()).isTrue();
        }
        try (FilterHarness harness = streaming(GuideFilters.Elsewhere::new).open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().header("x-found")).isEqualTo("found");
        }
    }

    @Test
    void aBodyAndTrailersAreAdded() {
        try (FilterHarness harness = streaming(GuideFilters.Added::new).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().body()).isEqualTo("a body");
            assertThat(exchange.forwarded().trailer("x-made")).isEqualTo("here");
        }
    }

    @Test
    void whatIsKnownIsTold() {
        try (FilterHarness harness = AuthorSetup.of(Filter.headers(GuideFilters::noted)).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.metadata("acme.audit", "client")).isNotNull();
            assertThat(exchange.forwarded().header("x-route")).isNotNull();
        }
    }
}
