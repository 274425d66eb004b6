package dev.attache.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import org.junit.jupiter.api.Test;

final class ExplanationTextTest {

    @Test
    void beginsWithTheWayInOneLine() {
        assertThat(ExplanationText.of(forwarded()))
                .startsWith(
                        "listener web > virtual host shop > route cart > cluster c > forwarded\n\n")
                .contains("not matched:\n  - name beta, condition method, found ''\n");
        assertThat(Outcome.word(forwarded())).isEqualTo(Outcome.ROUTED);
    }

    @Test
    void whatIsRefusedSaysByWhom() {
        Explanation said = new Explanation();
        said.part("listener").say("name", "web");
        said.part("outcome")
                .say("what", "answered by filter rbac")
                .say("status", 403)
                .say("details", "rbac_access_denied_matched_policy[p]");
        assertThat(ExplanationText.of(said))
                .startsWith(
                        "listener web > answered by filter rbac: 403"
                                + " rbac_access_denied_matched_policy[p]\n");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aRouteThatAnswersIsARoute() {
        Explanation said = new Explanation();
        said.part("route").say("found", true).say("action", "direct_response");
        said.part("outcome").say("what", "x").say("status", 200).say("details", "direct_response");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.ROUTED);
    }

    @Test
    void jsonKeepsTheOrderAndEscapesOctets() {
        Explanation said = new Explanation().say("b", "\u00e9\"").say("a", 1).say("c", true);
        said.item("list").say("x", "y");
        said.empty("none");
        assertThat(ExplanationJson.compact(said))
                .isEqualTo(
                        "{\"b\":\"\u00e9\\\"\",\"a\":1,\"c\":true,\"list\":[{\"x\":\"y\"}],\"none\":[]}");
        assertThat(ExplanationJson.pretty(said)).contains("\n \"a\": 1,\n").endsWith("}\n");
    }

    private static Explanation forwarded() {
        Explanation said = new Explanation();
        said.part("listener").say("name", "web");
        said.part("virtual_host").say("name", "shop");
        said.item("not_matched").say("name", "beta").say("condition", "method").say("found", "");
        said.part("route").say("found", true).say("name", "cart");
        said.part("cluster").say("name", "c");
        said.part("outcome").say("what", "forwarded").say("cluster", "c");
        return said;
    }
}
