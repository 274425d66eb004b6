package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Labels that whoever makes a stat gives it, beside those that rules find in its name. In the name
 * they stand at the end, {@code .LABEL.VALUE} for each. Immutable.
 *
 * @param labels in order
 * @param suffix what they add to the name
 * @param complete rules look for no others, and fixed ones are not added
 */
public record StatLabels(List<Label> labels, String suffix, boolean complete) {

    public StatLabels {
        labels = List.copyOf(labels);
    }

    public static final StatLabels NONE = new StatLabels(List.of(), "", false);

    /** One of them. */
    public record Label(String name, String value) {}

    /**
     * @param pairs name and value of each
     * @throws IllegalArgumentException a value is missing, or a name is empty
     */
    public static StatLabels of(String... pairs) {
        if (pairs.length == 0) {
            return NONE;
        }
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "labels come in pairs of name and value: " + String.join(", ", pairs));
        }
        List<Label> labels = new ArrayList<>(pairs.length / 2);
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].isEmpty()) {
                throw new IllegalArgumentException("a label without a name");
            }
            labels.add(new Label(pairs[i], pairs[i + 1]));
            suffix.append('.').append(StatsStore.sanitize(pairs[i]));
            suffix.append('.').append(StatsStore.sanitize(pairs[i + 1]));
        }
        return new StatLabels(labels, suffix.toString(), false);
    }

    /**
     * All the labels that a stat has. Names and values stand in its name as they are, as Envoy
     * joins symbols: an empty value adds nothing.
     */
    public static StatLabels joined(List<Label> labels) {
        StringBuilder suffix = new StringBuilder();
        for (Label label : labels) {
            suffix.append('.').append(label.name());
            if (!label.value().isEmpty()) {
                suffix.append('.').append(label.value());
            }
        }
        return new StatLabels(labels, suffix.toString(), true);
    }
}
