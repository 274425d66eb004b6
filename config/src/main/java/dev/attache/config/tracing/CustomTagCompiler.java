package dev.attache.config.tracing;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.tracing.CustomTag;
import dev.attache.proxy.tracing.CustomTag.Kind;
import dev.attache.proxy.tracing.CustomTag.Source;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.type.tracing.v3.CustomTag}; access log services take such tags, too. */
public final class CustomTagCompiler {
    private CustomTagCompiler() {}

    /**
     * Those of the field {@code custom_tags}; of two with one name the first holds, as in Envoy.
     */
    public static List<CustomTag> compile(
            List<io.envoyproxy.envoy.type.tracing.v3.CustomTag> tags, CompileContext context) {
        Map<String, CustomTag> byName = new LinkedHashMap<>();
        for (int i = 0; i < tags.size(); i++) {
            var tag = tags.get(i);
            Source source = source(tag, context.at("custom_tags", i));
            if (source != null) {
                byName.putIfAbsent(tag.getTag(), new CustomTag(Octets.of(tag.getTag()), source));
            }
        }
        return new ArrayList<>(byName.values());
    }

    private static @Nullable Source source(
            io.envoyproxy.envoy.type.tracing.v3.CustomTag tag, CompileContext context) {
        return switch (tag.getTypeCase()) {
            case LITERAL -> new CustomTag.Literal(Octets.of(tag.getLiteral().getValue()));
            case ENVIRONMENT -> {
                var variable = tag.getEnvironment();
                yield new CustomTag.Literal(
                        Octets.of(
                                context.settings()
                                        .environment()
                                        .getOrDefault(
                                                variable.getName(), variable.getDefaultValue())));
            }
            case REQUEST_HEADER ->
                    new CustomTag.Header(
                            HeaderName.of(tag.getRequestHeader().getName()),
                            Octets.of(tag.getRequestHeader().getDefaultValue()));
            case METADATA -> metadata(tag.getMetadata(), context.at("metadata"));
            case TYPE_NOT_SET -> {
                // A field newer than the class: the message's rules have seen that one is there.
                Formatter format =
                        SubstitutionFormats.parse(
                                Overlay.of(tag).text("value"), context.at("value"));
                yield format == null ? null : new CustomTag.Formatted(format);
            }
        };
    }

    private static @Nullable Source metadata(
            io.envoyproxy.envoy.type.tracing.v3.CustomTag.Metadata metadata,
            CompileContext context) {
        Kind kind = kind(metadata.getKind());
        if (kind == null) {
            context.at("kind").error("one of request, route, cluster and host must be set");
            return null;
        }
        MetadataKey key = metadata.getMetadataKey();
        List<String> path = new ArrayList<>(key.getPathCount());
        for (MetadataKey.PathSegment segment : key.getPathList()) {
            path.add(segment.getKey());
        }
        return new CustomTag.OfMetadata(
                kind, key.getKey(), path, Octets.of(metadata.getDefaultValue()));
    }

    private static @Nullable Kind kind(MetadataKind kind) {
        return switch (kind.getKindCase()) {
            case REQUEST -> Kind.REQUEST;
            case ROUTE -> Kind.ROUTE;
            case CLUSTER -> Kind.CLUSTER;
            case HOST -> Kind.HOST;
            case KIND_NOT_SET -> null;
        };
    }
}
