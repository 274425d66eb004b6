package dev.attache.server.review.dryrun;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Refusals;
import dev.attache.config.SourceMap;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.load.tree.ConfigNode;
import dev.attache.config.load.tree.SyntaxException;
import dev.attache.config.load.tree.YamlReader;
import dev.attache.server.review.Given;
import dev.attache.server.review.Place;
import dev.attache.xds.ResourceType;
import dev.attache.xds.XdsResource;
import dev.attache.xds.mux.Decoder;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the body of a dry run: YAML or JSON of a bootstrap, of a {@code DiscoveryResponse} (it has
 * {@code resources}), or of one resource (it has {@code @type}, or the request says its type).
 * Pure.
 */
final class SentReader {

    static final Map<String, ResourceType> TYPES =
            Map.of(
                    "cds", ResourceType.CLUSTER,
                    "eds", ResourceType.ENDPOINT,
                    "lds", ResourceType.LISTENER,
                    "rds", ResourceType.ROUTE,
                    "sds", ResourceType.SECRET,
                    "ecds", ResourceType.EXTENSION_CONFIG);

    private static final String NAME = "body";

    private final TypeRegistry types;
    private final UnknownFieldPolicy unknown;

    SentReader(TypeRegistry types, UnknownFieldPolicy unknown) {
        this.types = types;
        this.unknown = unknown;
    }

    /**
     * Reads a body.
     *
     * @param type short name of the resource's type where the body does not say it; empty else
     * @throws IllegalArgumentException naming what cannot be read, and where
     */
    Sent read(String body, String type) {
        ConfigNode root;
        try {
            root = YamlReader.read(NAME, body);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(e.position() + ": " + e.text(), e);
        }
        if (!(root instanceof ConfigNode.Mapping mapping)) {
            throw new IllegalArgumentException(
                    "the body is neither a bootstrap, nor a discovery response, nor a resource");
        }
        if (mapping.get("resources") != null) {
            return response(load(body, DiscoveryResponse.getDefaultInstance()), type, true);
        }
        ResourceType known = mapping.get("@type") == null ? TYPES.get(type) : null;
        if (mapping.get("@type") == null && known == null) {
            return new Sent.Whole(load(body, Bootstrap.getDefaultInstance()));
        }
        return response(
                load(
                        alone(body.strip(), known == null ? "" : known.typeUrl()),
                        DiscoveryResponse.getDefaultInstance()),
                type,
                false);
    }

    /**
     * A resource as the only one of a response.
     *
     * @param url of its type, where it does not say it
     */
    private static String alone(String body, String url) {
        String said = url.isEmpty() ? "" : "\"@type\": \"" + url + "\"";
        if (body.startsWith("{")) {
            String rest = body.substring(1);
            boolean more = !said.isEmpty() && !rest.strip().startsWith("}");
            return "{\"resources\": [{" + said + (more ? ", " : "") + rest + "]}";
        }
        return "resources:\n-\n  " + (said + "\n" + body).strip().replace("\n", "\n  ");
    }

    private <T extends Message> LoadedConfig<T> load(String text, T prototype) {
        return required(new ConfigLoader(types, unknown).yaml(text, NAME, prototype, NAME));
    }

    private static <T extends Message> LoadedConfig<T> required(Compiled<LoadedConfig<T>> read) {
        if (read instanceof Compiled.Rejected<LoadedConfig<T>> rejected) {
            throw new IllegalArgumentException(Refusals.text(rejected.errors()));
        }
        return read.orThrow();
    }

    /**
     * @param all whether a response was sent, whose lines are those of the body
     */
    private static Sent response(LoadedConfig<DiscoveryResponse> loaded, String type, boolean all) {
        DiscoveryResponse response = loaded.message();
        ResourceType of = typeOf(response, type);
        SourceMap positions = all ? loaded.positions() : SourceMap.NONE;
        List<Given> resources = new ArrayList<>();
        for (int i = 0; i < response.getResourcesCount(); i++) {
            Any any = response.getResources(i);
            DiscoveryResponse alone =
                    DiscoveryResponse.newBuilder()
                            .setTypeUrl(of.typeUrl())
                            .addResources(any)
                            .build();
            try {
                for (XdsResource each : Decoder.state(alone, "").resources()) {
                    Place place =
                            new Place(
                                    Given.noun(of) + " '" + each.name() + "'",
                                    "",
                                    positions,
                                    "resources[" + i + "]");
                    resources.add(new Given(each.name(), each.body().getValue(), place));
                }
            } catch (Decoder.Malformed e) {
                throw new IllegalArgumentException("resources[" + i + "]: " + e.getMessage(), e);
            }
        }
        return new Sent.Resources(of, resources, all);
    }

    private static ResourceType typeOf(DiscoveryResponse response, String type) {
        String url =
                !response.getTypeUrl().isEmpty() || response.getResourcesCount() == 0
                        ? response.getTypeUrl()
                        : response.getResources(0).getTypeUrl();
        for (Map.Entry<String, ResourceType> each : TYPES.entrySet()) {
            if (each.getValue().typeUrl().equals(url)
                    || url.isEmpty() && each.getKey().equals(type)) {
                return each.getValue();
            }
        }
        throw new IllegalArgumentException(
                url.isEmpty()
                        ? "an empty response says its type by type_url"
                        : "'" + url + "' is none of cds, eds, lds, rds, sds, ecds");
    }
}
