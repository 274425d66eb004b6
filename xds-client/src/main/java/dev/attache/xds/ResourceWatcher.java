package dev.attache.xds;

import java.util.List;

/**
 * Receives the resources of one subscription. Implemented by whoever holds the resources; called on
 * the main loop only. An exception thrown out of an update counts as a rejection with its message.
 */
public interface ResourceWatcher {

    /**
     * State of the world: for a wildcard subscription the complete set (what is absent is removed),
     * for a subscription by name those of the named resources that the response carries (what is
     * absent is unchanged).
     *
     * @param version the response's version
     */
    UpdateOutcome onState(List<XdsResource> resources, String version);

    /**
     * A difference.
     *
     * @param changed resources that are new or changed
     * @param removed names of resources that are gone
     * @param version the control plane's system version, for display only
     */
    UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version);

    /**
     * As {@link #onState}, for one with much to do: it is asked for piece after piece, with other
     * tasks of the main loop in between.
     */
    default Takeover takeState(List<XdsResource> resources, String version) {
        return () -> onState(resources, version);
    }

    /** As {@link #onDelta}, piece by piece. */
    default Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        return () -> onDelta(changed, removed, version);
    }

    /** A response said only that what is held is still good. */
    default void onUnchanged(String version) {}

    /** The subscription failed for now; what is held stays valid. */
    void onFailure(FetchFailure reason, String detail);
}
