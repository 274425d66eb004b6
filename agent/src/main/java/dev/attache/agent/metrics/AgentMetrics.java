package dev.attache.agent.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The agent's metrics. Names are those of Istio's agent without the prefix {@code istio_agent_},
 * which printing adds; no library of the field prints a counter without {@code _total} behind its
 * name, as they do. Any thread; counting takes no lock.
 */
public final class AgentMetrics {

    private final ConcurrentMap<String, Family> families = new ConcurrentHashMap<>();

    /** A counter or sum of the family, with at most one label; made at first use. */
    public DoubleAdder counter(String name, String help, @Nullable String label, String value) {
        return (DoubleAdder)
                family(name, help, "counter")
                        .cells
                        .computeIfAbsent(labels(label, value), ignored -> new DoubleAdder());
    }

    /** A counter without labels. */
    public DoubleAdder counter(String name, String help) {
        return counter(name, help, null, "");
    }

    /** What is asked when metrics are printed; replaces what was there. */
    public void gauge(
            String name, String help, @Nullable String label, String value, DoubleSupplier now) {
        family(name, help, "gauge").cells.put(labels(label, value), now);
    }

    /**
     * Observations in buckets; made at first use.
     *
     * @param bounds of the buckets, ascending; none are those of Go's client
     */
    public Histogram histogram(String name, String help, double... bounds) {
        return (Histogram)
                family(name, help, "histogram")
                        .cells
                        .computeIfAbsent("", ignored -> new Histogram(bounds));
    }

    /** All of it in Prometheus' text format, families by name. */
    public String print() {
        StringBuilder out = new StringBuilder();
        new TreeMap<>(families)
                .forEach((name, family) -> {
                    String full = "istio_agent_" + name;
                    out.append("# HELP ").append(full).append(' ').append(family.help).append('\n');
                    out.append("# TYPE ").append(full).append(' ').append(family.type).append('\n');
                    new TreeMap<>(family.cells)
                            .forEach((labels, cell) -> print(out, full, labels, cell));
                });
        return out.toString();
    }

    private Family family(String name, String help, String type) {
        Family family = families.computeIfAbsent(name, ignored -> new Family(help, type));
        if (!family.type.equals(type)) {
            throw new IllegalArgumentException(name + " is a " + family.type + ", not a " + type);
        }
        return family;
    }

    private static void print(StringBuilder out, String name, String labels, Object cell) {
        switch (cell) {
            case DoubleAdder sum -> line(out, name, labels, sum.sum());
            case DoubleSupplier now -> line(out, name, labels, now.getAsDouble());
            case Histogram histogram -> histogram.print(out, name);
            default -> throw new IllegalStateException(name + " has a cell of no kind");
        }
    }

    private static void line(StringBuilder out, String name, String labels, double value) {
        out.append(name).append(labels).append(' ').append(number(value)).append('\n');
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String labels(@Nullable String label, String value) {
        if (label == null) {
            return "";
        }
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return "{" + label + "=\"" + escaped + "\"}";
    }

    private record Family(String help, String type, Map<String, Object> cells) {
        Family(String help, String type) {
            this(help, type, new ConcurrentHashMap<>());
        }
    }
}
