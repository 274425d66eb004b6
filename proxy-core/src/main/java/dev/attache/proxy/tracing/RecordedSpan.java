package dev.attache.proxy.tracing;

import java.util.ArrayList;
import java.util.List;

/**
 * A span as tracers keep it until it is sent: who it is and how it is written is theirs.
 * Loop-confined.
 */
public abstract class RecordedSpan implements Span {

    private static final int USUAL_TAGS = 24;

    /** Something that happened. */
    public record Event(long epochNanos, String name) {}

    private final long startNanos;
    private String operation;
    private boolean sampled;
    private boolean finished;
    private long endNanos;

    /** Names and values in turn. */
    private final List<String> tags = new ArrayList<>(USUAL_TAGS * 2);

    private List<Event> events = List.of();

    /**
     * @param epochNanos when it began
     */
    protected RecordedSpan(String operation, long epochNanos, boolean sampled) {
        this.operation = operation;
        this.startNanos = epochNanos;
        this.sampled = sampled;
    }

    /** It is over, and somebody wants it. */
    protected abstract void report();

    @Override
    public boolean isSampled() {
        return sampled;
    }

    @Override
    public void sampled(boolean value) {
        sampled = value;
    }

    @Override
    public void operation(String name) {
        operation = name;
    }

    public String operation() {
        return operation;
    }

    @Override
    public void tag(String name, String value) {
        if (!sampled || finished || name.isEmpty()) {
            return;
        }
        for (int i = 0; i < tags.size(); i += 2) {
            if (tags.get(i).equals(name)) {
                tags.set(i + 1, value);
                return;
            }
        }
        append(name, value);
    }

    /** For who keeps each word that is said under a name. */
    protected final void append(String name, String value) {
        if (sampled && !finished) {
            tags.add(name);
            tags.add(value);
        }
    }

    @Override
    public void event(long epochNanos, String name) {
        if (sampled && !finished) {
            if (events.isEmpty()) {
                events = new ArrayList<>();
            }
            events.add(new Event(epochNanos, name));
        }
    }

    @Override
    public void finish(long epochNanos) {
        if (finished) {
            return;
        }
        finished = true;
        endNanos = epochNanos;
        if (sampled) {
            report();
        }
    }

    public int tags() {
        return tags.size() / 2;
    }

    public String tagName(int index) {
        return tags.get(2 * index);
    }

    public String tagValue(int index) {
        return tags.get(2 * index + 1);
    }

    public List<Event> events() {
        return events;
    }

    /** Nanoseconds since 1970. */
    public long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since 1970. */
    public long endNanos() {
        return endNanos;
    }
}
