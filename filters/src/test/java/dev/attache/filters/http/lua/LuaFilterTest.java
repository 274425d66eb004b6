package dev.attache.filters.http.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LuaFilterTest {

    private static final String PER_ROUTE = "lua.v3.LuaPerRoute";

    static FilterSetup script(String code) {
        return BuiltinFilter.of(
                "lua",
                "lua.v3.Lua",
                "{default_source_code: {inline_string: %s}}".formatted(quoted(code)));
    }

    static String quoted(String code) {
        return '"' + code.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    @Test
    void headersAreReadAndChangedOnBothWays() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          local headers = h:headers()
                          headers:add("x-path", headers:get(":path") .. headers:get("Host"))
                          headers:replace("x-one", "new")
                          headers:remove("x-two")
                          local names = {}
                          for name in pairs(headers) do names[#names + 1] = name end
                          headers:add("x-count", headers:getNumValues("x-many"))
                        end
                        function envoy_on_response(h)
                          h:headers():add("x-status", h:headers():get(":status"))
                          h:headers():add("x-asked", h:requestHeaders():get("x-one"))
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange =
                    harness.get("/a", "x-one", "1", "x-two", "2", "x-many", "a", "x-many", "b");
            assertThat(exchange.forwarded().header("x-path")).startsWith("/a");
            assertThat(exchange.forwarded().header("x-one")).isEqualTo("new");
            assertThat(exchange.forwarded().header("x-two")).isNull();
            assertThat(exchange.forwarded().header("x-count")).isEqualTo("2");
            exchange.respondEmpty(204);
            assertThat(exchange.response().header("x-status")).isEqualTo("204");
            assertThat(exchange.response().header("x-asked")).isEqualTo("new");
            assertThat(harness.counter("http.test.lua.executions")).isEqualTo(2);
            assertThat(harness.counter("http.test.lua.errors")).isZero();
        }
    }

    @Test
    void aBodyIsGatheredAndReplaced() {
        String outcome =
                script(
                                """
                                function envoy_on_request(h)
                                  local body = h:body()
                                  h:headers():add("x-length", body:length())
                                  h:headers():add("x-part", body:getBytes(1, 3))
                                  body:setBytes("changed")
                                end
                                function envoy_on_response(h)
                                  h:body():setBytes(h:body():getBytes(0, 2) .. "!")
                                end
                                """)
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/");
                            exchange.body("hello, ");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.end("all");
                            exchange.respond(200).responseEnd("fine");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains("x-length: 10", "x-part: ell", "content-length: 7", "body: changed")
                .contains("body: fi!");
    }

    @Test
    void trailersEndABodyThatIsWaitedFor() {
        String outcome =
                script(
                                """
                                function envoy_on_request(h)
                                  local text = h:body():getBytes(0, 5)
                                  h:headers():add("x-body", text)
                                  h:headers():add("x-trailer", h:trailers():get("x-sum"))
                                  h:trailers():add("x-more", "yes")
                                end
                                """)
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/").body("hello");
                            exchange.trailers("x-sum", "1");
                            exchange.respondEmpty(200);
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains("x-body: hello", "x-trailer: 1", "body: hello", "trailer x-more: yes");
    }

    @Test
    void aBodyIsMadeWhereNoneWas() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          assert(h:body() == nil)
                          h:body(true):setBytes("made")
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().body()).isEqualTo("made");
            assertThat(exchange.forwarded().header("content-length")).isEqualTo("4");
            assertThat(exchange.forwarded().ended()).isTrue();
        }
    }

    @Test
    void chunksAreSeenAndReplacedAsTheyCome() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          local total = 0
                          for chunk in h:bodyChunks() do
                            total = total + chunk:length()
                            chunk:setBytes("<" .. chunk:getBytes(0, chunk:length()) .. ">")
                          end
                          h:streamInfo():dynamicMetadata():set("lua", "total", total)
                        end
                        """);
        try (FilterHarness harness = setup.protocol(Protocol.HTTP2).open()) {
            Exchange exchange = harness.request("POST", "/").body("one").end("two");
            assertThat(exchange.forwarded().pieces()).containsExactly("<one>", "<two>");
            assertThat(exchange.metadata("lua", "total")).isEqualTo(new MetadataValue.Number(6));
        }
    }

    @Test
    void aCallIsWaitedFor() {
        FilterSetup setup = script(CALLING);
        try (FilterHarness harness = setup.cluster("other", 1).open()) {
            Exchange exchange = harness.request("POST", "/").body("later");
            assertThat(exchange.forwarded().began()).isFalse();
            var call = harness.calls().only();
            assertThat(call.cluster()).isEqualTo("other");
            assertThat(call.timeoutMillis()).isEqualTo(500);
            assertThat(call.request().header(":path")).isEqualTo("/asked");
            assertThat(call.request().body()).isEqualTo("question");
            call.answer(CallAnswer.status(201, "x-a", "1", "x-a", "2").body("answer"));
            exchange.end("!");
            assertThat(exchange.forwarded().header("x-answer")).isEqualTo("201 2 answer");
            assertThat(exchange.forwarded().body()).isEqualTo("later!");
        }
    }

    private static final String CALLING =
            """
            function envoy_on_request(h)
              local headers, body = h:httpCall("other",
                {[":method"] = "POST", [":path"] = "/asked", [":authority"] = "other"},
                "question", 500)
              h:headers():add("x-answer",
                headers[":status"] .. " " .. (headers["x-a"] or "") .. " " .. (body or "none"))
            end
            """;

    @Test
    void aCallThatFailsIsAnswered() {
        try (FilterHarness harness = script(CALLING).cluster("other", 1).open()) {
            Exchange exchange = harness.get("/");
            harness.calls()
                    .only()
                    .answer(CallAnswer.failure(dev.attache.proxy.call.CallFailure.Kind.NO_HOST));
            assertThat(exchange.forwarded().header("x-answer"))
                    .isEqualTo("503  no healthy upstream");
        }
    }

    @Test
    void aResponseOfTheScriptEndsIt() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          h:respond({[":status"] = "418", ["x-l"] = {"1", "2"}}, "teapot")
                          error("never")
                        end
                        function envoy_on_response(h)
                          h:headers():add("x-seen", h:headers():get(":status"))
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.response().status()).isEqualTo(418);
            assertThat(exchange.response().body()).isEqualTo("teapot");
            assertThat(exchange.response().header("x-seen")).isEqualTo("418");
            assertThat(exchange.details()).isEqualTo("lua_response");
            assertThat(harness.counter("http.test.lua.errors")).isZero();
        }
    }

    @Test
    void anErrorLetsTheRequestGoOn() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          h:headers():add("x-before", "1")
                          local body = h:body()
                          h:nothing()
                        end
                        function envoy_on_response(h)
                          coroutine.yield()
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", "hello");
            assertThat(exchange.forwarded().header("x-before")).isEqualTo("1");
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(harness.counter("http.test.lua.errors")).isEqualTo(2);
        }
    }

    @Test
    void whatIsLongerThanTheLimitIsRefused() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h) h:body() end
                        """);
        try (FilterHarness harness = setup.bufferLimit(5).open()) {
            Exchange exchange = harness.request("POST", "/").body("hello").body("!");
            assertThat(exchange.response().status()).isEqualTo(413);
        }
        setup = script("function envoy_on_response(h) h:body() end");
        try (FilterHarness harness = setup.bufferLimit(5).open()) {
            Exchange other = harness.get("/");
            other.respond(200).responseBody("hello, ").responseBody("all");
            assertThat(other.response().status()).isEqualTo(500);
        }
    }

    @Test
    void whatWaitedForACallIsHeldNoLongerThanTheCall() {
        String call =
                "h:httpCall('other', {[':method'] = 'GET', [':path'] = '/', [':authority'] = 'a'},"
                        + " nil, 50) ";
        FilterSetup setup = script("function envoy_on_request(h) " + call + "h:body() end");
        try (FilterHarness harness = setup.cluster("other", 1).bufferLimit(5).open()) {
            Exchange exchange = harness.request("POST", "/").body("hello, ");
            assertThat(exchange.isClientHeld()).isTrue();
            harness.calls().only().answer(CallAnswer.status(200));
            assertThat(exchange.response().status()).isEqualTo(413);
            assertThat(exchange.isClientHeld()).isFalse();
        }
        setup = script("function envoy_on_request(h) " + call + "h:trailers() end");
        try (FilterHarness harness = setup.cluster("other", 1).bufferLimit(5).open()) {
            Exchange exchange = harness.request("POST", "/").body("hello, ");
            harness.calls().only().answer(CallAnswer.status(200));
            assertThat(exchange.isClientHeld()).isFalse();
            exchange.end("all");
            assertThat(exchange.forwarded().body()).isEqualTo("hello, all");
        }
    }

    @Test
    void aRouteHasAnotherScriptOrNone() {
        FilterSetup setup =
                script("function envoy_on_request(h) h:headers():add('x-from', 'filter') end");
        String own =
                "{source_code: {inline_string: %s}, filter_context: {k: [1, two]}}"
                        .formatted(
                                quoted(
                                        """
                                        function envoy_on_request(h)
                                          local k = h:filterContext():get("k")
                                          h:headers():add('x-from', 'route ' .. k[1] .. k[2])
                                        end
                                        """));
        try (FilterHarness harness =
                setup.override(OverrideLevel.ROUTE, BuiltinFilter.typed(PER_ROUTE, own)).open()) {
            assertThat(harness.get("/").forwarded().header("x-from")).isEqualTo("route 1two");
        }
        try (FilterHarness harness =
                setup.override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(PER_ROUTE, "{disabled: true}"))
                        .open()) {
            assertThat(harness.get("/").forwarded().header("x-from")).isNull();
        }
    }

    @Test
    void globalsLastFromStreamToStream() {
        FilterSetup setup =
                script(
                        """
                        count = 0
                        function envoy_on_request(h)
                          count = count + 1
                          h:headers():add("x-count", count)
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            assertThat(harness.get("/").forwarded().header("x-count")).isEqualTo("2");
        }
    }

    @Test
    void aScriptThatNeverEndsIsEnded() {
        FilterSetup setup =
                script(
                        """
                        function envoy_on_request(h)
                          while true do pcall(function() while true do end end) end
                        end
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().began()).isTrue();
            assertThat(harness.counter("http.test.lua.errors")).isEqualTo(1);
            assertThat(harness.get("/").forwarded().began()).isTrue();
        }
    }

    @Test
    void nothingIsLeftWhereverAStreamEnds() {
        script(
                        """
                        function envoy_on_request(h)
                          local body = h:body()
                          h:httpCall("other",
                            {[":method"] = "GET", [":path"] = "/", [":authority"] = "a"}, nil, 50)
                          body = h:body()
                          if body then body:setBytes("other") end
                        end
                        function envoy_on_response(h)
                          for chunk in h:bodyChunks() do chunk:setBytes("piece") end
                          h:trailers()
                        end
                        """)
                .cluster("other", 1)
                .everyDeparture(harness -> {
                    harness.calls().answerAlways("other", CallAnswer.status(200).body("yes"));
                    Exchange exchange = harness.request("POST", "/").body("a");
                    exchange.end("b");
                    exchange.respond(200).responseBody("c");
                    exchange.responseTrailers("x-t", "1");
                });
    }

    @Test
    void whatDoesNotCompileIsRefused() {
        assertThat(script("function x(").errors())
                .containsExactly(
                        "script load error: [string \"function x(\"]:1: <name> or '...' expected"
                                + " near '<eof>'");
        assertThat(script("error('boom')").errors())
                .containsExactly("script load error: [string \"error('boom')\"]:1: boom");
        assertThat(
                        BuiltinFilter.of(
                                        "lua",
                                        "lua.v3.Lua",
                                        "{inline_code: 'x = 1', default_source_code:"
                                                + " {inline_string: 'y = 1'}}")
                                .errors())
                .isEqualTo(
                        List.of(
                                "Error: Only one of `inline_code` or `default_source_code` can be"
                                        + " set for the Lua filter."));
    }
}
