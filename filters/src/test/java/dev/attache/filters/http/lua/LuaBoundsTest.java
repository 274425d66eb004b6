package dev.attache.filters.http.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.filters.lua.LuaException;
import dev.attache.filters.lua.LuaState;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What would hold a worker, or the process, and cannot be ended once it has begun. */
final class LuaBoundsTest {

    private static final String MEMORY = "local memory = select(3, ...)\n";

    /** Matches whatever matches anywhere, by both matchers. */
    private static final String COMPARES =
            """
            local bounded = string
            math.randomseed(7)
            local pieces = { "a", "b", ".", "%a", "%d", "[ab]", "[^b]", "[a-b%d]", "%s", "(a)", "(", ")", "()", "%1",
                "%bab", "%f[a]", "$", "^", "%", "[", "x", "%.", "(.-)", "[%w_]" }
            local quantifiers = { "", "", "", "*", "+", "-", "?" }
            local octets = { "a", "b", "x", "1", " ", ".", "ab", "aab" }
            local function any(of, most)
                local out = {}
                for i = 1, math.random(0, most) do
                    out[i] = of[math.random(#of)]
                    if of == pieces then out[i] = out[i] .. quantifiers[math.random(#quantifiers)] end
                end
                return table.concat(out)
            end
            local function outcome(f, ...)
                local got = { pcall(f, ...) }
                if not got[1] then return "error" end
                for i = 1, #got do got[i] = tostring(got[i]) end
                return table.concat(got, "|")
            end
            local function all(gmatch, s, p)
                local out = {}
                for a, b in gmatch(s, p) do out[#out + 1] = tostring(a) .. "," .. tostring(b) end
                return table.concat(out, ";")
            end
            local function double(a) return a and tostring(a) .. "!" end
            for round = 1, 40000 do
                local s, p = any(octets, 8), any(pieces, 5)
                local init = math.random(-3, 6)
                local by = ({ "<%0>", "%1%%", double, { a = "A", ab = "AB", [1] = "one" }, "x" })[math.random(5)]
                local most = ({ false, 1, 2 })[math.random(3)] or nil
                local tried = {
                    { "find", c.find, bounded.find, s, p, init }, { "match", c.match, bounded.match, s, p, init },
                    { "gsub", c.gsub, bounded.gsub, s, p, by, most },
                    { "gmatch", function(...) return all(c.gmatch, ...) end,
                        function(...) return all(bounded.gmatch, ...) end, s, p },
                }
                -- Without any of these Lua looks for the text itself, and so does what is bounded.
                local special = c.find(p, "[%^%$%*%+%?%.%(%[%%%-]")
                for _, each in ipairs(special and tried or {}) do
                    local one = outcome(each[2], each[4], each[5], each[6], each[7])
                    local two = outcome(each[3], each[4], each[5], each[6], each[7])
                    if one ~= two then
                        error(each[1] .. " '" .. s .. "' '" .. p .. "' " .. tostring(each[6]) .. ": " .. one .. " but " .. two)
                    end
                end
            end
            """;

    private static String bounds() throws IOException {
        try (InputStream in = LuaScript.class.getResourceAsStream("bounds.lua")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void run(String script) {
        try (FilterHarness harness =
                LuaFilterTest.script("function envoy_on_request(h) " + script + " end").open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().began()).isTrue();
            assertThat(exchange.forwarded().header("x-end")).isNull();
            assertThat(harness.counter("http.test.lua.errors")).isEqualTo(1);
        }
    }

    private static String outcome(String code) {
        try (FilterHarness harness =
                LuaFilterTest.script(
                                "function envoy_on_request(h) local ok, value = pcall(function() "
                                        + code
                                        + " end) h:headers():add('x-value', tostring(value)) end")
                        .open()) {
            return String.valueOf(harness.get("/").forwarded().header("x-value"));
        }
    }

    /** The same as Lua's own, whatever the pattern: what matches, where, and what is an error. */
    @Test
    void theMatcherInLuaFindsWhatThatOfLuaFinds() throws IOException, LuaException {
        String always =
                bounds().replace("local MOST_STEPS = 3e8", "local MOST_STEPS = -1")
                        .replace("#s < 16", "false")
                        .replace("its.loops == 0 and its.choices < 12", "false");
        String library =
                "local c = { find = string.find, match = string.match, gsub = string.gsub,"
                        + " gmatch = string.gmatch }\ndo "
                        + MEMORY
                        + always
                        + " end\n"
                        + COMPARES
                        + " return function() return 0 end";
        new LuaState(library, "", "", "", () -> {}).close();
    }

    @Test
    @Timeout(30)
    void patternsThatTryEverythingAreEnded() {
        run("('a'):rep(100000):find(('.-'):rep(8) .. 'b') h:headers():add('x-end', '1')");
        run("('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(41)) h:headers():add('x-end', '1')");
        run("('a'):rep(3000):gsub('a*a*a*b', '') h:headers():add('x-end', '1')");
        run("for x in ('('):rep(1000000):gmatch('%b()') do end h:headers():add('x-end', '1')");
    }

    @Test
    void whatIsLongAndSimpleGoesOn() {
        assertThat(outcome("return #(('a'):rep(100000) .. 'k=v1;'):match('k=(%w+);')"))
                .isEqualTo("2");
        assertThat(outcome("return select(2, ('a,'):rep(50000):gsub('(%a),', '%1'))"))
                .isEqualTo("50000");
        assertThat(outcome("return #(' '):rep(2000):gsub('^%s*(.-)%s*$', '%1')")).isEqualTo("0");
    }

    @Test
    void memoryIsBounded() {
        run(
                "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(1e6 + #t) end)"
                        + " end");
        assertThat(outcome("return ('x'):rep(1e12)")).endsWith("resulting string too large");
        assertThat(outcome("return #('ab'):rep(3, ',')")).isIn("6", "8");
    }

    @Test
    void nothingWaitsForOthersOrEndsTheProcess() {
        for (String call : new String[] {"os.exit(1)", "os.execute('true')", "io.popen('true')"}) {
            assertThat(outcome("return " + call)).endsWith("is not to be had in a proxy");
        }
    }

    /** During a finalizer nobody could end a script. */
    @Test
    @Timeout(30)
    void scriptsHaveNoFinalizers() {
        String loop = ".__gc = function() while true do end end ";
        assertThat(outcome("getmetatable(newproxy(true))" + loop)).contains("newproxy makes no");
        assertThat(
                        outcome(
                                "getmetatable(h)"
                                        + loop
                                        + "getmetatable(io.stdout)"
                                        + loop
                                        + "local f = io.open('/dev/null') f = nil collectgarbage() collectgarbage() return 'on'"))
                .isEqualTo("on");
        assertThat(outcome("return debug.setmetatable or debug.getmetatable or debug.getregistry"))
                .isEqualTo("nil");
    }

    /** The state in which a script is tried is not left to the collector, whatever comes of it. */
    @Test
    void aStateGivesItsMemoryBackAtOnce() throws LuaException {
        AtomicInteger closed = new AtomicInteger();
        String library = "return function() return 0 end";
        try (LuaState state = new LuaState(library, "x = 1", "", "", closed::incrementAndGet)) {
            assertThat(closed).hasValue(0);
            state.close();
        }
        assertThat(closed).hasValue(1);
        assertThatThrownBy(
                        () -> new LuaState(library, "error('no')", "", "", closed::incrementAndGet))
                .isInstanceOf(LuaException.class);
        assertThat(closed).hasValue(2);
    }
}
