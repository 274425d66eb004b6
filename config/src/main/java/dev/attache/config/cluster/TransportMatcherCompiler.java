package dev.attache.config.cluster;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.matching.MatchTrees;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.proxy.upstream.spec.TransportSelection.Labels;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code transport_socket_matcher}: names one of {@code transport_socket_matches} by what endpoint
 * and locality carry. What connections of clients say is no input here: a host's transport socket
 * is chosen once, for all who use it.
 */
final class TransportMatcherCompiler {
    private static final String INPUTS =
            "envoy.extensions.matching.common_inputs.transport_socket.v3.";
    private static final String ENDPOINT = INPUTS + "EndpointMetadataInput";
    private static final String LOCALITY = INPUTS + "LocalityMetadataInput";
    private static final String NAME = INPUTS + "TransportSocketNameAction";

    private TransportMatcherCompiler() {}

    /** Null where there is none, or where it is wrong, which has been reported. */
    static @Nullable MatchTree<Labels, String> compile(Cluster cluster, CompileContext context) {
        Matcher matcher =
                Overlay.of(cluster)
                        .message("transport_socket_matcher", Matcher.getDefaultInstance());
        return matcher == null
                ? null
                : MatchTrees.of(TransportMatcherCompiler::input, TransportMatcherCompiler::action)
                        .compile(matcher, context.at("transport_socket_matcher"));
    }

    private static @Nullable String action(TypedExtensionConfig config, CompileContext context) {
        Overlay action = context.at("typed_config").overlay(config.getTypedConfig(), NAME);
        return action == null ? null : action.text("name");
    }

    private static @Nullable MatchInput<Labels> input(
            TypedExtensionConfig config, CompileContext context) {
        String type = TypeRegistry.nameOf(config.getTypedConfig().getTypeUrl());
        boolean ofEndpoint = type.equals(ENDPOINT);
        if (!ofEndpoint && !type.equals(LOCALITY)) {
            context.missing(config.getName(), type);
            return null;
        }
        Overlay input = context.at("typed_config").overlay(config.getTypedConfig(), type);
        if (input == null) {
            return null;
        }
        String namespace = input.text("filter");
        List<String> path = new ArrayList<>();
        for (Overlay segment : input.overlays("path")) {
            path.add(segment.text("key"));
        }
        List<String> keys = List.copyOf(path);
        return labels -> value(ofEndpoint ? labels.endpoint() : labels.locality(), namespace, keys);
    }

    /** Octets; whole numbers have no fraction, what is no scalar is JSON; null = nothing there. */
    private static @Nullable String value(Metadata metadata, String namespace, List<String> path) {
        MetadataValue value = metadata.get(namespace, path);
        return switch (value) {
            case null -> null;
            case MetadataValue.Text text -> text.value().isEmpty() ? null : Octets.of(text.value());
            case MetadataValue.Bool flag -> Boolean.toString(flag.value());
            case MetadataValue.Number number -> number(number.value());
            default -> {
                StringBuilder json = new StringBuilder();
                JsonText.append(json, value);
                yield Octets.of(json.toString());
            }
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : "%f".formatted(value);
    }
}
