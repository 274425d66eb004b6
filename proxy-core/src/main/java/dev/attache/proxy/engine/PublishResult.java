package dev.attache.proxy.engine;

import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/**
 * What became of a published snapshot. Listeners that failed keep their previous version, or stay
 * away; everything else serves.
 */
public record PublishResult(List<ListenerFailure> failures) {

    /** Nothing failed. */
    public static final PublishResult COMPLETE = new PublishResult(List.of());

    /**
     * One listener that could not be put to work, in the words that a NACK carries.
     *
     * @param version what failed
     */
    public record ListenerFailure(ListenerSpec version, String reason) {

        public String listener() {
            return version.name();
        }
    }

    public PublishResult {
        failures = List.copyOf(failures);
    }

    public boolean complete() {
        return failures.isEmpty();
    }
}
