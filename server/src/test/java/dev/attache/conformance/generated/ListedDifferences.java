package dev.attache.conformance.generated;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Differences that do not fail a seed. {@code meant.yaml} lists those that stay, each with its
 * reason and the row of docs/compatibility.md that says so; {@code open.yaml} those that should go.
 */
final class ListedDifferences {
    /** Rules by the area they hold in; an empty area means everywhere. */
    private record Rule(String area, Pattern line) {}

    private final List<Rule> rules;

    private ListedDifferences(List<Rule> rules) {
        this.rules = rules;
    }

    static ListedDifferences read(String name) throws IOException {
        Path directory = Peers.root().resolve("server/src/test/resources/conformance/generated");
        Path file = directory.resolve(name);
        return new ListedDifferences(
                Tree.list(Tree.parse(Files.readString(file))).stream()
                        .map(Tree::map)
                        .map(ListedDifferences::rule)
                        .toList());
    }

    private static Rule rule(Map<String, Object> spec) {
        if (Tree.text(spec.get("reason"), "").isBlank()) {
            throw new IllegalArgumentException("a listed difference needs a reason: " + spec);
        }
        return new Rule(
                Tree.text(spec.get("area"), ""), Pattern.compile(Tree.text(spec.get("line"), "")));
    }

    /** Whether a finding of a case of this area is one of them. */
    boolean cover(String area, Finding finding) {
        return rules.stream()
                .anyMatch(r ->
                        (r.area().isEmpty() || r.area().equals(area))
                                && r.line().matcher(finding.toString()).matches());
    }
}
