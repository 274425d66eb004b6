package dev.attache.proxy.listener;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.IpRangeTrie;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way that {@link FilterChainIndex} has gone for one connection: at each step what was taken,
 * and which chains that still leads to. Decides nothing. Confined to who asks.
 */
final class ChainSearch {

    private record Step(String field, String taken, Predicate<FilterChainMatch> leads) {}

    private final List<Step> steps = new ArrayList<>();

    /**
     * @param field of the match that was looked at
     * @param asked what the connection has
     * @param taken which entry was taken, null: there is none
     * @param leads whether a chain is under that entry
     */
    void took(
            String field, String asked, @Nullable String taken, Predicate<FilterChainMatch> leads) {
        steps.add(
                new Step(
                        field,
                        "the connection has '"
                                + asked
                                + "', and "
                                + (taken == null
                                        ? "no chain that is left is for that or for any"
                                        : "the most specific entry for it is " + taken),
                        taken == null ? match -> false : leads));
    }

    /** The same of a table of ranges. */
    <T> void tookRange(
            String field,
            InetAddress asked,
            IpRangeTrie.@Nullable Node<T> node,
            boolean any,
            Ranges ranges) {
        String text = asked.getHostAddress();
        if (node == null) {
            took(field, text, any ? "any" : null, match -> ranges.of(match).isEmpty());
        } else {
            took(
                    field,
                    text,
                    "a range around it",
                    match -> ranges.of(match).stream().anyMatch(node::isOf));
        }
    }

    /** Which of a match's lists of ranges is meant. */
    interface Ranges {
        List<CidrRange> of(FilterChainMatch match);
    }

    /** At which step a chain was left behind; says nothing of one that was not. */
    void explain(FilterChainMatch match, Explanation into) {
        for (Step step : steps) {
            if (!step.leads().test(match)) {
                into.say("condition", step.field()).say("why", step.taken());
                return;
            }
        }
    }
}
