package dev.attache.server.review.dryrun;

import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Discovery;
import dev.attache.server.review.Given;
import dev.attache.server.review.Place;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resources that a proxy has of control planes and files, by type and name, whoever they came
 * from. Taken on the main loop, where it costs a look at each; immutable from then on.
 */
final class HeldDiscovery implements Discovery {

    private final Map<ResourceType, Map<String, Given>> held;

    private HeldDiscovery(Map<ResourceType, Map<String, Given>> held) {
        this.held = held;
    }

    /** What a plane has now: the newest version of each. */
    static HeldDiscovery of(ConfigPlane plane) {
        Map<ResourceType, Map<String, Given>> held = new HashMap<>();
        put(held, ResourceType.CLUSTER, plane.clusters().stored());
        put(held, ResourceType.LISTENER, plane.listeners().stored());
        put(held, ResourceType.ROUTE, plane.routes().stored());
        put(held, ResourceType.ENDPOINT, plane.endpoints().stored());
        put(held, ResourceType.SECRET, secrets(plane));
        List<StoredResource> filters = new ArrayList<>();
        plane.extensions().stored().values().forEach(filters::addAll);
        put(held, ResourceType.EXTENSION_CONFIG, filters);
        return new HeldDiscovery(held);
    }

    /** Of one that has not come yet the store shows the name alone. */
    private static List<StoredResource> secrets(ConfigPlane plane) {
        return plane.secrets().stored().stream().filter(each -> each.active() != null).toList();
    }

    private static void put(
            Map<ResourceType, Map<String, Given>> held,
            ResourceType type,
            List<StoredResource> stored) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (StoredResource each : stored) {
            StoredVersion newest = each.warming() != null ? each.warming() : each.active();
            if (newest != null && !each.isStatic()) {
                Place place = Place.ofResource(Given.noun(type) + " '" + each.name() + "'");
                given.put(each.name(), new Given(each.name(), newest.body().getValue(), place));
            }
        }
        held.put(type, given);
    }

    /**
     * As it is once a control plane has sent some more.
     *
     * @param all whether these are all that there are of the type
     */
    HeldDiscovery with(ResourceType type, List<Given> sent, boolean all) {
        Map<ResourceType, Map<String, Given>> next = new HashMap<>(held);
        Map<String, Given> ofType =
                all
                        ? new LinkedHashMap<>()
                        : new LinkedHashMap<>(held.getOrDefault(type, Map.of()));
        sent.forEach(each -> ofType.put(each.name(), each));
        next.put(type, ofType);
        return new HeldDiscovery(next);
    }

    @Override
    public @Nullable List<Given> find(
            ResourceType type, String name, ConfigSource source, Configuration into) {
        Map<String, Given> ofType = held.getOrDefault(type, Map.of());
        if (name.isEmpty()) {
            return List.copyOf(ofType.values());
        }
        Given found = ofType.get(name);
        return found == null ? null : List.of(found);
    }

    @Override
    public boolean brings(ResourceType type) {
        return !held.getOrDefault(type, Map.of()).isEmpty();
    }

    @Override
    public void endOfQuestions(Configuration into) {
        // What nobody asks for any more is told where both configurations are compared.
    }
}
