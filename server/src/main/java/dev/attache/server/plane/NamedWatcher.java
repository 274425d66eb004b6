package dev.attache.server.plane;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one resource by name. Absence and removal take nothing away: the last configuration stays
 * in use.
 */
abstract class NamedWatcher implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final String name;

    NamedWatcher(String name) {
        this.name = name;
    }

    /** The resource has arrived, changed or not. */
    abstract Takeover take(XdsResource resource);

    /**
     * A response came that holds nothing, or only says that the resource is no more. Whoever waits
     * for its first version waits no longer.
     */
    abstract UpdateOutcome onNothing(boolean removed);

    /** Nothing usable came so far, and it shall not be waited for any longer. */
    abstract void onGivenUp();

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        return takeState(resources, version).finish();
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeDelta(changed, removed, version).finish();
    }

    @Override
    public Takeover takeState(List<XdsResource> resources, String version) {
        return resources.isEmpty() ? () -> onNothing(false) : own(resources);
    }

    @Override
    public Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        for (String gone : removed) {
            LOG.debug(
                    "the control plane attempts to remove {}, which is in use here. Ignoring.",
                    gone);
        }
        return changed.isEmpty() ? () -> onNothing(!removed.isEmpty()) : own(changed);
    }

    private Takeover own(List<XdsResource> resources) {
        for (XdsResource resource : resources) {
            if (resource.name().equals(name)) {
                return take(resource);
            }
        }
        return () -> UpdateOutcome.ACCEPTED;
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        if (reason != FetchFailure.CONNECTION) {
            onGivenUp();
        }
    }
}
