package dev.attache.server.review;

import com.google.protobuf.Any;
import dev.attache.config.Compiled;
import dev.attache.config.load.LoadedConfig;
import dev.attache.xds.ResourceType;
import dev.attache.xds.XdsResource;
import dev.attache.xds.mux.Decoder;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that holds a {@code DiscoveryResponse}, read for one type of resources, with the places of
 * what it holds. One thread.
 */
final class DiscoveryFile {

    private static final String WRAPPER = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private final ResourceType type;
    private final Place place;
    private final boolean readable;
    private final List<Given> resources = new ArrayList<>();

    /** Those that nobody has asked for. */
    private final Map<Given, Boolean> unasked = new LinkedHashMap<>();

    /**
     * @param loaded the file as it was read
     * @param into hears what is wrong with it
     */
    DiscoveryFile(
            ResourceType type,
            Compiled<LoadedConfig<DiscoveryResponse>> loaded,
            Configuration into) {
        this.type = type;
        loaded.errors().forEach(into::error);
        loaded.warnings().forEach(into::warn);
        this.readable = loaded instanceof Compiled.Ok;
        if (!readable) {
            this.place = Place.ofResource("");
            return;
        }
        LoadedConfig<DiscoveryResponse> content = loaded.orThrow();
        this.place = new Place("discovery response", "", content.positions(), "");
        for (int i = 0; i < content.message().getResourcesCount(); i++) {
            read(content, i, into);
        }
        resources.forEach(each -> unasked.put(each, true));
    }

    private void read(LoadedConfig<DiscoveryResponse> content, int index, Configuration into) {
        Any body = content.message().getResources(index);
        String path = "resources[" + index + "]";
        DiscoveryResponse alone =
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(type.typeUrl())
                        .setVersionInfo(content.message().getVersionInfo())
                        .addResources(body)
                        .build();
        try {
            for (XdsResource each : Decoder.state(alone, "").resources()) {
                String inFile = body.getTypeUrl().equals(WRAPPER) ? path + ".resource" : path;
                resources.add(
                        new Given(
                                each.name(),
                                each.body().getValue(),
                                new Place(
                                        Given.noun(type) + " '" + each.name() + "'",
                                        "",
                                        content.positions(),
                                        inFile)));
            }
        } catch (Decoder.Malformed e) {
            into.error(place.error(path, String.valueOf(e.getMessage())));
        }
    }

    /** All that it holds. */
    List<Given> all() {
        unasked.clear();
        return resources;
    }

    /** The resource of a name, as a subscription that asks for it would get it. */
    List<Given> named(String name, Configuration into) {
        List<Given> found =
                resources.stream().filter(each -> each.name().equals(name)).limit(1).toList();
        found.forEach(unasked::remove);
        if (found.isEmpty() && readable) {
            if (resources.isEmpty()) {
                empty(name, into);
            } else {
                into.error(place.error("resources[0]", unexpected(name)));
            }
        }
        return found;
    }

    /** Whoever asks waits, in Envoy as here, until it is written: nothing is refused at a start. */
    private void empty(String name, Configuration into) {
        String what = "there will be no " + Given.noun(type) + " '" + name + "'";
        into.warn(place.warning("", "the file has no resources: " + what, "write it there"));
    }

    private String unexpected(String name) {
        String found = resources.getFirst().name();
        return switch (type.shortName()) {
            case "rds" -> "Unexpected RDS configuration (expecting %s): %s".formatted(name, found);
            case "eds" -> "Unexpected EDS cluster (expecting %s): %s".formatted(name, found);
            case "sds" -> "Unexpected SDS secret (expecting %s): %s".formatted(name, found);
            default -> "Unexpected resource (expecting %s): %s".formatted(name, found);
        };
    }

    /** Warns of what nobody has asked for. */
    void warnOfUnasked(Configuration into) {
        for (Given each : unasked.keySet()) {
            into.warn(
                    each.place()
                            .warning(
                                    "",
                                    "nobody asks for this resource",
                                    "name it where it is to be used, or take it out"));
        }
    }
}
