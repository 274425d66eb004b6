package dev.attache.filters.http.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;

/** Scripts with coroutines of their own, with numbers that are none, with what is long gone. */
final class LuaMisuseTest {

    private static final String CALL =
            "h:httpCall('other', {[':method'] = 'GET', [':path'] = '/', [':authority'] = 'a'},"
                    + " nil, 50)";

    private static FilterSetup onRequest(String code) {
        return LuaFilterTest.script("function envoy_on_request(h) " + code + " end")
                .cluster("other", 1);
    }

    /** What an expression comes to, or fails with. */
    private static String outcome(String code) {
        FilterSetup setup =
                onRequest(
                        """
                        local ok, value = pcall(function() %s end)
                        h:headers():add("x-value", tostring(value):gsub("^.*:%%d+: ", ""))
                        """
                                .formatted(code));
        try (FilterHarness harness = setup.open()) {
            String value = harness.get("/").forwarded().header("x-value");
            assertThat(value).isNotNull();
            return value;
        }
    }

    @Test
    void aResponseOfACoroutineOfItsOwnIsSent() {
        for (String behind : new String[] {"", "error('x')", "h:body()", CALL}) {
            FilterSetup setup =
                    onRequest(
                            "coroutine.wrap(function() h:respond({[':status'] = '403'}, 'no')"
                                    + " end)() "
                                    + behind);
            try (FilterHarness harness = setup.open()) {
                Exchange exchange = harness.request("POST", "/");
                assertThat(exchange.response().status()).as(behind).isEqualTo(403);
                assertThat(exchange.forwarded().began()).as(behind).isFalse();
            }
        }
    }

    @Test
    void theEndOfACallThatNobodyWaitsForAnyMoreReachesNoOtherStream() {
        FilterSetup setup =
                onRequest(
                        """
                        if h:headers():get(":path") == "/ends" then
                          coroutine.wrap(function() %s end)()
                        else
                          local length = h:body():length()
                          h:headers():add("x-body", length)
                        end
                        """
                                .formatted(CALL));
        try (FilterHarness harness = setup.open()) {
            Exchange first = harness.get("/ends");
            assertThat(first.forwarded().began()).isFalse();
            Exchange second = harness.request("POST", "/waits").body("hel");
            harness.calls().only().answer(CallAnswer.status(200));
            assertThat(first.forwarded().ended()).isTrue();
            assertThat(second.forwarded().began()).isFalse();
            second.end("lo");
            assertThat(second.forwarded().header("x-body")).isEqualTo("5");
            assertThat(harness.counter("http.test.lua.errors")).isEqualTo(1);
        }
    }

    @Test
    void numbersAreThoseOfC() {
        assertThat(outcome("return (h:body(true):getBytes(0, 0/0)) .. 'nothing'"))
                .isEqualTo("nothing");
        assertThat(outcome("local x = h:body(true):getBytes(0, 1e12)"))
                .startsWith("index/length must be >= 0");
        assertThat(outcome("return (h:headers():getAtIndex(':path', 0/0))")).isEqualTo("nil");
        assertThat(outcome("return (h:headers():getAtIndex(':path', 0.9))")).isEqualTo("/");
        for (String number : new String[] {"-5", "0/0", "1e300", "-1e300"}) {
            assertThat(outcome("h:stats():counter('c'):add(" + number + ")"))
                    .isEqualTo("counter add amount must be non-negative");
            assertThat(outcome("h:stats():gauge('g'):add(" + number + ")"))
                    .isEqualTo("gauge add amount must be non-negative");
            assertThat(outcome("h:stats():gauge('g'):sub(" + number + ")"))
                    .isEqualTo("gauge sub amount must be non-negative");
            assertThat(outcome("h:stats():gauge('g'):set(" + number + ")"))
                    .isEqualTo("gauge set value must be non-negative");
            assertThat(outcome("h:stats():histogram('h'):recordValue(" + number + ")"))
                    .isEqualTo("histogram value must be non-negative");
        }
        assertThat(outcome(CALL.replace("50", "1e12"))).isEqualTo("http call timeout must be >= 0");
    }

    @Test
    void aTimeoutBeyondAllNumbersIsNone() {
        try (FilterHarness harness = onRequest(CALL.replace("50", "1e20")).open()) {
            Exchange exchange = harness.get("/");
            assertThat(harness.calls().only().timeoutMillis()).isZero();
            harness.calls().only().answer(CallAnswer.status(200));
            assertThat(exchange.forwarded().ended()).isTrue();
        }
    }

    @Test
    void deepTablesAreRefused() {
        String nested = "local t = {} local r = t for i = 1, %d do t.a = {} t = t.a end ";
        String set = "h:streamInfo():dynamicMetadata():set('n', 'k', r) ";
        assertThat(
                        outcome(
                                nested.formatted(89)
                                        + set
                                        + "return type(h:streamInfo():dynamicMetadata():get('n'))"))
                .isEqualTo("table");
        assertThat(outcome(nested.formatted(90) + set))
                .isEqualTo("table is nested more than 90 levels deep");
        assertThat(outcome("local r = {} r.r = r " + set))
                .isEqualTo("table is nested more than 90 levels deep");
    }

    @Test
    void piecesAreNotToBeHadBehindTheWholeBody() {
        FilterSetup setup =
                onRequest(
                        """
                        h:body():length()
                        local ok, wrong = pcall(h.bodyChunks, h)
                        h:headers():add("x-wrong", wrong)
                        """);
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.post("/", "hello").forwarded().header("x-wrong"))
                    .isEqualTo("cannot call bodyChunks after body processing has begun");
        }
    }

    @Test
    void whatIsKeptOfAnotherStreamIsOfNoUse() {
        FilterSetup setup =
                onRequest(
                        """
                        if not kept then
                          kept, headers, chunks = h, h:headers(), h:bodyChunks()
                          walk = pairs(headers)
                          return
                        end
                        local all = {}
                        for i, each in ipairs({
                          function() kept:headers() end, function() headers:get(":path") end, walk, chunks }) do
                          local ok, wrong = pcall(each)
                          all[i] = tostring(wrong):gsub("^.*:%d+: ", "")
                        end
                        h:headers():add("x-wrong", table.concat(all, ";"))
                        """);
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            String gone = "object used outside of proper scope";
            assertThat(harness.get("/").forwarded().header("x-wrong"))
                    .isEqualTo(String.join(";", gone, gone, gone, gone));
        }
    }
}
