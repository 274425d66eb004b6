package dev.attache.testkit.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.worker.Timer;
import dev.attache.testkit.TestCertificates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What the harness shows, and what it finds out.
 *
 * <p>Longer than files here should be: it goes through all that a test of a filter may want of the
 * harness.
 */
final class FilterHarnessTest {

    private static FilterSetup filter(Supplier<HttpFilter> filters) {
        return FilterHarness.of("tested", filters);
    }

    @Test
    void showsBothMessagesOnBothSides() {
        HttpFilter marks =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        headers.add(HeaderName.of("x-seen"), "request");
                        return Step.CONTINUE;
                    }

                    @Override
                    public Step onResponseTrailers(Headers trailers, FilterContext at) {
                        trailers.add(HeaderName.of("x-seen"), "trailers");
                        return Step.CONTINUE;
                    }
                };
        try (FilterHarness harness = filter(() -> marks).open()) {
            Exchange exchange = harness.request("PUT", "/p", "x-a", "1", "x-a", "2");
            exchange.body("ab").body("c").trailers("x-t", "3");
            assertThat(exchange.forwarded().header("x-seen")).isEqualTo("request");
            assertThat(exchange.forwarded().header("x-a")).isEqualTo("1,2");
            assertThat(exchange.forwarded().header(":authority")).isEqualTo("test.example");
            assertThat(exchange.forwarded().pieces()).containsExactly("ab", "c");
            assertThat(exchange.forwarded().trailer("x-t")).isEqualTo("3");
            exchange.informational(103, "link", "</a>");
            exchange.respond(200, "x-b", "4").responseBody("d").responseTrailers("x-u", "5");
            assertThat(exchange.response().informational()).hasSize(1);
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(exchange.response().header("x-b")).isEqualTo("4");
            assertThat(exchange.response().body()).isEqualTo("d");
            assertThat(exchange.response().trailer("x-seen")).isEqualTo("trailers");
            assertThat(exchange.isOver()).isTrue();
            assertThat(exchange.toString()).contains("trailer x-u: 5", "flags: -");
        }
    }

    @Test
    void repliesOfTheFilterAreThoseOfTheProxy() {
        HttpFilter refuses =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        return at.respond(LocalReply.of(403, "no", "not_today"));
                    }
                };
        try (FilterHarness harness = filter(() -> refuses).open()) {
            Exchange plain = harness.get("/");
            assertThat(plain.response().status()).isEqualTo(403);
            assertThat(plain.response().body()).isEqualTo("no");
            assertThat(plain.response().header("content-type")).isEqualTo("text/plain");
            assertThat(plain.details()).isEqualTo("not_today");
            assertThat(plain.forwarded().began()).isFalse();
            Exchange grpc = harness.get("/", "content-type", "application/grpc");
            assertThat(grpc.response().header("grpc-status")).isEqualTo("7");
            assertThatThrownBy(() -> grpc.respond(200))
                    .hasMessage("the upstream cannot send a response: the stream has ended");
        }
    }

    @Test
    void whatAFilterThrowsIsSeenAndMustBeExpected() {
        HttpFilter throwing =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        throw new IllegalStateException("on purpose");
                    }
                };
        try (FilterHarness harness = filter(() -> throwing).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("filter_exception{tested}");
            assertThat(harness.exceptions()).isEqualTo(1);
        }
        assertThatThrownBy(
                        () -> {
                            try (FilterHarness harness = filter(() -> throwing).open()) {
                                harness.get("/");
                            }
                        })
                .hasMessageContaining("a filter threw");
    }

    @Test
    void whatIsForgottenIsNamed() {
        HttpFilter careless =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        at.connection().worker().allocator().buffer(7).writeByte(1);
                        at.memory().heap(100);
                        Timer timer = at.timer(() -> {});
                        at.connection().worker().timers().schedule(timer, 5000);
                        return Step.CONTINUE;
                    }
                };
        FilterHarness harness = filter(() -> careless).open();
        harness.get("/").respondEmpty(200);
        assertThatThrownBy(harness::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a buffer was not released")
                .hasMessageContaining("of " + getClass().getName())
                .hasMessageContaining("timers that nobody cancelled: 1")
                .hasMessageContaining("memory that is still charged: 100 bytes of heap");
    }

    @Test
    void aKeptPieceOfBodyIsFound() {
        HttpFilter keeps =
                new HttpFilter() {
                    @Override
                    public Step onRequestData(ByteBuf data, boolean end, FilterContext at) {
                        data.retain();
                        return Step.CONTINUE;
                    }
                };
        FilterHarness harness = filter(() -> keeps).open();
        harness.post("/", "abc");
        assertThatThrownBy(harness::close).hasMessageContaining("a buffer was not released");
    }

    /** Says how many pieces it saw, as a filter that looks at each by itself would. */
    private static HttpFilter counting() {
        return new HttpFilter() {
            private int pieces;

            @Override
            public Step onRequestData(ByteBuf data, boolean end, FilterContext at) {
                pieces++;
                return Step.CONTINUE;
            }

            @Override
            public Step onResponseHeaders(Headers headers, boolean end, FilterContext at) {
                headers.add(HeaderName.of("x-pieces"), pieces);
                return Step.CONTINUE;
            }
        };
    }

    @Test
    void whereItMattersHowABodyComesBothOutcomesAreShown() {
        FilterSetup setup = filter(FilterHarnessTest::counting);
        assertThatThrownBy(() ->
                        setup.everyCut(harness -> {
                            harness.post("/", "abc").respondEmpty(200);
                            return harness.outcome();
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("x-pieces: 1")
                .hasMessageContaining("x-pieces: 2");
        assertThat(setup.everyCut(harness -> harness.post("/", "abc").forwarded().toString()))
                .contains("body: abc\ncomplete");
    }

    @Test
    void everyWayToCutABodyGivesTheSameBody() {
        byte[] body = {1, 2, 3, 4, 5};
        for (Cut cut : Cut.all(body.length)) {
            int at = 0;
            List<Cut.Piece> pieces = cut.pieces(body, true);
            for (Cut.Piece piece : pieces) {
                for (byte octet : piece.bytes()) {
                    assertThat(octet).isEqualTo(body[at++]);
                }
            }
            assertThat(at).as("%s", cut).isEqualTo(body.length);
            assertThat(pieces.getLast().end()).isTrue();
            assertThat(pieces.stream().filter(Cut.Piece::end)).hasSize(1);
            assertThat(cut.pieces(new byte[0], true).getLast().end()).isTrue();
            assertThat(cut.pieces(body, false)).noneMatch(Cut.Piece::end);
        }
        assertThat(Cut.all(5)).hasSize(7);
        assertThat(Cut.all(100_000).size()).isLessThan(60);
    }

    /** Gathers the request, and forgets it where the client leaves. */
    private static HttpFilter leaking() {
        return new HttpFilter() {
            private ByteBuf kept = Unpooled.EMPTY_BUFFER;

            @Override
            public Step onRequestData(ByteBuf data, boolean end, FilterContext at) {
                kept = data.retain();
                return Step.DONE;
            }

            @Override
            public void onStreamEnd(StreamEnd why, FilterContext at) {
                if (why == StreamEnd.COMPLETE) {
                    kept.release();
                }
            }
        };
    }

    @Test
    void aClientThatLeavesAtTheWrongMomentIsNamed() {
        assertThatThrownBy(() ->
                        filter(FilterHarnessTest::leaking)
                                .everyDeparture(harness -> {
                                    Exchange exchange = harness.post("/", "abc");
                                    exchange.respondEmpty(200);
                                }))
                .hasMessageContaining("CLIENT_LEAVES before step 2")
                .hasMessageContaining("a buffer was not released");
    }

    /** Waits, calls, and goes on by what is answered. */
    private static HttpFilter asking() {
        return new HttpFilter() {
            @Override
            public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                Headers head = HeaderList.request("POST", "/check", "x-path", "/p");
                at.calls()
                        .send(
                                "checker",
                                head,
                                at.connection().worker().allocator().buffer().writeByte('?'),
                                CallOptions.DEFAULT.timeout(250),
                                answered(headers, at));
                return Step.PAUSE;
            }

            private ResponseListener answered(Headers request, FilterContext at) {
                return new ResponseListener() {
                    @Override
                    public void onResponse(Headers head, ByteBuf body) {
                        request.add(
                                HeaderName.of("x-answer"),
                                body.toString(StandardCharsets.ISO_8859_1));
                        at.resume(Direction.REQUEST);
                    }

                    @Override
                    public void onFailure(CallFailure why) {
                        at.respond(LocalReply.of(why.status(), why.text(), "check_failed"));
                    }
                };
            }
        };
    }

    @Test
    void callsAreAnsweredAsPreparedOrByHand() {
        try (FilterHarness harness = filter(FilterHarnessTest::asking).open()) {
            harness.calls().answer("checker", CallAnswer.status(200).body("fine"));
            Exchange prepared = harness.get("/");
            assertThat(prepared.forwarded().header("x-answer")).isEqualTo("fine");
            SideCall call = harness.calls().only();
            assertThat(call.request().header(":path")).isEqualTo("/check");
            assertThat(call.request().body()).isEqualTo("?");
            assertThat(call.timeoutMillis()).isEqualTo(250);
            prepared.respondEmpty(200);

            Exchange byHand = harness.get("/");
            assertThat(byHand.forwarded().began()).isFalse();
            harness.calls().last().answer(CallAnswer.status(200).body("so"));
            assertThat(byHand.forwarded().header("x-answer")).isEqualTo("so");
        }
    }

    @Test
    void callsFailAndRunOutOfTime() {
        try (FilterHarness harness = filter(FilterHarnessTest::asking).open()) {
            harness.calls().answer("checker", CallAnswer.failure(CallFailure.Kind.NO_HOST));
            assertThat(harness.get("/").response().body()).isEqualTo("no healthy upstream");
            Exchange slow = harness.get("/");
            harness.advance(249);
            assertThat(slow.response().began()).isFalse();
            harness.advance(1);
            assertThat(slow.response().status()).isEqualTo(504);
            assertThat(slow.details()).isEqualTo("check_failed");
            Exchange left = harness.get("/").clientLeaves();
            assertThat(harness.calls().last().isCancelled()).isTrue();
            assertThat(left.response().isReset()).isTrue();
        }
    }

    @Test
    void everyDepartureEndsCalls() {
        filter(FilterHarnessTest::asking)
                .everyDeparture(harness -> {
                    Exchange exchange = harness.post("/", "abc");
                    harness.advance(10);
                    harness.calls().last().answer(CallAnswer.status(200).body("so"));
                    exchange.respond(200).responseEnd("done");
                });
    }

    @Test
    void overridesOfAllLevelsAreThereTheMostSpecificFirst() {
        HttpFilter tells =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        headers.add(
                                HeaderName.of("x-levels"),
                                String.join(",", at.overrides(String.class)));
                        return Step.CONTINUE;
                    }
                };
        FilterSetup setup =
                filter(() -> tells)
                        .overrideWith(OverrideLevel.ROUTE_CONFIGURATION, "all")
                        .overrideWith(OverrideLevel.ROUTE, "route");
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-levels")).isEqualTo("route,all");
        }
        setup.overrideWith(OverrideLevel.WEIGHTED_CLUSTER, "weighted");
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-levels"))
                    .isEqualTo("weighted,route,all");
        }
        setup.disabled(OverrideLevel.WEIGHTED_CLUSTER);
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-levels")).isNull();
        }
    }

    @Test
    void routesInYamlAreThoseOfTheProxy() {
        FilterSetup setup =
                filter(FilterHarnessTest::counting)
                        .routes(
                                """
                                name: r
                                virtual_hosts:
                                - name: v
                                  domains: ["*"]
                                  routes:
                                  - match: {prefix: /a}
                                    name: first
                                    route: {cluster: one}
                                """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/a");
            assertThat(exchange.info().routeName).isEqualTo("first");
            assertThat(harness.get("/b").info().routeName).isEmpty();
        }
        assertThat(setup.routes("virtual_hosts: [{name: v}]").errors())
                .containsExactly(
                        "virtual_hosts[0].domains: Proto constraint validation failed"
                                + " (RouteConfigurationValidationError.VirtualHosts[0]: embedded"
                                + " message failed validation | caused by"
                                + " VirtualHostValidationError.Domains: value must contain at"
                                + " least 1 item(s))");
    }

    @Test
    void clientAndMetadataAreAsTheTestSays() {
        HttpFilter tells =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        headers.add(
                                HeaderName.of("x-client"),
                                at.info().downstreamRemoteAddress().toString());
                        at.info()
                                .dynamicMetadata()
                                .merge(
                                        "out",
                                        new MetadataValue.Struct(
                                                Map.of("k", new MetadataValue.Bool(true))));
                        return Step.CONTINUE;
                    }
                };
        FilterSetup setup =
                filter(() -> tells)
                        .protocol(Protocol.HTTP11)
                        .addresses(
                                IpAddress.parse("203.0.113.7", 7),
                                IpAddress.parse("203.0.113.8", 443))
                        .before(info -> info.routeName = "before");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().header("x-client")).contains("203.0.113.7");
            assertThat(exchange.info().protocol()).isEqualTo(Protocol.HTTP11);
            assertThat(exchange.metadata("out", "k")).isEqualTo(new MetadataValue.Bool(true));
        }
    }

    @Test
    void aHandshakeIsThere() throws CertificateException {
        HttpFilter tells =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        var tls = at.info().downstream().tls();
                        var names = tls == null ? null : tls.peerNames();
                        headers.add(
                                HeaderName.of("x-peer"),
                                names == null ? "nobody" : names.subject());
                        return Step.CONTINUE;
                    }
                };
        try (FilterHarness harness = filter(() -> tells).tls("a.test").open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().header("x-peer")).isEqualTo("nobody");
            assertThat(exchange.forwarded().header("x-forwarded-proto")).isEqualTo("https");
        }
        X509Certificate shown =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(
                                                TestCertificates.selfSigned("CN=ann")
                                                        .certificatePem()));
        try (FilterHarness harness = filter(() -> tells).tls(null, shown).open()) {
            assertThat(harness.get("/").forwarded().header("x-peer")).isEqualTo("CN=ann");
        }
    }

    @Test
    void otherThreadsComeByTheLoop() {
        HttpFilter waits =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        var loop = at.connection().worker().eventLoop();
                        Thread.ofVirtual()
                                .start(() -> loop.execute(() -> at.resume(Direction.REQUEST)));
                        return Step.PAUSE;
                    }
                };
        try (FilterHarness harness = filter(() -> waits).open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            exchange.respondEmpty(204).awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(204);
        }
    }

    @Test
    void heldSidesAreSeen() {
        HttpFilter holds =
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                        return Step.PAUSE;
                    }
                };
        try (FilterHarness harness = filter(() -> holds).bufferLimit(4).open()) {
            Exchange exchange = harness.request("POST", "/").body("1234");
            assertThat(exchange.isClientHeld()).isFalse();
            exchange.body("5");
            assertThat(exchange.isClientHeld()).isTrue();
        }
        try (FilterHarness harness = filter(FilterHarnessTest::counting).open()) {
            Exchange exchange = harness.get("/").respond(200).clientReadsSlowly(true);
            assertThat(exchange.isUpstreamHeld()).isTrue();
            exchange.clientReadsSlowly(false);
            assertThat(exchange.isUpstreamHeld()).isFalse();
        }
    }

    @Test
    void neighboursStandWhereTheyArePut() {
        FilterSetup setup =
                filter(() -> writes("b"))
                        .inFront("a", () -> writes("a"))
                        .behind("c", () -> writes("c"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().header("x-order")).isEqualTo("a,b,c");
        }
    }

    private static HttpFilter writes(String name) {
        return new HttpFilter() {
            @Override
            public Step onRequestHeaders(Headers headers, boolean end, FilterContext at) {
                headers.add(HeaderName.of("x-order"), name);
                return Step.CONTINUE;
            }
        };
    }
}
