package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.XdsClient;
import java.util.List;
import java.util.Set;

/**
 * What a bootstrap extension wants of a control plane: all resources of its kind. Main loop only.
 */
final class ProcessResources implements ResourceWatcher {
    private static final String URL = "type.googleapis.com/";

    private final ProcessSubscription extension;

    private ProcessResources(ProcessSubscription extension) {
        this.extension = extension;
    }

    /** Throws {@link dev.attache.xds.client.ConfigSourceException} if its source cannot be used. */
    static void subscribe(ProcessSubscription extension, XdsClient xds, StatsStore stats) {
        Scope scope = stats.scope(extension.statPrefix());
        extension.start(scope);
        xds.subscribe(
                extension.source(),
                ResourceType.overAds(URL + extension.messageType()),
                Set.of(),
                new ProcessResources(extension),
                new ScopedSubscriptionStats(scope));
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        extension.replace(bodies(resources));
        return UpdateOutcome.ACCEPTED;
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        extension.change(bodies(changed), removed);
        return UpdateOutcome.ACCEPTED;
    }

    private static List<ByteString> bodies(List<XdsResource> resources) {
        return resources.stream().map(resource -> resource.body().getValue()).toList();
    }

    /** What is known stays. */
    @Override
    public void onFailure(FetchFailure reason, String detail) {}
}
