package dev.attache.proxy.engine;

import java.util.List;

/**
 * What became of a published snapshot. Listeners that failed keep their previous version, or stay
 * away; everything else serves.
 */
public record PublishResult(List<ListenerFailure> failures) {

    /** One listener that could not be put to work, in the words that a NACK carries. */
    public record ListenerFailure(String listener, String reason) {}

    public PublishResult {
        failures = List.copyOf(failures);
    }

    public boolean complete() {
        return failures.isEmpty();
    }
}
