package dev.attache.conformance.generated;

import dev.attache.conformance.Observation;
import java.util.ArrayList;
import java.util.List;

/**
 * One line that only one of the two proxies showed.
 *
 * @param at which observation: an exchange, a message at an upstream, a log line, statistics
 * @param line what was seen, with {@code -} before it where only Envoy did, {@code +} where only
 *     the other did
 */
record Finding(String at, String line) {

    /** Every line in which two observations of one case differ. */
    static List<Finding> of(Observation envoy, Observation other) {
        List<Finding> findings = new ArrayList<>();
        for (Observation.Difference d : envoy.differencesFrom(other)) {
            String at = d.at().startsWith("stat ") ? "stat" : d.at();
            List<String> left = new ArrayList<>(d.expected().lines().toList());
            List<String> right = new ArrayList<>(d.actual().lines().toList());
            for (String line : List.copyOf(left)) {
                if (right.remove(line)) {
                    left.remove(line);
                }
            }
            left.forEach(line -> findings.add(new Finding(at, "- " + line)));
            right.forEach(line -> findings.add(new Finding(at, "+ " + line)));
            if (left.isEmpty() && right.isEmpty()) {
                findings.add(new Finding(at, "  the same lines in another order"));
            }
        }
        return findings;
    }

    @Override
    public String toString() {
        return at + " " + line;
    }
}
