package dev.attache.conformance;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy's own log says at debug and trace, cut down to what a reader looks for: the
 * component, whether the line names its connection and stream, and the part of the message that the
 * case asks for. File names, thread ids and the numbers of connections are nobody's business.
 */
final class ProcessLog {

    private static final Pattern LINE =
            Pattern.compile("^\\[[^]]*]\\[\\d+]\\[(?:debug|trace)]\\[(\\w+)] \\[[^]]*] (.*)$");
    private static final Pattern TAGS =
            Pattern.compile("^\\[Tags: \"ConnectionId\":\"\\d+\"(,\"StreamId\":\"\\d+\")?] ");
    private static final long PATIENCE_MILLIS = 3_000;

    private final CaseRun run;
    private final ProxyProcess proxy;
    private final List<Pattern> wanted;

    ProcessLog(CaseRun run, ProxyProcess proxy) {
        this.run = run;
        this.proxy = proxy;
        this.wanted =
                Tree.strings(run.spec().get("process_log")).stream().map(Pattern::compile).toList();
    }

    /**
     * Adds the facts to what was observed, one observation per component.
     *
     * @param expected what another proxy was seen to do; lines are waited for until they agree
     */
    void collect(@Nullable Observation expected) throws IOException, InterruptedException {
        if (wanted.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        Map<String, String> facts = facts();
        while (System.nanoTime() < deadline
                && (expected == null ? facts.isEmpty() : !agree(expected, facts))) {
            Thread.sleep(50);
            facts = facts();
        }
        facts.forEach(run.observation()::put);
    }

    private static boolean agree(Observation expected, Map<String, String> facts) {
        return expected.asMap().entrySet().stream()
                .filter(e -> e.getKey().startsWith("process log "))
                .allMatch(e -> e.getValue().equals(facts.get(e.getKey())));
    }

    private Map<String, String> facts() throws IOException {
        return proxy.log()
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> Map.entry("process log " + line.group(1), fact(line.group(2))))
                .filter(fact -> !fact.getValue().isEmpty())
                .collect(
                        Collectors.groupingBy(
                                Map.Entry::getKey,
                                Collectors.mapping(Map.Entry::getValue, Collectors.joining("\n"))));
    }

    private String fact(String message) {
        Matcher tags = TAGS.matcher(message);
        boolean tagged = tags.find();
        String rest = tagged ? message.substring(tags.end()) : message;
        String tag = !tagged ? "" : tags.group(1) == null ? "[C] " : "[C][S] ";
        for (Pattern each : wanted) {
            Matcher found = each.matcher(rest);
            if (found.lookingAt()) {
                return tag + run.normaliser().text(found.group());
            }
        }
        return "";
    }
}
